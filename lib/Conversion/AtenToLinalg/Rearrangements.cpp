//===- Rearrangements.cpp - lowerings: concatenations, repetitions, pads ----===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"

#include "Checks.h"
#include "Patterns.h"
#include "Shapes.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

//===----------------------------------------------------------------------===//
// Concatenations
//===----------------------------------------------------------------------===//

/// Tensors of one dtype, one behind the other.
ShapedValue concatenate(ShapeBuilder &shapes, ArrayRef<ShapedValue> parts, int64_t dim) {
  if (parts.size() == 1)
    return parts.front();
  SmallVector<Value> values = llvm::map_to_vector(parts, [](const ShapedValue &part) { return part.value; });
  SmallVector<AffineExpr> dims = parts.front().dims;
  for (auto [number, part] : llvm::enumerate(parts.drop_front()))
    for (int64_t i = 0; i < part.rank(); ++i) {
      if (i != dim)
        checkSizes(shapes, part, i, parts.front(), i, /*atMost=*/false,
                   "Sizes of tensors must match except in dimension " + std::to_string(dim) +
                       ". Expected size {} but got size {} for tensor number " + std::to_string(number + 1) +
                       " in the list.",
                   getNumbers(shapes, {shapes.sizeOf(parts.front(), i), shapes.sizeOf(part, i)}));
      dims[i] = i == dim ? add(dims[i], part.dims[i]) : getMoreKnown(dims[i], part.dims[i]);
    }
  Value value = tensor::ConcatOp::create(shapes.builder, shapes.loc, dim, values);
  ShapedValue result(value, parts.front().dtype, dims);
  // The type that the op infers may know less than the expressions.
  SmallVector<int64_t> shape =
      llvm::map_to_vector(dims, [](AffineExpr size) { return getConstant(size).value_or(ShapedType::kDynamic); });
  auto type = RankedTensorType::get(shape, cast<RankedTensorType>(value.getType()).getElementType());
  if (type != value.getType())
    result.value = tensor::CastOp::create(shapes.builder, shapes.loc, type, value);
  return result;
}

/// The tensors of a list, in the dtype of the result.
std::optional<SmallVector<ShapedValue>> getTensors(ShapeBuilder &shapes, Value list, Type dtype,
                                                   ConversionPatternRewriter &rewriter) {
  StaticFacts facts;
  std::optional<SmallVector<Value>> values = facts.getList(list);
  if (!values)
    return std::nullopt;
  SmallVector<ShapedValue> tensors;
  for (Value value : *values)
    tensors.push_back(shapes.convert(ShapedValue(value, rewriter.getRemappedValue(value)), dtype));
  return tensors;
}

/// The list of tensors of `cat` or `stack` in the dtype of the result, and the dim of the result along which they
/// stand.
template <typename Op>
std::optional<std::pair<SmallVector<ShapedValue>, int64_t>> getParts(ShapeBuilder &shapes, Op op,
                                                                     ConversionPatternRewriter &rewriter) {
  RankedTensorType type = getOriginalType(op.getResult());
  auto tensors = getTensors(shapes, op.getTensors(), type.getElementType(), rewriter);
  std::optional<int64_t> dim = StaticFacts().getConstantInt(op.getDim());
  if (!tensors || !dim)
    return std::nullopt;
  return std::pair(std::move(*tensors), *dim < 0 ? *dim + type.getRank() : *dim);
}

struct CatLowering : OpConversionPattern<CatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(CatOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    auto parts = getParts(shapes, op, rewriter);
    if (!parts || parts->first.empty())
      return refuse(op, "the list of tensors or the dim is not known");
    auto &[tensors, dim] = *parts;
    ShapedValue empty = tensors.front();
    llvm::erase_if(tensors, [](const ShapedValue &part) { return part.rank() == 1 && part.size(0) == 0; });
    if (tensors.empty())
      tensors.push_back(empty);
    rewriter.replaceOp(op, toResult(shapes, concatenate(shapes, tensors, dim), op.getResult()));
    return success();
  }
};

