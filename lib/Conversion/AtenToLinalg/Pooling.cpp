//===- Pooling.cpp - lowerings: windows over images -------------------------===//
//
// As convolutions, pools work with channels last; what is outside is a border of
// values that do not count. A pool over all of space is a sum.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"

#include "Checks.h"
#include "Patterns.h"
#include "PoolWindows.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

/// An image [N, space..., C] and how it came from an operand [N, C, space...] or [C, space...], of which a single dim
/// of space got another one of size one before it.
class Image {
public:
  Image(ShapeBuilder &shapes, ShapedValue source, int64_t space) : shapes(shapes), space(space) {
    SmallVector<AffineExpr> dims = source.dims;
    if (source.rank() == space + 1)
      dims.insert(dims.begin(), shapes.expr(1));
    if (space == 1)
      dims.insert(dims.begin() + 2, shapes.expr(1));
    source = shapes.reshape(source, dims);
    SmallVector<int64_t> permutation = {0};
    for (int64_t i = 2; i < source.rank(); ++i)
      permutation.push_back(i);
    permutation.push_back(1);
    value = shapes.transpose(source, permutation);
  }

  /// Brings a result into the order and rank of the operand.
  ShapedValue restore(const ShapedValue &result, ArrayRef<AffineExpr> dims) {
    SmallVector<int64_t> permutation = {0, result.rank() - 1};
    for (int64_t i = 1; i < result.rank() - 1; ++i)
      permutation.push_back(i);
    return shapes.reshape(shapes.transpose(result, permutation), dims);
  }

  /// The dims of a result with the given sizes of space, of which there are as many as the operand has.
  SmallVector<AffineExpr> withSpace(ArrayRef<AffineExpr> sizes) {
    SmallVector<AffineExpr> dims = {value.dims.front()};
    if (space == 1)
      dims.push_back(shapes.expr(1));
    llvm::append_range(dims, sizes);
    dims.push_back(value.dims.back());
    return dims;
  }

  ShapeBuilder &shapes;
  int64_t space;
  ShapedValue value;
};

struct PoolParameters {
  SmallVector<int64_t> window, stride, padding, dilation;
  bool ceil = false;
};

/// The lists of a pool as numbers.
std::optional<PoolParameters> getParameters(Value window, Value stride, Value padding, Value dilation, Value ceilMode) {
  StaticFacts facts;
  PoolParameters result;
  auto read = [&](Value list, SmallVectorImpl<int64_t> &values) {
    std::optional<SmallVector<int64_t>> known = facts.getConstantIntList(list);
    if (!known)
      return false;
    values.assign(known->begin(), known->end());
    return true;
  };
  std::optional<bool> ceil = facts.getBool(ceilMode);
  if (!ceil || !read(window, result.window) || !read(stride, result.stride) || !read(padding, result.padding) ||
      (dilation && !read(dilation, result.dilation)))
    return std::nullopt;
  result.ceil = *ceil;
  size_t space = result.window.size();
  if (result.stride.empty())
    result.stride = result.window;
  for (SmallVector<int64_t> *list : {&result.stride, &result.padding, &result.dilation})
    list->resize(space, list->empty() ? 1 : list->front());
  return result;
}

