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
    ShapedValue result = shapes.gather(source, source.dims, shapes.sizesOf(source), place);
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
    rolled = shapes.gather(rolled, rolled.dims, {}, place);
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
    std::optional<SmallVector<Value>> repeats = facts.getList(op.getRepeats());
    if (!repeats)
      return refuse(op, "the number of repeats is not known");
    // Each dim becomes two, of repeats and of elements, which a map fills and a reshape joins.
    int64_t added = result.rank() - source.rank();
    SmallVector<AffineExpr> dims, exprs;
    SmallVector<OpFoldResult> sizes, joined, unchecked;
    ScalarBuilder numbers(rewriter, op.getLoc(), rewriter.getI64Type());
    for (auto [i, count] : llvm::enumerate(*repeats)) {
      AffineExpr own = int64_t(i) < added ? shapes.expr(1) : source.dims[i - added], known = facts.getInt(count);
      OpFoldResult size = int64_t(i) < added ? rewriter.getIndexAttr(1) : shapes.sizeOf(source, i - added);
      dims.push_back(known);
      sizes.push_back(known ? materializeSize(rewriter, op.getLoc(), known)
                            : numbers.apply<arith::IndexCastOp>(rewriter.getIndexType(), count));
      joined.push_back(result.dims[i] ? materializeSize(rewriter, op.getLoc(), result.dims[i])
                                      : numbers.mul(shapes.asIndex(sizes.back()), shapes.asIndex(size)));
      if (getLowerBound(known).value_or(-1) < 0)
        unchecked.push_back(joined.back());
      if (int64_t(i) < added)
        continue;
      exprs.push_back(isConstant(own, 1) ? shapes.expr(0) : shapes.dim(dims.size()));
      dims.push_back(own);
      sizes.push_back(size);
    }
    checkNotNegative(shapes, unchecked, joined);
    AffineMap map = AffineMap::get(dims.size(), 0, exprs, rewriter.getContext());
    ShapedValue repeated =
        shapes.map(source.dtype, dims, sizes, source, map, [](ScalarBuilder &, ValueRange args) { return args[0]; });
    rewriter.replaceOp(op, toResult(shapes, shapes.reshape(repeated, result.dims, joined), op.getResult()));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Pads
//===----------------------------------------------------------------------===//

/// Widths before and after each dim, as constants or numbers of run time.
struct Borders {
  SmallVector<OpFoldResult> low, high;
  /// How many dims, the last ones, the operator names.
  int64_t space = 0;

  static std::optional<Borders> find(ShapeBuilder &shapes, Value list, int64_t rank) {
    StaticFacts facts;
    OpBuilder &builder = shapes.builder;
    std::optional<SmallVector<Value>> pad = facts.getList(list);
    if (!pad || int64_t(pad->size()) > 2 * rank)
      return std::nullopt;
    auto width = [&](Value number) -> OpFoldResult {
      if (std::optional<int64_t> known = facts.getConstantInt(number))
        return builder.getIndexAttr(*known);
      return arith::IndexCastOp::create(builder, shapes.loc, builder.getIndexType(), number).getResult();
    };
    SmallVector<OpFoldResult> none(rank, builder.getIndexAttr(0));
    Borders borders{none, none, int64_t(pad->size() / 2)};
    for (int64_t i = 0; i < borders.space; ++i) {
      borders.low[rank - 1 - i] = width((*pad)[2 * i]);
      borders.high[rank - 1 - i] = width((*pad)[2 * i + 1]);
    }
    return borders;
  }

  bool isNone(int64_t dim) const { return isZeroInteger(low[dim]) && isZeroInteger(high[dim]); }
  bool areConstant() const { return getConstantIntValues(low) && getConstantIntValues(high); }
  bool mayCrop(int64_t dim) const {
    return getConstantIntValue(low[dim]).value_or(-1) < 0 || getConstantIntValue(high[dim]).value_or(-1) < 0;
  }
};