struct StackLowering : OpConversionPattern<StackOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(StackOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    auto parts = getParts(shapes, op, rewriter);
    if (!parts)
      return refuse(op, "the list of tensors or the dim is not known");
    auto &[tensors, dim] = *parts;
    std::string list = ts::getListForm(tensors.front().rank());
    for (auto [number, tensor] : llvm::enumerate(ArrayRef(tensors).drop_front()))
      for (int64_t i = 0; i < tensor.rank(); ++i) {
        SmallVector<Value> sizes = getNumbers(shapes, tensors.front());
        llvm::append_range(sizes, getNumbers(shapes, tensor));
        checkSizes(shapes, tensor, i, tensors.front(), i, /*atMost=*/false,
                   "stack expects each tensor to be equal size, but got " + list + " at entry 0 and " + list +
                       " at entry " + std::to_string(number + 1),
                   sizes);
      }
    for (ShapedValue &tensor : tensors) {
      SmallVector<AffineExpr> dims = tensor.dims;
      SmallVector<OpFoldResult> sizes = shapes.sizesOf(tensor);
      dims.insert(dims.begin() + dim, shapes.expr(1));
      sizes.insert(sizes.begin() + dim, rewriter.getIndexAttr(1));
      tensor = shapes.reshape(tensor, dims, sizes);
    }
    rewriter.replaceOp(op, toResult(shapes, concatenate(shapes, tensors, dim), op.getResult()));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Orders and repetitions
//===----------------------------------------------------------------------===//

/// A result whose elements are those of the source at positions that a function computes.
ShapedValue gatherAt(ShapeBuilder &shapes, const ShapedValue &source, ArrayRef<AffineExpr> dims,
                     ArrayRef<OpFoldResult> sizes,
                     function_ref<SmallVector<Value>(ScalarBuilder &, SmallVector<Value>)> place) {
  return shapes.map(source.dtype, dims, sizes, {}, {}, [&](ScalarBuilder &s, ValueRange) {
    SmallVector<Value> position;
    for (size_t i = 0; i < dims.size(); ++i)
      position.push_back(linalg::IndexOp::create(s.builder, s.loc, i));
    Value element = tensor::ExtractOp::create(s.builder, s.loc, source.value, place(s, position));
    return fromStorage(s.builder, s.loc, element, source.dtype);
  });
}

struct FlipLowering : OpConversionPattern<FlipOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(FlipOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(op.getDims());
    if (!dims)
      return refuse(op, "the dims are not known");
    std::map<int64_t, Value> last;
    for (int64_t dim : *dims) {
      dim = dim < 0 ? dim + source.rank() : dim;
      if (dim < source.rank())
        last[dim] =
            arith::SubIOp::create(rewriter, op.getLoc(), shapes.asIndex(shapes.sizeOf(source, dim)), shapes.index(1));
    }
    auto place = [&](ScalarBuilder &s, SmallVector<Value> position) {
      for (auto [dim, end] : last)
        position[dim] = arith::SubIOp::create(s.builder, s.loc, end, position[dim]);
      return position;
    };
    ShapedValue result = gatherAt(shapes, source, source.dims, shapes.sizesOf(source), place);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

struct RollLowering : OpConversionPattern<RollOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RollOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(op.getDims());
    std::optional<SmallVector<Value>> shifts = facts.getList(op.getShifts());
    if (!dims || !shifts || llvm::is_contained(source.dims, AffineExpr()))
      return refuse(op, "the dims, the shifts or a size are not known");
    ShapedValue rolled = source;
    if (dims->empty()) {
      rolled = shapes.reshape(source, getNumElements(source.dims, op.getContext()));
      dims->push_back(0);
    }
    // Element i comes from place (i - shift) mod size; a dim may come several times.
    std::map<int64_t, Value> offsets;
    std::map<int64_t, Value> sizes;
    for (auto [dim, shift] : llvm::zip(*dims, *shifts)) {
      dim = dim < 0 ? dim + rolled.rank() : dim;
      Value size = shapes.asIndex(shapes.sizeOf(rolled, dim));
      Value amount = arith::IndexCastOp::create(rewriter, op.getLoc(), rewriter.getIndexType(), shift);
      if (Value &known = offsets[dim]; known)
        amount = arith::AddIOp::create(rewriter, op.getLoc(), amount, known);
      offsets[dim] = amount;
      sizes[dim] = size;
    }
    for (auto &[dim, amount] : offsets) {
      // -shift mod size, not negative. Of no elements none is moved.
      Value &size = sizes[dim];
      size = rewriter.createOrFold<arith::MaxSIOp>(op.getLoc(), size, shapes.index(1));
      Value rest = arith::RemSIOp::create(rewriter, op.getLoc(), amount, size);
      Value turned = arith::SubIOp::create(rewriter, op.getLoc(), size, rest);
      amount = arith::RemSIOp::create(rewriter, op.getLoc(), turned, size);
    }
    auto place = [&](ScalarBuilder &s, SmallVector<Value> position) {
      for (auto [dim, amount] : offsets) {
        Value moved = arith::AddIOp::create(s.builder, s.loc, position[dim], amount);
        position[dim] = arith::RemUIOp::create(s.builder, s.loc, moved, sizes.find(dim)->second);
      }
      return position;
    };
    rolled = gatherAt(shapes, rolled, rolled.dims, {}, place);
    rewriter.replaceOp(op, toResult(shapes, shapes.reshape(rolled, source.dims), op.getResult()));
    return success();
  }
};

