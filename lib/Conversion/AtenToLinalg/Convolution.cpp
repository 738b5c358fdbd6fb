//===- Convolution.cpp - lowerings: convolutions ----------------------------===//
//
// Images are computed with channels last: inputs and results are transposed around
// each convolution, and the layout pass cancels what meets. Weights are reordered
// too, which is done at compile time where they are constants.
//
//   conv2d             transpose, pad, linalg.conv_2d_nhwc_hwcf, add bias, transpose
//   depthwise conv2d   the same with linalg.depthwise_conv_2d_nhwc_hwc
//   conv1d             a conv2d of height one
//   conv3d, groups     a generic over space, groups and windows
//   sizes of run time  see MeasuredConvolution
//   transposed         a convolution of the input with zeros between its elements
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.h"

#include "Checks.h"
#include "Convolutions.h"
#include "Patterns.h"
#include "Products.h"

#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

struct ConvolutionParameters {
  SmallVector<int64_t> stride, low, high, dilation;
  int64_t groups = 1;
};

/// Builds one convolution. The input is [N, C, space...], the weight [O, C / groups, window...].
class ConvolutionBuilder {
public:
  ConvolutionBuilder(ShapeBuilder &shapes, ShapedValue input, ShapedValue weight, ShapedValue bias,
                     ConvolutionParameters parameters)
      : shapes(shapes), input(input), weight(weight), bias(bias), parameters(parameters), space(weight.rank() - 2) {}

  /// `dims` is the shape of the result, [N, O, space...].
  ShapedValue build(ArrayRef<AffineExpr> dims);

private:
  ShapeBuilder &shapes;
  ShapedValue input, weight, bias;
  ConvolutionParameters parameters;
  int64_t space;

  /// [N, C, space...] to [N, space..., C].
  SmallVector<int64_t> channelsLast() const {
    SmallVector<int64_t> permutation = {0};
    for (int64_t i = 0; i < space; ++i)
      permutation.push_back(2 + i);
    permutation.push_back(1);
    return permutation;
  }

  SmallVector<int64_t> channelsFirst() const {
    SmallVector<int64_t> permutation = {0, space + 1};
    for (int64_t i = 0; i < space; ++i)
      permutation.push_back(1 + i);
    return permutation;
  }

  Attribute strides() { return shapes.builder.getI64TensorAttr(parameters.stride); }
  Attribute dilations() { return shapes.builder.getI64TensorAttr(parameters.dilation); }
  bool isDepthwise() {
    return parameters.groups > 1 && input.size(1) == parameters.groups && weight.size(1) == 1 &&
           weight.size(0) == parameters.groups;
  }

  template <typename Op>
  ShapedValue buildNamed(const ShapedValue &image, const ShapedValue &window, ArrayRef<AffineExpr> dims) {
    Type dtype = getAccumulatorDtype(image.dtype);
    Value init = shapes.filled(dtype, shapes.sizesOf(dims, {}), 0);
    auto op = Op::create(shapes.builder, shapes.loc, TypeRange(init.getType()), ValueRange{image.value, window.value},
                         ValueRange(init), strides(), dilations());
    return {op->getResult(0), dtype, dims};
  }
  ShapedValue buildGeneric(const ShapedValue &image, ArrayRef<AffineExpr> dims);
};