/// A pool as a named op over an image with a border.
template <typename Op2D, typename Op3D>
ShapedValue buildPool(ShapeBuilder &shapes, Image &image, PoolParameters parameters, ArrayRef<AffineExpr> space,
                      double outside) {
  Type dtype = getAccumulatorDtype(image.value.dtype);
  // The border after the image is as wide as the last window needs; with an unknown size, as wide as it may need.
  SmallVector<int64_t> low = {0}, high = {0};
  if (image.space == 1) {
    low.push_back(0);
    high.push_back(0);
  }
  for (size_t i = 0; i < parameters.window.size(); ++i) {
    int64_t extent = (parameters.window[i] - 1) * parameters.dilation[i] + 1, padding = parameters.padding[i];
    std::optional<int64_t> count = getConstant(space[i]), size = image.value.size(low.size());
    int64_t after = padding + (parameters.ceil ? parameters.stride[i] - 1 : 0);
    if (count && size)
      after = std::max<int64_t>((*count - 1) * parameters.stride[i] + extent - *size - padding, 0);
    low.push_back(padding);
    high.push_back(after);
  }
  low.push_back(0);
  high.push_back(0);
  if (image.space == 1)
    for (SmallVector<int64_t> *list : {&parameters.window, &parameters.stride, &parameters.dilation})
      list->insert(list->begin(), 1);
  ShapedValue padded = shapes.pad(shapes.convert(image.value, dtype), low, high, outside);
  SmallVector<AffineExpr> dims = image.withSpace(space);
  Value init = shapes.filled(dtype, shapes.sizesOf(dims, {}), outside);
  SmallVector<AffineExpr> windowDims =
      llvm::map_to_vector(parameters.window, [&](int64_t size) { return shapes.expr(size); });
  Value window = shapes.empty(dtype, shapes.sizesOf(windowDims, {}));
  Attribute strides = shapes.builder.getI64TensorAttr(parameters.stride);
  Attribute dilations = shapes.builder.getI64TensorAttr(parameters.dilation);
  auto create = [&](auto tag) -> Value {
    using Op = typename decltype(tag)::type;
    return Op::create(shapes.builder, shapes.loc, TypeRange(init.getType()), ValueRange{padded.value, window},
                      ValueRange(init), strides, dilations)
        ->getResult(0);
  };
  Value result = parameters.window.size() == 2 ? create(std::common_type<Op2D>()) : create(std::common_type<Op3D>());
  return {result, dtype, dims};
}

/// The windows of a maximum pool, with indices or without; nothing where run time has to measure them.
template <typename Op> std::optional<PoolParameters> getMaxPoolParameters(Op op, const ShapedValue &result) {
  if (llvm::is_contained(result.dims, AffineExpr()))
    return std::nullopt;
  return getParameters(op.getKernelSize(), op.getStride(), op.getPadding(), op.getDilation(), op.getCeilMode());
}

/// A maximum pool that run time measures.
template <typename Op>
FailureOr<std::pair<ShapedValue, ShapedValue>> findLargest(ShapeBuilder &shapes, Op op, const ShapedValue &source,
                                                           const ShapedValue &result) {
  auto pool = MeasuredPool::get(shapes, op, source, op.getKernelSize(), op.getStride(), op.getPadding(),
                                op.getDilation(), op.getCeilMode());
  if (failed(pool))
    return failure();
  pool->check();
  return pool->findLargest(result.dims);
}

/// Raises LibTorch's error where an input is empty, or too small for a window.
void checkWindows(ShapeBuilder &shapes, Operation *op, const ShapedValue &source, const ShapedValue &result,
                  const PoolParameters &parameters) {
  int64_t space = parameters.window.size(), first = source.rank() - space;
  SmallVector<OpFoldResult> before = shapes.sizesOf(source), after = shapes.sizesOf(result.dims, {});
  if (Value isEmpty = space < 3 ? findSmaller(shapes, ArrayRef(before).take_back(space + 1), 1) : Value())
    raiseIf(shapes, isEmpty, getEmptyInputForm(op, space, source.rank()), getNumbers(shapes, before));
  Value isTooSmall = findSmaller(shapes, ArrayRef(after).take_back(space), 1);
  if (!isTooSmall)
    return;
  PoolMisfit misfit = getPoolMisfit(op, space);
  SmallVector<Value> shown;
  for (auto [kind, i] : misfit.shown)
    shown.push_back(kind == PoolMisfit::Input    ? shapes.asIndex(before[first + i])
                    : kind == PoolMisfit::Output ? shapes.asIndex(after[first + i])
                                                 : shapes.index(parameters.window[i]));
  raiseIf(shapes, isTooSmall, misfit.form, shown);
}

SmallVector<WindowRange> getRanges(OpBuilder &builder, const PoolParameters &parameters) {
  SmallVector<WindowRange> ranges(parameters.window.size());
  for (auto [i, range] : llvm::enumerate(ranges)) {
    range.step = builder.getIndexAttr(parameters.dilation[i]);
    range.length = builder.getIndexAttr(parameters.window[i]);
    range.start = [stride = parameters.stride[i], padding = parameters.padding[i]](OpBuilder &b, Location l,
                                                                                   Value place) -> Value {
      Value scaled = arith::MulIOp::create(b, l, place, arith::ConstantIndexOp::create(b, l, stride));
      return arith::SubIOp::create(b, l, scaled, arith::ConstantIndexOp::create(b, l, padding));
    };
  }
  return ranges;
}