struct RepeatLowering : OpConversionPattern<RepeatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RepeatOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<SmallVector<AffineExpr>> repeats = facts.getIntList(op.getRepeats());
    if (!repeats || llvm::is_contained(result.dims, AffineExpr()))
      return refuse(op, "the repeats or a size are not known");
    // Each dim becomes two, of repeats and of elements, which a map fills and a reshape joins.
    int64_t added = result.rank() - source.rank();
    SmallVector<AffineExpr> dims, exprs;
    for (int64_t i = 0; i < result.rank(); ++i) {
      AffineExpr own = i < added ? shapes.expr(1) : source.dims[i - added];
      dims.push_back(divideExactly(result.dims[i], own));
      if (i < added)
        continue;
      exprs.push_back(isConstant(own, 1) ? shapes.expr(0) : shapes.dim(dims.size()));
      dims.push_back(own);
    }
    AffineMap map = AffineMap::get(dims.size(), 0, exprs, rewriter.getContext());
    ShapedValue repeated =
        shapes.map(source.dtype, dims, {}, source, map, [](ScalarBuilder &, ValueRange args) { return args[0]; });
    rewriter.replaceOp(op, toResult(shapes, shapes.reshape(repeated, result.dims), op.getResult()));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Pads
//===----------------------------------------------------------------------===//

/// Widths before and after each dim.
struct Borders {
  SmallVector<int64_t> low, high;

  static std::optional<Borders> find(Value list, int64_t rank) {
    StaticFacts facts;
    std::optional<SmallVector<int64_t>> pad = facts.getConstantIntList(list);
    if (!pad || int64_t(pad->size()) > 2 * rank)
      return std::nullopt;
    Borders borders{SmallVector<int64_t>(rank, 0), SmallVector<int64_t>(rank, 0)};
    for (size_t i = 0; i < pad->size() / 2; ++i) {
      borders.low[rank - 1 - i] = (*pad)[2 * i];
      borders.high[rank - 1 - i] = (*pad)[2 * i + 1];
    }
    return borders;
  }
};