/// Arithmetic on sizes and widths, of which constants leave no ops.
Value addSizes(ShapeBuilder &shapes, OpFoldResult a, OpFoldResult b) {
  return shapes.builder.createOrFold<arith::AddIOp>(shapes.loc, shapes.asIndex(a), shapes.asIndex(b));
}
Value subtractSizes(ShapeBuilder &shapes, OpFoldResult a, OpFoldResult b) {
  return shapes.builder.createOrFold<arith::SubIOp>(shapes.loc, shapes.asIndex(a), shapes.asIndex(b));
}
Value atLeastZero(ShapeBuilder &shapes, OpFoldResult width) {
  return shapes.builder.createOrFold<arith::MaxSIOp>(shapes.loc, shapes.asIndex(width), shapes.index(0));
}
/// What a negative width takes away.
Value getCut(ShapeBuilder &shapes, OpFoldResult width) {
  return atLeastZero(shapes, subtractSizes(shapes, shapes.index(0), width));
}

/// A border of one value; where its width is negative the tensor is cropped.
ShapedValue padConstant(ShapeBuilder &shapes, ShapedValue source, const Borders &borders, Value fill) {
  OpBuilder &builder = shapes.builder;
  SmallVector<OpFoldResult> offsets, sizes = shapes.sizesOf(source), steps(source.rank(), builder.getIndexAttr(1)),
                                     lows, highs;
  SmallVector<AffineExpr> cropped = source.dims;
  for (int64_t i = 0; i < source.rank(); ++i) {
    int64_t low = *getConstantIntValue(borders.low[i]), high = *getConstantIntValue(borders.high[i]);
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
    lows.push_back(builder.getIndexAttr(std::max<int64_t>(low, 0)));
    highs.push_back(builder.getIndexAttr(std::max<int64_t>(high, 0)));
  }
  if (cropped != source.dims)
    source = shapes.slice(source, offsets, cropped, sizes, steps);
  return shapes.pad(source, lows, highs, fill);
}

/// The same where widths are numbers of run time.
ShapedValue padMeasured(ShapeBuilder &shapes, const ShapedValue &source, const Borders &borders, Value fill) {
  OpBuilder &builder = shapes.builder;
  SmallVector<OpFoldResult> offsets(source.rank(), builder.getIndexAttr(0)),
      steps(source.rank(), builder.getIndexAttr(1)), sizes = shapes.sizesOf(source), lows = offsets, highs = offsets;
  SmallVector<AffineExpr> cropped = source.dims;
  for (int64_t dim = source.rank(); dim-- > 0;) {
    if (borders.isNone(dim))
      continue;
    Value first = getCut(shapes, borders.low[dim]), last = getCut(shapes, borders.high[dim]);
    Value kept = subtractSizes(shapes, sizes[dim], addSizes(shapes, first, last));
    if (Value isCropped = borders.mayCrop(dim) ? findSmaller(shapes, OpFoldResult(kept), 0) : Value())
      raiseIf(shapes, isCropped, "narrow(): length must be non-negative.");
    offsets[dim] = first;
    sizes[dim] = kept;
    lows[dim] = atLeastZero(shapes, borders.low[dim]);
    highs[dim] = atLeastZero(shapes, borders.high[dim]);
    cropped[dim] = AffineExpr();
  }
  return shapes.pad(shapes.slice(source, offsets, cropped, sizes, steps), lows, highs, fill);
}

ShapedValue padWith(ShapeBuilder &shapes, const ShapedValue &source, const Borders &borders, Value fill) {
  return borders.areConstant() ? padConstant(shapes, source, borders, fill)
                               : padMeasured(shapes, source, borders, fill);
}

enum class PadMode { Reflect, Replicate, Circular };

/// Whether a size is less than `more` above one of the widths, or null where it is known not to be.
Value findNarrower(ShapeBuilder &shapes, OpFoldResult size, ArrayRef<OpFoldResult> widths, int64_t more) {
  Value found;
  for (OpFoldResult width : widths) {
    std::optional<int64_t> known = getConstantIntValue(width);
    if (known && *known <= 0)
      continue;
    Value isNarrower = known ? findSmaller(shapes, size, *known + more)
                             : arith::CmpIOp::create(shapes.builder, shapes.loc, arith::CmpIPredicate::slt,
                                                     shapes.asIndex(size), addSizes(shapes, width, shapes.index(more)))
                                   .getResult();
    if (found && isNarrower)
      found = arith::OrIOp::create(shapes.builder, shapes.loc, found, isNarrower);
    else if (isNarrower)
      found = isNarrower;
  }
  return found;
}