struct MaxPoolLowering : OpConversionPattern<MaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(MaxPoolOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<PoolParameters> parameters = getMaxPoolParameters(op, result);
    if (!parameters) {
      auto found = findLargest(shapes, op, source, result);
      if (failed(found))
        return failure();
      rewriter.replaceOp(op, toResult(shapes, found->first, op.getResult()));
      return success();
    }
    checkWindows(shapes, op, source, result, *parameters);
    // Operators of linalg compare signed numbers.
    if (source.dtype.isUnsignedInteger()) {
      auto [largest, indices] = buildIndexedPool(shapes, source, result.dims, shapes.sizesOf(result.dims, {}),
                                                 getRanges(rewriter, *parameters));
      rewriter.replaceOp(op, toResult(shapes, largest, op.getResult()));
      return success();
    }
    int64_t space = parameters->window.size();
    Image image(shapes, source, space);
    ShapedValue pooled = buildPool<linalg::PoolingNhwcMaxOp, linalg::PoolingNdhwcMaxOp>(
        shapes, image, *parameters, ArrayRef(result.dims).take_back(space), getLowest(source.dtype));
    rewriter.replaceOp(op, toResult(shapes, image.restore(pooled, result.dims), op.getResult()));
    return success();
  }
};

struct MaxPoolWithIndicesLowering : OpConversionPattern<MaxPoolWithIndicesOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(MaxPoolWithIndicesOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<PoolParameters> parameters = getMaxPoolParameters(op, result);
    FailureOr<std::pair<ShapedValue, ShapedValue>> found;
    if (parameters) {
      checkWindows(shapes, op, source, result, *parameters);
      found = buildIndexedPool(shapes, source, result.dims, shapes.sizesOf(result.dims, {}),
                               getRanges(rewriter, *parameters));
    } else {
      found = findLargest(shapes, op, source, result);
    }
    if (failed(found))
      return failure();
    rewriter.replaceOp(
        op, {toResult(shapes, found->first, op.getResult()), toResult(shapes, found->second, op.getIndices())});
    return success();
  }
};

/// The position in a dim of the result as an i64.
Value getPlace(ScalarBuilder &s, int64_t dim) {
  Value place = linalg::IndexOp::create(s.builder, s.loc, dim);
  return arith::IndexCastOp::create(s.builder, s.loc, s.builder.getI64Type(), place);
}