/// A border of one value; where its width is negative the tensor is cropped.
ShapedValue padConstant(ShapeBuilder &shapes, ShapedValue source, Borders borders, Value fill) {
  OpBuilder &builder = shapes.builder;
  SmallVector<OpFoldResult> offsets, sizes = shapes.sizesOf(source), steps(source.rank(), builder.getIndexAttr(1)),
                                     lows, highs;
  SmallVector<AffineExpr> cropped = source.dims, dims;
  for (int64_t i = 0; i < source.rank(); ++i) {
    int64_t &low = borders.low[i], &high = borders.high[i];
    int64_t removed = std::min<int64_t>(low, 0) + std::min<int64_t>(high, 0);
    offsets.push_back(builder.getIndexAttr(std::max<int64_t>(-low, 0)));
    if (removed) {
      cropped[i] = add(source.dims[i], shapes.expr(removed));
      if (Value isCropped = findSmaller(shapes, sizes[i], -removed))
        raiseIf(shapes, isCropped, "narrow(): length must be non-negative.");
      if (!cropped[i])
        sizes[i] =
            arith::AddIOp::create(builder, shapes.loc, shapes.asIndex(sizes[i]), shapes.index(removed)).getResult();
    }
    low = std::max<int64_t>(low, 0);
    high = std::max<int64_t>(high, 0);
    lows.push_back(builder.getIndexAttr(low));
    highs.push_back(builder.getIndexAttr(high));
    dims.push_back(add(cropped[i], shapes.expr(low + high)));
  }
  if (cropped != source.dims)
    source = shapes.slice(source, offsets, cropped, sizes, steps);
  if (dims == source.dims)
    return source;
  SmallVector<int64_t> shape =
      llvm::map_to_vector(dims, [](AffineExpr size) { return getConstant(size).value_or(ShapedType::kDynamic); });
  auto type = RankedTensorType::get(shape, getStorageType(source.dtype));
  Value value = tensor::PadOp::create(builder, shapes.loc, type, source.value, lows, highs, fill);
  return {value, source.dtype, dims};
}

/// The same where widths are numbers of run time, in the order of the operator: pairs, the last dim first.
ShapedValue padMeasured(ShapeBuilder &shapes, const ShapedValue &source, ArrayRef<Value> widths,
                        ArrayRef<AffineExpr> dims, Value fill) {
  OpBuilder &builder = shapes.builder;
  ScalarBuilder i(builder, shapes.loc, builder.getI64Type());
  Value zero = shapes.index(0);
  auto positive = [&](Value width) { return i.apply<arith::MaxSIOp>(width, zero); };
  SmallVector<OpFoldResult> offsets(source.rank(), builder.getIndexAttr(0)),
      steps(source.rank(), builder.getIndexAttr(1)), sizes = shapes.sizesOf(source), lows = offsets, highs = offsets;
  SmallVector<AffineExpr> cropped = source.dims;
  for (size_t pair = 0; pair < widths.size() / 2; ++pair) {
    int64_t dim = source.rank() - 1 - pair;
    auto width = [&](size_t at) {
      return arith::IndexCastOp::create(builder, shapes.loc, builder.getIndexType(), widths[2 * pair + at]).getResult();
    };
    Value low = width(0), high = width(1), size = shapes.asIndex(sizes[dim]);
    auto negative = [&](Value width) { return i.apply<arith::MinSIOp>(width, zero); };
    Value isCropped = i.lt(i.add(size, i.add(negative(low), negative(high))), zero);
    raiseIf(shapes, isCropped, "narrow(): length must be non-negative.");
    Value first = positive(i.sub(zero, low));
    offsets[dim] = first;
    sizes[dim] = i.sub(i.sub(size, first), positive(i.sub(zero, high)));
    lows[dim] = positive(low);
    highs[dim] = positive(high);
    cropped[dim] = AffineExpr();
  }
  ShapedValue kept = shapes.slice(source, offsets, cropped, sizes, steps);
  SmallVector<int64_t> shape = llvm::map_to_vector(llvm::zip(dims, cropped), [](auto pair) {
    return std::get<1>(pair) ? getConstant(std::get<0>(pair)).value_or(ShapedType::kDynamic) : ShapedType::kDynamic;
  });
  auto type = RankedTensorType::get(shape, getStorageType(source.dtype));
  Value value = tensor::PadOp::create(builder, shapes.loc, type, kept.value, lows, highs, fill);
  return {value, source.dtype, SmallVector<AffineExpr>(dims)};
}