ShapedValue ConvolutionBuilder::buildGeneric(const ShapedValue &image, ArrayRef<AffineExpr> dims) {
  int64_t groups = parameters.groups;
  auto divide = [&](AffineExpr size) { return divideExactly(size, shapes.expr(groups)); };
  // [N, space..., G, C / G] and [G, window..., C / G, O / G], where the dim of groups is left out if it is one.
  SmallVector<AffineExpr> imageDims(ArrayRef(image.dims).drop_back()), windowDims, resultDims(dims.drop_back());
  bool grouped = groups > 1;
  if (grouped) {
    imageDims.push_back(shapes.expr(groups));
    windowDims.push_back(shapes.expr(groups));
    resultDims.push_back(shapes.expr(groups));
  }
  imageDims.push_back(divide(image.dims.back()));
  windowDims.push_back(divide(weight.dims[0]));
  llvm::append_range(windowDims, ArrayRef(weight.dims).drop_front());
  resultDims.push_back(divide(dims.back()));
  ShapedValue lhs = shapes.reshape(image, imageDims, shapes.sizesOf(image));
  ShapedValue rhs = shapes.reshape(weight, windowDims);
  SmallVector<int64_t> permutation;
  if (grouped)
    permutation.push_back(0);
  for (int64_t i = 0; i < space; ++i)
    permutation.push_back(grouped + 2 + i);
  permutation.append({grouped + 1, grouped});
  rhs = shapes.transpose(rhs, permutation);

  // Loops: n, space..., (group,) output channel, then window..., input channel.
  Product product{lhs, rhs, {}, {}, resultDims, {}};
  unsigned group = 1 + space, output = group + grouped, window = output + 1, input = window + space;
  SmallVector<AffineExpr> lhsExprs = {shapes.dim(0)}, rhsExprs;
  if (grouped)
    rhsExprs.push_back(shapes.dim(group));
  for (int64_t i = 0; i < space; ++i) {
    lhsExprs.push_back(shapes.dim(1 + i) * parameters.stride[i] + shapes.dim(window + i) * parameters.dilation[i]);
    rhsExprs.push_back(shapes.dim(window + i));
    product.summed.push_back(weight.dims[2 + i]);
  }
  if (grouped)
    lhsExprs.push_back(shapes.dim(group));
  lhsExprs.push_back(shapes.dim(input));
  rhsExprs.append({shapes.dim(input), shapes.dim(output)});
  product.summed.push_back(weight.dims[1]);
  product.lhsMap = AffineMap::get(input + 1, 0, lhsExprs, shapes.builder.getContext());
  product.rhsMap = AffineMap::get(input + 1, 0, rhsExprs, shapes.builder.getContext());
  return shapes.reshape(product.build(shapes), dims);
}

ShapedValue ConvolutionBuilder::build(ArrayRef<AffineExpr> dims) {
  SmallVector<AffineExpr> resultDims(dims);
  if (space == 1) {
    // A row of an image of height one.
    auto addHeight = [&](SmallVector<AffineExpr> list) {
      list.insert(list.begin() + 2, shapes.expr(1));
      return list;
    };
    input = shapes.reshape(input, addHeight(input.dims));
    weight = shapes.reshape(weight, addHeight(weight.dims));
    resultDims = addHeight(resultDims);
    parameters.stride.insert(parameters.stride.begin(), 1);
    parameters.dilation.insert(parameters.dilation.begin(), 1);
    parameters.low.insert(parameters.low.begin(), 0);
    parameters.high.insert(parameters.high.begin(), 0);
    space = 2;
  }
  SmallVector<int64_t> low = {0}, high = {0};
  llvm::append_range(low, parameters.low);
  llvm::append_range(high, parameters.high);
  low.push_back(0);
  high.push_back(0);
  ShapedValue image = shapes.pad(shapes.transpose(input, channelsLast()), low, high, 0);
  SmallVector<AffineExpr> lastDims = llvm::map_to_vector(channelsLast(), [&](int64_t dim) { return resultDims[dim]; });
  ShapedValue result;
  if (space == 2 && parameters.groups == 1) {
    result = buildNamed<linalg::Conv2DNhwcHwcfOp>(image, shapes.transpose(weight, {2, 3, 1, 0}), lastDims);
  } else if (space == 2 && isDepthwise()) {
    ShapedValue window = shapes.reshape(weight, {weight.dims[0], weight.dims[2], weight.dims[3]});
    result = buildNamed<linalg::DepthwiseConv2DNhwcHwcOp>(image, shapes.transpose(window, {1, 2, 0}), lastDims);
  } else {
    result = buildGeneric(image, lastDims);
  }
  if (bias)
    result = shapes.map(input.dtype, lastDims, {result, bias},
                        [&](ScalarBuilder &s, ValueRange args) { return s.add(args[0], args[1]); });
  return shapes.reshape(shapes.transpose(shapes.convert(result, input.dtype), channelsFirst()), dims);
}