/// Raises LibTorch's errors for a result of `padded` sizes that negative widths leave nothing of.
void checkLeft(ShapeBuilder &shapes, ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> padded,
               const Borders &borders, PadMode mode) {
  int64_t rank = sizes.size(), space = borders.space;
  if (llvm::none_of(llvm::seq(rank - space, rank), [&](int64_t dim) { return borders.mayCrop(dim); }))
    return;
  ArrayRef<OpFoldResult> own = sizes.take_back(space), results = padded.take_back(space);
  if (mode == PadMode::Circular) {
    if (Value isNegative = findSmaller(shapes, results, 0))
      raiseIf(shapes, isNegative, "Negative padding value is resulting in an empty dimension");
    return;
  }
  SmallVector<Value> empty;
  for (OpFoldResult size : results)
    if (Value isEmpty = findSmaller(shapes, size, 1))
      empty.push_back(isEmpty);
  StringRef names[] = {"D", "H", "W"}, joints[] = {" ", ", ", mode == PadMode::Replicate && space == 2 ? " )" : ")"};
  std::string form = "input (", result = " is too small. Calculated output";
  for (int64_t i = 3 - space; i < 3; ++i) {
    form += (names[i] + ": {}" + joints[i]).str();
    result += (" " + names[i] + ": {}").str();
  }
  SmallVector<Value> numbers = getNumbers(shapes, own);
  llvm::append_range(numbers, getNumbers(shapes, results));
  // Of several dims all but one may be empty.
  if (int64_t(empty.size()) == space) {
    Value areEmpty = empty.front();
    for (Value isEmpty : ArrayRef(empty).drop_front())
      areEmpty = arith::AndIOp::create(shapes.builder, shapes.loc, areEmpty, isEmpty);
    raiseIf(shapes, areEmpty, form + result, numbers);
  }
  if (space > 1)
    checkNotNegative(shapes, results, padded);
}

/// Raises LibTorch's errors for borders that a tensor has no elements for.
void checkInside(ShapeBuilder &shapes, const ShapedValue &source, ArrayRef<OpFoldResult> padded, const Borders &borders,
                 PadMode mode) {
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
  int64_t rank = source.rank(), space = borders.space;
  if (mode != PadMode::Circular && rank > 1)
    if (Value isEmpty = findSmaller(shapes, ArrayRef(sizes).drop_front(rank > space + 1), 1))
      raiseIf(
          shapes, isEmpty,
          "Expected " + std::to_string(space + 1) + "D or " + std::to_string(space + 2) +
              "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: " +
              ts::getListForm(rank),
          getNumbers(shapes, sizes));
  for (int64_t dim = rank; mode != PadMode::Replicate && dim-- > 0;) {
    OpFoldResult low = borders.low[dim], high = borders.high[dim];
    // Mirrors show each element but the outermost once, and circles each once.
    Value isTooSmall = findNarrower(shapes, sizes[dim], {low, high}, mode == PadMode::Reflect);
    if (!isTooSmall)
      continue;
    if (mode == PadMode::Circular) {
      raiseIf(shapes, isTooSmall, "Padding value causes wrapping around more than once.");
      continue;
    }
    SmallVector<Value> numbers = getNumbers(shapes, {low, high});
    llvm::append_range(numbers, getNumbers(shapes, sizes));
    raiseIf(shapes, isTooSmall,
            "Argument #" + std::to_string(4 + 2 * (rank - 1 - dim)) +
                ": Padding size should be less than the corresponding input dimension, but got: " +
                "padding ({}, {}) at dimension " + std::to_string(dim) + " of input " + ts::getListForm(rank),
            numbers);
  }
  checkLeft(shapes, sizes, padded, borders, mode);
}