enum class PadMode { Reflect, Replicate, Circular };

/// Raises LibTorch's errors for borders that a tensor has no elements for.
void checkInside(ShapeBuilder &shapes, const ShapedValue &source, const Borders &borders, PadMode mode) {
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
  int64_t rank = source.rank(), space = 0;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (borders.low[dim] != 0 || borders.high[dim] != 0)
      space = std::max(space, rank - dim);
  if (mode != PadMode::Circular && rank > 1)
    if (Value isEmpty = findSmaller(shapes, ArrayRef(sizes).drop_front(rank > space + 1), 1))
      raiseIf(
          shapes, isEmpty,
          "Expected " + std::to_string(space + 1) + "D or " + std::to_string(space + 2) +
              "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: " +
              ts::getListForm(rank),
          getNumbers(shapes, sizes));
  if (mode == PadMode::Replicate)
    return;
  for (int64_t dim = rank; dim-- > 0;) {
    int64_t low = borders.low[dim], high = borders.high[dim];
    // Mirrors show each element but the outermost once, and circles each once.
    int64_t least = std::max(low, high) + (mode == PadMode::Reflect);
    if ((low <= 0 && high <= 0) || !findSmaller(shapes, sizes[dim], least))
      continue;
    Value isTooSmall = findSmaller(shapes, sizes[dim], least);
    if (mode == PadMode::Circular) {
      raiseIf(shapes, isTooSmall, "Padding value causes wrapping around more than once.");
      continue;
    }
    std::string argument = std::to_string(4 + 2 * (rank - 1 - dim));
    raiseIf(shapes, isTooSmall,
            "Argument #" + argument +
                ": Padding size should be less than the corresponding input dimension, but got: " + "padding (" +
                std::to_string(low) + ", " + std::to_string(high) + ") at dimension " + std::to_string(dim) +
                " of input " + ts::getListForm(rank),
            getNumbers(shapes, sizes));
  }
}

/// A border of elements of the tensor itself.
ShapedValue padFromInside(ShapeBuilder &shapes, const ShapedValue &source, const Borders &borders,
                          ArrayRef<AffineExpr> dims, PadMode mode) {
  checkInside(shapes, source, borders, mode);
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
  SmallVector<Value> lengths = llvm::map_to_vector(sizes, [&](OpFoldResult size) { return shapes.asIndex(size); });
  return gatherAt(shapes, source, dims, {}, [&](ScalarBuilder &s, SmallVector<Value> position) {
    ScalarBuilder i(s.builder, s.loc, s.builder.getI64Type());
    auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(s.builder, s.loc, value).getResult(); };
    for (int64_t dim = 0; dim < source.rank(); ++dim) {
      if (borders.low[dim] == 0 && borders.high[dim] == 0)
        continue;
      Value &place = position[dim];
      place = i.sub(place, index(borders.low[dim]));
      Value last = i.sub(lengths[dim], index(1));
      if (mode == PadMode::Replicate) {
        place = i.apply<arith::MinSIOp>(i.apply<arith::MaxSIOp>(place, index(0)), last);
      } else if (mode == PadMode::Circular) {
        // What negative widths cut off is left out before the rest is repeated.
        int64_t cutLow = std::max<int64_t>(-borders.low[dim], 0), cutHigh = std::max<int64_t>(-borders.high[dim], 0);
        Value length = i.sub(lengths[dim], index(cutLow + cutHigh));
        place = i.add(i.apply<arith::RemUIOp>(i.add(i.sub(place, index(cutLow)), length), length), index(cutLow));
      } else {
        // |place|, and mirrored at the last element.
        place = i.apply<arith::MaxSIOp>(place, i.sub(index(0), place));
        Value mirrored = i.sub(i.add(last, last), place);
        place = i.apply<arith::MinSIOp>(place, mirrored);
      }
    }
    return position;
  });
}