/// The input of a transposed convolution with `stride - 1` zeros between its elements.
ShapedValue spread(ShapeBuilder &shapes, const ShapedValue &input, ArrayRef<int64_t> stride) {
  if (llvm::all_of(stride, [](int64_t step) { return step == 1; }))
    return input;
  OpBuilder &builder = shapes.builder;
  SmallVector<AffineExpr> dims = input.dims;
  SmallVector<OpFoldResult> offsets(dims.size(), builder.getIndexAttr(0)), steps(dims.size(), builder.getIndexAttr(1));
  for (auto [i, step] : llvm::enumerate(stride)) {
    dims[2 + i] = simplifySize((dims[2 + i] - 1) * step + 1);
    steps[2 + i] = builder.getIndexAttr(step);
  }
  Value zeros = shapes.filled(input.dtype, shapes.sizesOf(dims, {}), 0);
  Value value =
      tensor::InsertSliceOp::create(builder, shapes.loc, input.value, zeros, offsets, shapes.sizesOf(input), steps);
  return {value, input.dtype, dims};
}

/// [C, O / groups, window...] to [O, C / groups, window...] with windows in reverse.
ShapedValue flipWeight(ShapeBuilder &shapes, const ShapedValue &weight, int64_t groups) {
  SmallVector<AffineExpr> split = {shapes.expr(groups), divideExactly(weight.dims[0], shapes.expr(groups))};
  llvm::append_range(split, ArrayRef(weight.dims).drop_front());
  ShapedValue grouped = shapes.reshape(weight, split);
  SmallVector<AffineExpr> dims = {split[0], split[2], split[1]};
  SmallVector<AffineExpr> exprs = {shapes.dim(0), shapes.dim(2), shapes.dim(1)};
  for (size_t i = 3; i < split.size(); ++i) {
    dims.push_back(split[i]);
    exprs.push_back(split[i] - 1 - shapes.dim(i));
  }
  AffineMap map = AffineMap::get(dims.size(), 0, exprs, shapes.builder.getContext());
  ShapedValue flipped = shapes.map(weight.dtype, dims, shapes.sizesOf(dims, {}), grouped, map,
                                   [](ScalarBuilder &, ValueRange args) { return args[0]; });
  SmallVector<AffineExpr> merged = {simplifySize(dims[0] * dims[1]), dims[2]};
  llvm::append_range(merged, ArrayRef(dims).drop_front(3));
  return shapes.reshape(flipped, merged);
}

/// The lists of a convolution as numbers. Type inference has checked them.
struct ConvolutionLists {
  Operation *op;
  int64_t space;

  std::optional<SmallVector<int64_t>> get(Value list) {
    StaticFacts facts;
    std::optional<SmallVector<int64_t>> values = facts.getConstantIntList(list);
    if (values && values->size() == 1)
      values->resize(space, values->front());
    return values;
  }
};

/// Raises LibTorch's error where a window, or a result, has no place: sizes of space are those of the result.
void checkSpace(ShapeBuilder &shapes, const ShapedValue &input, const ShapedValue &weight, const ShapedValue &result,
                const ConvolutionParameters &parameters, bool transposed) {
  int64_t space = weight.rank() - 2;
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(ArrayRef(result.dims).take_back(space), {});
  Value isEmpty = findSmaller(shapes, sizes, 1);
  if (!isEmpty)
    return;
  std::string list = getSpaceForm(space), form;
  SmallVector<Value> numbers;
  for (int64_t i = 0; i < space; ++i) {
    int64_t width = transposed ? 0 : parameters.low[i] + parameters.high[i];
    AffineExpr padded = simplifySize(input.dims[input.rank() - space + i] + width);
    numbers.push_back(shapes.asIndex(materializeSize(shapes.builder, shapes.loc, padded)));
  }
  if (transposed) {
    list.insert(0, space == 1 ? "1 x " : "");
    form = "Given input size per channel: (" + list + "). Calculated output size per channel: (" + list +
           "). Output size is too small";
    llvm::append_range(numbers, getNumbers(shapes, sizes));
  } else {
    form = getKernelForm(space);
    for (int64_t i = 0; i < space; ++i)
      numbers.push_back(shapes.index((*weight.size(2 + i) - 1) * parameters.dilation[i] + 1));
  }
  raiseIf(shapes, isEmpty, form, numbers);
}