/// A border of elements of the tensor itself.
ShapedValue padFromInside(ShapeBuilder &shapes, const ShapedValue &source, const Borders &borders,
                          ArrayRef<AffineExpr> dims, PadMode mode) {
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(source), padded = sizes;
  for (int64_t dim = 0; dim < source.rank(); ++dim)
    if (dims[dim])
      padded[dim] = materializeSize(shapes.builder, shapes.loc, dims[dim]);
    else
      padded[dim] = addSizes(shapes, addSizes(shapes, sizes[dim], borders.low[dim]), borders.high[dim]);
  checkInside(shapes, source, padded, borders, mode);
  SmallVector<Value> lengths = getNumbers(shapes, sizes), lows = getNumbers(shapes, borders.low), cuts, kept;
  for (int64_t dim = 0; mode == PadMode::Circular && dim < source.rank(); ++dim) {
    // What negative widths cut off is left out before the rest is repeated.
    cuts.push_back(getCut(shapes, borders.low[dim]));
    kept.push_back(
        subtractSizes(shapes, subtractSizes(shapes, lengths[dim], cuts[dim]), getCut(shapes, borders.high[dim])));
    // Where less is left than is to be repeated, LibTorch repeats memory that nothing has written.
    if (borders.mayCrop(dim))
      if (Value isTooSmall = findNarrower(shapes, kept[dim], {borders.low[dim], borders.high[dim]}, 0))
        raiseIf(shapes, isTooSmall, "Padding value causes wrapping around more than once.");
  }
  return shapes.gather(source, dims, padded, [&](ScalarBuilder &s, SmallVector<Value> position) {
    ScalarBuilder i(s.builder, s.loc, s.builder.getI64Type());
    auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(s.builder, s.loc, value).getResult(); };
    for (int64_t dim = 0; dim < source.rank(); ++dim) {
      if (borders.isNone(dim))
        continue;
      Value &place = position[dim];
      place = i.sub(place, lows[dim]);
      Value last = i.sub(lengths[dim], index(1));
      if (mode == PadMode::Replicate) {
        place = i.apply<arith::MinSIOp>(i.apply<arith::MaxSIOp>(place, index(0)), last);
      } else if (mode == PadMode::Circular) {
        Value beyond = i.add(i.sub(place, cuts[dim]), kept[dim]);
        place = i.add(i.apply<arith::RemUIOp>(beyond, kept[dim]), cuts[dim]);
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
    std::optional<Borders> borders = Borders::find(shapes, op.getPad(), source.rank());
    FailureOr<Value> fill = convertNumber(rewriter, op.getLoc(), op.getValue(), source.dtype);
    if (!borders || failed(fill))
      return refuse(op, "the number of widths or the value is not known");
    Value element = toStorage(rewriter, op.getLoc(), *fill, source.dtype);
    rewriter.replaceOp(op, toResult(shapes, padWith(shapes, source, *borders, element), op.getResult()));
    return success();
  }
};

struct PadLowering : OpConversionPattern<PadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(PadOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<Borders> borders = Borders::find(shapes, op.getPad(), source.rank());
    std::optional<StringRef> mode = facts.getString(op.getMode());
    if (!borders || !mode)
      return refuse(op, "the number of widths or the mode is not known");
    if (*mode == "constant") {
      Value fill = createConstant(rewriter, op.getLoc(), source.dtype, 0);
      if (!facts.isNone(op.getValue())) {
        FailureOr<Value> given = convertNumber(rewriter, op.getLoc(), op.getValue(), source.dtype);
        if (failed(given))
          return refuse(op, "the value is no number");
        fill = *given;
      }
      Value element = toStorage(rewriter, op.getLoc(), fill, source.dtype);
      rewriter.replaceOp(op, toResult(shapes, padWith(shapes, source, *borders, element), op.getResult()));
      return success();
    }
    auto kind = llvm::StringSwitch<std::optional<PadMode>>(*mode)
                    .Case("reflect", PadMode::Reflect)
                    .Case("replicate", PadMode::Replicate)
                    .Case("circular", PadMode::Circular)
                    .Default(std::nullopt);
    if (!kind)
      return refuse(op, "the mode is not known");
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
    std::optional<Borders> borders = Borders::find(shapes, op.getPadding(), source.rank());
    if (!borders)
      return refuse(op, "the number of widths is not known");
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