struct AvgPoolLowering : OpConversionPattern<AvgPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(AvgPoolOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    auto parameters = getParameters(op.getKernelSize(), op.getStride(), op.getPadding(), Value(), op.getCeilMode());
    std::optional<bool> includePad = facts.getBool(op.getCountIncludePad());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    bool divided = !facts.isNone(op.getDivisorOverride());
    std::optional<int64_t> divisor = divided ? facts.getConstantInt(op.getDivisorOverride()) : std::nullopt;
    if (divisor == 0) {
      Value isTrue = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getBoolAttr(true));
      raiseIf(shapes, isTrue, "divisor must be not zero");
    }
    if (!includePad || (divided && !divisor))
      return refuse(op, "what sums are divided by is not known");
    if (!parameters || llvm::is_contained(result.dims, AffineExpr())) {
      auto pool = MeasuredPool::get(shapes, op, source, op.getKernelSize(), op.getStride(), op.getPadding(), Value(),
                                    op.getCeilMode());
      if (failed(pool))
        return failure();
      pool->check();
      ShapedValue means = shapes.convert(pool->average(result.dims, divisor, *includePad), result.dtype);
      rewriter.replaceOp(op, toResult(shapes, means, op.getResult()));
      return success();
    }
    checkWindows(shapes, op, source, result, *parameters);
    int64_t space = parameters->window.size();
    Image image(shapes, source, space);
    ArrayRef<AffineExpr> sizes = ArrayRef(result.dims).take_back(space);
    ShapedValue sums =
        buildPool<linalg::PoolingNhwcSumOp, linalg::PoolingNdhwcSumOp>(shapes, image, *parameters, sizes, 0);
    bool padded = llvm::any_of(parameters->padding, [](int64_t width) { return width != 0; });
    int64_t all = 1;
    for (int64_t size : parameters->window)
      all *= size;
    if (!divisor && !parameters->ceil && (!padded || *includePad))
      divisor = all;
    int64_t first = space == 1 ? 2 : 1;
    ShapedValue means = shapes.map(sums.dtype, sums.dims, sums, [&](ScalarBuilder &s, ValueRange args) {
      if (divisor)
        return s.div(args[0], s.constant(double(*divisor)));
      return s.div(args[0], countElements(shapes, s, image, *parameters, first, *includePad));
    });
    rewriter.replaceOp(op, toResult(shapes, image.restore(means, result.dims), op.getResult()));
    return success();
  }

  /// The number of elements of the window at the position of the loops, as PyTorch counts: a window ends with the
  /// padding at the latest, and what is outside counts if `includePad`.
  static Value countElements(ShapeBuilder &shapes, ScalarBuilder &s, Image &image, const PoolParameters &parameters,
                             int64_t first, bool includePad) {
    ScalarBuilder integers(s.builder, s.loc, s.builder.getI64Type());
    Value total;
    for (size_t i = 0; i < parameters.window.size(); ++i) {
      ShapeBuilder inside(s.builder, s.loc);
      Value size = inside.asIndex(inside.sizeOf(image.value, first + i));
      size = arith::IndexCastOp::create(s.builder, s.loc, s.builder.getI64Type(), size);
      Value place = getPlace(s, first + i);
      Value start = integers.sub(integers.mul(place, integers.constant(parameters.stride[i])),
                                 integers.constant(parameters.padding[i]));
      Value end = integers.min(integers.add(start, integers.constant(parameters.window[i])),
                               integers.add(size, integers.constant(parameters.padding[i])));
      if (!includePad) {
        start = integers.max(start, integers.constant(0));
        end = integers.min(end, size);
      }
      Value count = integers.sub(end, start);
      total = total ? integers.mul(total, count) : count;
    }
    return convertScalar(s.builder, s.loc, total, integers.dtype, s.dtype);
  }
};

//===----------------------------------------------------------------------===//
// Adaptive pools
//===----------------------------------------------------------------------===//

/// Whether all windows of an adaptive pool are equal: then it is a pool.
std::optional<PoolParameters> getEvenWindows(const ShapedValue &source, ArrayRef<AffineExpr> space) {
  PoolParameters parameters;
  for (auto [i, size] : llvm::enumerate(space)) {
    std::optional<int64_t> before = source.size(source.rank() - space.size() + i), after = getConstant(size);
    if (!before || !after || *after == 0 || *before % *after != 0)
      return std::nullopt;
    parameters.window.push_back(*before / *after);
  }
  parameters.stride = parameters.window;
  parameters.padding.assign(space.size(), 0);
  parameters.dilation.assign(space.size(), 1);
  return parameters;
}

/// Raises LibTorch's errors for sizes of an adaptive pool that are negative, or of which nothing is left.
void checkAdaptive(ShapeBuilder &shapes, const ShapedValue &source, const ShapedValue &result, int64_t space,
                   StringRef name, bool checksOutput) {
  SmallVector<OpFoldResult> before = shapes.sizesOf(source), after = shapes.sizesOf(result.dims, {});
  std::string kind = (name + std::to_string(std::max<int64_t>(space, 2)) + "d").str();
  SmallVector<StringRef> forms(space, "{}");
  if (space == 1) {
    before.insert(before.end() - 1, shapes.builder.getIndexAttr(1));
    forms.insert(forms.begin(), "1");
  }
  Value isNegative = findSmaller(shapes, ArrayRef(after).take_back(space), 0);
  if (!checksOutput)
    checkNotNegative(shapes, ArrayRef(after).take_back(space), after);
  else if (isNegative)
    raiseIf(shapes, isNegative,
            kind + ": elements of output_size must be greater than or equal to 0 but received {" +
                llvm::join(forms, ", ") + "}",
            getNumbers(shapes, ArrayRef(after).take_back(space)));
  for (int64_t dim = before.size() - std::max<int64_t>(space, 2); dim < int64_t(before.size()); ++dim)
    if (Value isEmpty = findSmaller(shapes, before[dim], 1))
      raiseIf(shapes, isEmpty,
              kind + "(): Expected input to have non-zero size for non-batch dimensions, but input has sizes " +
                  ts::getListForm(before.size()) + " with dimension " + std::to_string(dim) + " being empty",
              getNumbers(shapes, before));
}