/// Raises LibTorch's error for images without elements, which only an empty batch may have.
void checkImages(ShapeBuilder &shapes, const ShapedValue &input, int64_t space) {
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(input);
  Value isEmpty = findSmaller(shapes, ArrayRef(sizes).take_back(space), 1);
  if (!isEmpty)
    return;
  Value isBatch = arith::CmpIOp::create(shapes.builder, shapes.loc, arith::CmpIPredicate::ne, shapes.asIndex(sizes[0]),
                                        shapes.index(0));
  if (space == 1) // which LibTorch computes as two
    sizes.insert(sizes.end() - 1, shapes.builder.getIndexAttr(1));
  raiseIf(shapes, arith::AndIOp::create(shapes.builder, shapes.loc, isEmpty, isBatch),
          "Only zero batch or zero channel inputs are supported, but got input shape: " + ts::getListForm(sizes.size()),
          getNumbers(shapes, sizes));
}

/// Common to the patterns: adds the batch dim that an input may lack, builds, and takes it away again.
template <typename Op>
LogicalResult replaceConvolution(Op op, typename Op::Adaptor adaptor, ConversionPatternRewriter &rewriter,
                                 ConvolutionParameters parameters, bool transposed, ArrayRef<int64_t> outputPadding) {
  StaticFacts facts;
  ShapeBuilder shapes(rewriter, op.getLoc());
  ShapedValue input(op.getInput(), adaptor.getInput()), weight(op.getWeight(), adaptor.getWeight()), bias;
  if (!facts.isNone(op.getBias()))
    bias = ShapedValue(op.getBias(), adaptor.getBias());
  ShapedValue result(op.getResult(), Value());
  if (llvm::is_contained(result.dims, AffineExpr()) || llvm::is_contained(input.dims, AffineExpr()) ||
      llvm::any_of(weight.dims, [](AffineExpr size) { return !getConstant(size); }))
    return refuse(op, "a size of the input or of the weight is not known");
  SmallVector<AffineExpr> dims = result.dims;
  int64_t channel = input.rank() - weight.rank() + 1;
  Value groups = transposed ? Value() : shapes.index(parameters.groups);
  int64_t channels = transposed ? *weight.size(0) : *weight.size(1) * parameters.groups;
  checkChannels(shapes, input, weight, bias, shapes.index(channels), shapes.asIndex(shapes.sizeOf(result, channel)),
                groups);
  if (bias)
    bias = shapes.cast(bias, result.dims[channel]);
  if (input.rank() == weight.rank() - 1) {
    SmallVector<AffineExpr> batched = input.dims;
    batched.insert(batched.begin(), shapes.expr(1));
    dims.insert(dims.begin(), shapes.expr(1));
    input = shapes.reshape(input, batched);
  }
  int64_t space = weight.rank() - 2;
  if (transposed)
    checkImages(shapes, input, space);
  checkSpace(shapes, input, weight, result, parameters, transposed);
  if (!transposed)
    checkImages(shapes, input, space);
  if (transposed) {
    input = spread(shapes, input, parameters.stride);
    SmallVector<OpFoldResult> offsets(input.rank(), rewriter.getIndexAttr(0)),
        steps(input.rank(), rewriter.getIndexAttr(1));
    SmallVector<AffineExpr> cropped = input.dims;
    for (int64_t i = 0; i < space; ++i) {
      int64_t border = (*weight.size(2 + i) - 1) * parameters.dilation[i] - parameters.low[i];
      parameters.low[i] = std::max<int64_t>(border, 0);
      parameters.high[i] = std::max<int64_t>(border + outputPadding[i], 0);
      // A negative border crops.
      offsets[2 + i] = rewriter.getIndexAttr(std::max<int64_t>(-border, 0));
      cropped[2 + i] =
          simplifySize(cropped[2 + i] + std::min<int64_t>(border, 0) + std::min<int64_t>(border + outputPadding[i], 0));
      parameters.stride[i] = 1;
    }
    if (cropped != input.dims)
      input = shapes.slice(input, offsets, cropped, {}, steps);
    weight = flipWeight(shapes, weight, parameters.groups);
  }
  ShapedValue built = ConvolutionBuilder(shapes, input, weight, bias, parameters).build(dims);
  rewriter.replaceOp(op, toResult(shapes, shapes.reshape(built, result.dims), op.getResult()));
  return success();
}