struct ConstantPadLowering : OpConversionPattern<ConstantPadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ConstantPadOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    std::optional<Borders> borders = Borders::find(op.getPad(), source.rank());
    FailureOr<Value> fill = convertNumber(rewriter, op.getLoc(), op.getValue(), source.dtype);
    StaticFacts facts;
    std::optional<SmallVector<Value>> widths = facts.getList(op.getPad());
    if (!widths || failed(fill))
      return refuse(op, "the number of widths or the value is not known");
    Value element = toStorage(rewriter, op.getLoc(), *fill, source.dtype);
    ShapedValue result(op.getResult(), Value());
    ShapedValue padded = borders ? padConstant(shapes, source, *borders, element)
                                 : padMeasured(shapes, source, *widths, result.dims, element);
    rewriter.replaceOp(op, toResult(shapes, padded, op.getResult()));
    return success();
  }
};

struct PadLowering : OpConversionPattern<PadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(PadOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<Borders> borders = Borders::find(op.getPad(), source.rank());
    std::optional<StringRef> mode = facts.getString(op.getMode());
    std::optional<SmallVector<Value>> widths = facts.getList(op.getPad());
    if (!widths || !mode || (!borders && *mode != "constant"))
      return refuse(op, "the widths or the mode are not known");
    if (*mode == "constant") {
      Value fill = createConstant(rewriter, op.getLoc(), source.dtype, 0);
      if (!facts.isNone(op.getValue())) {
        FailureOr<Value> given = convertNumber(rewriter, op.getLoc(), op.getValue(), source.dtype);
        if (failed(given))
          return refuse(op, "the value is no number");
        fill = *given;
      }
      Value element = toStorage(rewriter, op.getLoc(), fill, source.dtype);
      ShapedValue padded = borders ? padConstant(shapes, source, *borders, element)
                                   : padMeasured(shapes, source, *widths, result.dims, element);
      rewriter.replaceOp(op, toResult(shapes, padded, op.getResult()));
      return success();
    }
    auto kind = llvm::StringSwitch<std::optional<PadMode>>(*mode)
                    .Case("reflect", PadMode::Reflect)
                    .Case("replicate", PadMode::Replicate)
                    .Case("circular", PadMode::Circular)
                    .Default(std::nullopt);
    if (!kind || llvm::is_contained(result.dims, AffineExpr()))
      return refuse(op, "the mode or a size is not known");
    rewriter.replaceOp(op,
                       toResult(shapes, padFromInside(shapes, source, *borders, result.dims, *kind), op.getResult()));
    return success();
  }
};

template <typename Op, PadMode mode> struct InsidePadLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<Borders> borders = Borders::find(op.getPadding(), source.rank());
    if (!borders || llvm::is_contained(result.dims, AffineExpr()))
      return refuse(op, "the widths or a size are not known");
    rewriter.replaceOp(op,
                       toResult(shapes, padFromInside(shapes, source, *borders, result.dims, mode), op.getResult()));
    return success();
  }
};

} // namespace

void wick::populateRearrangementPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<CatLowering, StackLowering, FlipLowering, RollLowering, RepeatLowering, ConstantPadLowering, PadLowering,
               InsidePadLowering<ReflectionPadOp, PadMode::Reflect>,
               InsidePadLowering<ReplicationPadOp, PadMode::Replicate>>(converter, patterns.getContext());
}