/// The windows of an adaptive pool: window i of n over a size s is [floor(i * s / n), ceil((i + 1) * s / n)). No window
/// is longer than ceil(s / n) + 1, and of none there is no window.
WindowRange getAdaptiveRange(ShapeBuilder &shapes, const ShapedValue &source, int64_t dim, AffineExpr size) {
  OpBuilder &builder = shapes.builder;
  Value before = shapes.asIndex(shapes.sizeOf(source, dim));
  Value after = shapes.asIndex(materializeSize(builder, shapes.loc, size));
  WindowRange range;
  if (source.size(dim) && getConstant(size) && *getConstant(size) > 0) {
    range.length = builder.getIndexAttr(llvm::divideCeil(*source.size(dim), *getConstant(size)) + 1);
  } else {
    after = arith::MaxUIOp::create(builder, shapes.loc, after, shapes.index(1));
    Value longest = arith::CeilDivUIOp::create(builder, shapes.loc, before, after);
    range.length = arith::AddIOp::create(builder, shapes.loc, longest, shapes.index(1)).getResult();
  }
  range.start = [=](OpBuilder &b, Location l, Value i) -> Value {
    return arith::DivUIOp::create(b, l, arith::MulIOp::create(b, l, i, before), after);
  };
  range.end = [=](OpBuilder &b, Location l, Value i) -> Value {
    Value next = arith::AddIOp::create(b, l, i, arith::ConstantIndexOp::create(b, l, 1));
    return arith::CeilDivUIOp::create(b, l, arith::MulIOp::create(b, l, next, before), after);
  };
  return range;
}

struct AdaptiveMaxPoolLowering : OpConversionPattern<AdaptiveMaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(AdaptiveMaxPoolOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<SmallVector<Value>> list = facts.getList(op.getOutputSize());
    if (!list || llvm::is_contained(result.dims, AffineExpr()))
      return refuse(op, "a size is not known");
    checkAdaptive(shapes, source, result, list->size(), "adaptive_max_pool", /*checksOutput=*/false);
    SmallVector<WindowRange> ranges;
    for (int64_t dim = source.rank() - list->size(); dim < source.rank(); ++dim)
      ranges.push_back(getAdaptiveRange(shapes, source, dim, result.dims[dim]));
    auto [largest, indices] = buildIndexedPool(shapes, source, result.dims, shapes.sizesOf(result.dims, {}), ranges);
    rewriter.replaceOp(op, {toResult(shapes, largest, op.getResult()), toResult(shapes, indices, op.getIndices())});
    return success();
  }
};