/// A convolution that is not transposed, by sizes of run time where types do not tell all.
template <typename Op>
LogicalResult replaceForward(Op op, typename Op::Adaptor adaptor, ConversionPatternRewriter &rewriter,
                             ConvolutionParameters parameters) {
  StaticFacts facts;
  ShapedValue input(op.getInput(), adaptor.getInput()), weight(op.getWeight(), adaptor.getWeight()), bias,
      result(op.getResult(), Value());
  int64_t space = weight.rank() - 2;
  std::optional<StringRef> mode = facts.getString(op.getPadding());
  std::optional<SmallVector<int64_t>> known = ConvolutionLists{op, space}.get(op.getPadding());
  std::optional<int64_t> groups = facts.getConstantInt(op.getGroups());
  bool isKnown = groups && (mode || known) && llvm::all_of(weight.dims, getConstant) &&
                 !llvm::is_contained(input.dims, AffineExpr()) && !llvm::is_contained(result.dims, AffineExpr());
  if (isKnown) {
    parameters.groups = *groups;
    parameters.low = parameters.high = known ? *known : SmallVector<int64_t>(space, 0);
    for (int64_t i = 0; mode == "same" && i < space; ++i) {
      int64_t total = parameters.dilation[i] * (*weight.size(2 + i) - 1);
      parameters.low[i] = total / 2;
      parameters.high[i] = total - total / 2;
    }
    return replaceConvolution(op, adaptor, rewriter, parameters, /*transposed=*/false, {});
  }
  ShapeBuilder shapes(rewriter, op.getLoc());
  std::optional<SmallVector<Value>> padding = mode ? SmallVector<Value>() : facts.getList(op.getPadding());
  if (!padding || (!mode && padding->empty()))
    return refuse(op, "the number of widths of padding is not known");
  if (mode == "valid")
    padding->push_back(arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getI64IntegerAttr(0)));
  if (padding->size() == 1)
    padding->resize(space, padding->front());
  if (!facts.isNone(op.getBias()))
    bias = ShapedValue(op.getBias(), adaptor.getBias());
  MeasuredConvolution convolution(shapes, input, weight, bias, op.getGroups(), parameters.stride, parameters.dilation);
  convolution.measure(*padding);
  rewriter.replaceOp(op, toResult(shapes, convolution.build(result.dims), op.getResult()));
  return success();
}

struct ConvLowering : OpConversionPattern<ConvOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ConvOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ConvolutionLists lists{op, ShapedValue(op.getWeight(), Value()).rank() - 2};
    auto stride = lists.get(op.getStride()), dilation = lists.get(op.getDilation());
    if (!stride || !dilation)
      return refuse(op, "stride or dilation are not constant");
    return replaceForward(op, adaptor, rewriter, {*stride, {}, {}, *dilation});
  }
};

/// Convolutions whose direction is an operand, or that are transposed.
template <typename Op> struct ConvolutionLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ConvolutionLists lists{op, ShapedValue(op.getWeight(), Value()).rank() - 2};
    auto stride = lists.get(op.getStride()), padding = lists.get(op.getPadding()),
         dilation = lists.get(op.getDilation()), outputPadding = lists.get(op.getOutputPadding());
    std::optional<int64_t> groups = facts.getConstantInt(op.getGroups());
    std::optional<bool> transposed = true;
    if constexpr (std::is_same_v<Op, ConvolutionOp>)
      transposed = facts.getBool(op.getTransposed());
    if (!stride || !dilation || !transposed)
      return refuse(op, "stride, dilation or direction are not constant");
    if (!*transposed)
      return replaceForward(op, adaptor, rewriter, {*stride, {}, {}, *dilation});
    if (!padding || !outputPadding || !groups)
      return refuse(op, "padding or groups of a transposed convolution are not constant");
    return replaceConvolution(op, adaptor, rewriter, {*stride, *padding, *padding, *dilation, *groups},
                              /*transposed=*/true, *outputPadding);
  }
};

} // namespace

void wick::populateConvolutionPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvLowering, ConvolutionLowering<ConvolutionOp>, ConvolutionLowering<ConvTransposeOp>>(
      converter, patterns.getContext());
}