struct AdaptiveAvgPoolLowering : OpConversionPattern<AdaptiveAvgPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(AdaptiveAvgPoolOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<SmallVector<Value>> list = facts.getList(op.getOutputSize());
    if (!list || llvm::is_contained(result.dims, AffineExpr()) || llvm::is_contained(source.dims, AffineExpr()))
      return refuse(op, "a size is not known");
    int64_t space = list->size();
    checkAdaptive(shapes, source, result, space, "adaptive_avg_pool", /*checksOutput=*/true);
    ArrayRef<AffineExpr> sizes = ArrayRef(result.dims).take_back(space);
    Image image(shapes, source, space);
    Type dtype = getAccumulatorDtype(source.dtype);
    ShapedValue means;
    if (llvm::all_of(sizes, [](AffineExpr size) { return isConstant(size, 1); })) {
      SmallVector<int64_t> reduced = llvm::to_vector(llvm::seq<int64_t>(1, image.value.rank() - 1));
      ShapedValue sums = shapes.sum(dtype, image.value, reduced);
      Value count = getCount(shapes, image.value, reduced, dtype);
      means =
          shapes.map(dtype, sums.dims, sums, [&](ScalarBuilder &s, ValueRange args) { return s.div(args[0], count); });
      rewriter.replaceOp(op, toResult(shapes, shapes.reshape(means, result.dims), op.getResult()));
      return success();
    }
    if (std::optional<PoolParameters> parameters = getEvenWindows(source, sizes)) {
      double count = 1;
      for (int64_t size : parameters->window)
        count *= double(size);
      ShapedValue sums =
          buildPool<linalg::PoolingNhwcSumOp, linalg::PoolingNdhwcSumOp>(shapes, image, *parameters, sizes, 0);
      means = shapes.map(dtype, sums.dims, sums,
                         [&](ScalarBuilder &s, ValueRange args) { return s.div(args[0], s.constant(count)); });
    } else {
      means = averageUneven(shapes, image, sizes, dtype);
    }
    rewriter.replaceOp(op, toResult(shapes, image.restore(means, result.dims), op.getResult()));
    return success();
  }

  static Value getCount(ShapeBuilder &shapes, const ShapedValue &value, ArrayRef<int64_t> dims, Type dtype) {
    Value count = shapes.index(1);
    for (int64_t dim : dims)
      count = arith::MulIOp::create(shapes.builder, shapes.loc, count, shapes.asIndex(shapes.sizeOf(value, dim)));
    Value integer = arith::IndexCastOp::create(shapes.builder, shapes.loc, shapes.builder.getI64Type(), count);
    return convertScalar(shapes.builder, shapes.loc, integer, integer.getType(), dtype);
  }

  /// Averages one dim of space after another. Each step sums over as many elements as the longest window has, and those
  /// behind the end of a shorter one do not count.
  static ShapedValue averageUneven(ShapeBuilder &shapes, Image &image, ArrayRef<AffineExpr> sizes, Type dtype) {
    ShapedValue value = shapes.convert(image.value, dtype);
    int64_t first = image.space == 1 ? 2 : 1;
    for (auto [i, size] : llvm::enumerate(sizes))
      value = averageDim(shapes, value, first + i, size);
    return value;
  }

  static ShapedValue averageDim(ShapeBuilder &shapes, const ShapedValue &value, int64_t dim, AffineExpr size) {
    OpBuilder &builder = shapes.builder;
    SmallVector<AffineExpr> dims = value.dims;
    dims[dim] = size;
    WindowRange range = getAdaptiveRange(shapes, value, dim, size);
    Value window = shapes.empty(value.dtype, range.length);
    Value init = shapes.filled(value.dtype, shapes.sizesOf(dims, {}), 0);
    unsigned rank = dims.size();
    SmallVector<AffineMap> maps = {AffineMap::get(rank + 1, 0, shapes.dim(rank)),
                                   builder.getMultiDimIdentityMap(rank + 1).getMajorSubMap(rank)};
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    auto sums = linalg::GenericOp::create(
        builder, shapes.loc, TypeRange(init.getType()), window, ValueRange(init), maps, iterators,
        [&](OpBuilder &b, Location l, ValueRange args) {
          ScalarBuilder s(b, l, value.dtype);
          SmallVector<Value> position;
          for (unsigned i = 0; i < rank; ++i)
            position.push_back(linalg::IndexOp::create(b, l, i));
          Value start = range.start(b, l, position[dim]), end = range.end(b, l, position[dim]);
          Value place = arith::AddIOp::create(b, l, start, linalg::IndexOp::create(b, l, rank));
          Value inside = arith::CmpIOp::create(b, l, arith::CmpIPredicate::ult, place, end);
          Value last = arith::SubIOp::create(b, l, end, arith::ConstantIndexOp::create(b, l, 1));
          position[dim] = arith::MinUIOp::create(b, l, place, last);
          Value element = tensor::ExtractOp::create(b, l, value.value, position);
          linalg::YieldOp::create(b, l, s.add(args[1], s.select(inside, element, s.constant(0))));
        });
    return shapes.map(
        value.dtype, dims, ShapedValue(sums.getResult(0), value.dtype, dims), [&](ScalarBuilder &s, ValueRange args) {
          Value i = linalg::IndexOp::create(s.builder, s.loc, dim);
          Value count =
              arith::SubIOp::create(s.builder, s.loc, range.end(s.builder, s.loc, i), range.start(s.builder, s.loc, i));
          Type i64 = s.builder.getI64Type();
          count = arith::IndexCastOp::create(s.builder, s.loc, i64, count);
          return s.div(args[0], convertScalar(s.builder, s.loc, count, i64, s.dtype));
        });
  }
};

} // namespace

void wick::populatePoolingPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<MaxPoolLowering, MaxPoolWithIndicesLowering, AvgPoolLowering, AdaptiveMaxPoolLowering,
               AdaptiveAvgPoolLowering>(converter, patterns.getContext());
  populateUpsamplePatterns(converter, patterns);
}
