//===- View.cpp - lowerings: other views of the same elements ---------------===//
//
// On values a view is a tensor like any other: a reshape, a transpose, a slice, or a
// map that repeats elements.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "Broadcast.h"
#include "Checks.h"
#include "Parts.h"
#include "Patterns.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

Value multiply(ShapeBuilder &shapes, Value product, OpFoldResult size) {
  return shapes.builder.createOrFold<arith::MulIOp>(shapes.loc, product, shapes.asIndex(size));
}

Value countElements(ShapeBuilder &shapes, const ShapedValue &tensor) {
  Value count = shapes.index(1);
  for (int64_t i = 0; i < tensor.rank(); ++i)
    count = multiply(shapes, count, shapes.sizeOf(tensor, i));
  return count;
}

/// Whether types show that two shapes have as many elements: the same sizes in some order, apart from constant ones.
bool haveEqualCounts(ArrayRef<AffineExpr> dims, ArrayRef<AffineExpr> others) {
  int64_t count = 1, otherCount = 1;
  SmallVector<AffineExpr> unmatched;
  for (AffineExpr dim : dims)
    if (std::optional<int64_t> size = getConstant(dim))
      count *= *size;
    else
      unmatched.push_back(dim);
  for (AffineExpr dim : others) {
    auto *same = llvm::find(unmatched, dim);
    if (std::optional<int64_t> size = getConstant(dim))
      otherCount *= *size;
    else if (dim && same != unmatched.end())
      unmatched.erase(same);
    else
      return false;
  }
  return unmatched.empty() && count == otherCount;
}

/// The i64 elements of a list as indices, for sizes that have no expression.
SmallVector<OpFoldResult> getListSizes(ShapeBuilder &shapes, Value list) {
  StaticFacts facts;
  SmallVector<OpFoldResult> sizes;
  for (Value element : facts.getList(list).value_or(SmallVector<Value>()))
    sizes.push_back(
        shapes.builder.createOrFold<arith::IndexCastOp>(shapes.loc, shapes.builder.getIndexType(), element));
  return sizes;
}

/// Whether dims that types tell are those that a list asks for, where -1 stands for any.
bool areAsked(Value list, ArrayRef<AffineExpr> dims) {
  StaticFacts facts;
  SmallVector<AffineExpr> sizes = facts.getIntList(list).value_or(SmallVector<AffineExpr>());
  return sizes.size() == dims.size() && llvm::all_of(llvm::zip(sizes, dims), [](auto pair) {
           auto [size, dim] = pair;
           return size && (size == dim || isConstant(size, -1));
         });
}

/// Puts what the other sizes leave of a number of elements in place of a size of -1.
void inferListSize(ShapeBuilder &shapes, Value count, MutableArrayRef<OpFoldResult> sizes) {
  OpBuilder &b = shapes.builder;
  Location loc = shapes.loc;
  auto isInferred = [&](OpFoldResult size) -> Value {
    return b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, shapes.asIndex(size), shapes.index(-1));
  };
  Value rest = shapes.index(1);
  for (OpFoldResult size : sizes)
    rest = multiply(shapes, rest,
                    b.createOrFold<arith::SelectOp>(loc, isInferred(size), shapes.index(1), shapes.asIndex(size)));
  // Nothing is left of no elements, whatever the others are.
  Value divisor = b.createOrFold<arith::MaxSIOp>(loc, rest, shapes.index(1));
  Value inferred = b.createOrFold<arith::DivSIOp>(loc, count, divisor);
  for (OpFoldResult &size : sizes)
    if (getConstantIntValue(size).value_or(-1) == -1)
      size = b.createOrFold<arith::SelectOp>(loc, isInferred(size), inferred, shapes.asIndex(size));
}

/// Raises where a size is -1 and `condition` holds, as it does of no elements, but the others are sizes of none: any
/// would do.
void checkInferred(ShapeBuilder &shapes, Value condition, ArrayRef<Value> asked) {
  OpBuilder &b = shapes.builder;
  auto isEqual = [&](Value size, int64_t value) {
    return b.createOrFold<arith::CmpIOp>(shapes.loc, arith::CmpIPredicate::eq, size, shapes.index(value));
  };
  Value rest = shapes.index(1);
  for (Value size : asked)
    rest =
        multiply(shapes, rest, b.createOrFold<arith::SelectOp>(shapes.loc, isEqual(size, -1), shapes.index(1), size));
  raiseIf(shapes, b.createOrFold<arith::AndIOp>(shapes.loc, condition, isEqual(rest, 0)),
          "cannot reshape tensor of 0 elements into shape " + ts::getListForm(asked.size()) +
              " because the unspecified dimension size -1 can be any value and is ambiguous",
          asked);
}

/// Raises unless a shape that is asked for, in which -1 stands for what is left, has `total` elements. The text takes
/// the sizes between `before` and `after`, and then the total.
void checkCount(ShapeBuilder &shapes, Value total, ArrayRef<OpFoldResult> asked, const Twine &before = "shape '",
                const Twine &after = "' is invalid for input of size {}") {
  SmallVector<OpFoldResult> sizes(asked);
  inferListSize(shapes, total, sizes);
  OpBuilder &b = shapes.builder;
  auto compare = [&](arith::CmpIPredicate predicate, Value left, Value right) {
    return b.createOrFold<arith::CmpIOp>(shapes.loc, predicate, left, right);
  };
  std::string form = ts::getListForm(asked.size());
  SmallVector<Value> numbers;
  for (OpFoldResult size : asked)
    numbers.push_back(shapes.asIndex(size));
  Value inferred = shapes.index(0);
  for (auto [i, size] : llvm::enumerate(asked)) {
    if (getConstantIntValue(size).value_or(-1) >= 0)
      continue;
    SmallVector<Value> shown{numbers[i]};
    llvm::append_range(shown, numbers);
    raiseIf(shapes, compare(arith::CmpIPredicate::slt, numbers[i], shapes.index(-1)),
            "invalid shape dimension {} at index " + std::to_string(i) + " of shape " + form, shown);
    Value isInferred = compare(arith::CmpIPredicate::eq, numbers[i], shapes.index(-1));
    Value one = b.createOrFold<arith::SelectOp>(shapes.loc, isInferred, shapes.index(1), shapes.index(0));
    inferred = b.createOrFold<arith::AddIOp>(shapes.loc, inferred, one);
  }
  if (getConstantIntValue(inferred) != 0) {
    Value isInferred = compare(arith::CmpIPredicate::sgt, inferred, shapes.index(0));
    Value isEmpty = compare(arith::CmpIPredicate::eq, total, shapes.index(0));
    checkInferred(shapes, b.createOrFold<arith::AndIOp>(shapes.loc, isInferred, isEmpty), numbers);
  }
  if (!getConstantIntValue(inferred))
    raiseIf(shapes, compare(arith::CmpIPredicate::sgt, inferred, shapes.index(1)),
            "only one dimension can be inferred");
  Value count = shapes.index(1),
        isWrong = shapes.builder.createOrFold<arith::ConstantOp>(shapes.loc, b.getBoolAttr(false));
  for (OpFoldResult size : sizes) {
    count = multiply(shapes, count, size);
    if (getConstantIntValue(size).value_or(-1) < 0)
      isWrong = b.createOrFold<arith::OrIOp>(shapes.loc, isWrong,
                                             compare(arith::CmpIPredicate::slt, shapes.asIndex(size), shapes.index(0)));
  }
  isWrong = b.createOrFold<arith::OrIOp>(shapes.loc, isWrong, compare(arith::CmpIPredicate::ne, count, total));
  numbers.push_back(total);
  raiseIf(shapes, isWrong, (before + form + after).str(), numbers);
}

/// Ops that keep the order of the elements.
template <typename Op> struct ReshapeLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    constexpr bool takesSizes = std::is_same_v<Op, ViewAsSizeOp> || std::is_same_v<Op, ReshapeToOp>;
    constexpr bool takesShape = takesSizes || std::is_same_v<Op, ViewAsOp>;
    SmallVector<OpFoldResult> sizes, asked;
    if constexpr (takesSizes)
      asked = getListSizes(shapes, op->getOperand(1));
    else if constexpr (std::is_same_v<Op, ViewAsOp>)
      asked = shapes.sizesOf(ShapedValue(op.getOther(), adaptor.getOther()));
    if (llvm::is_contained(result.dims, AffineExpr())) {
      if (takesShape) {
        sizes = asked;
        inferListSize(shapes, countElements(shapes, source), sizes);
      } else if (!findParts(shapes, op, source, sizes) && !findSizes(shapes, source, result.dims, sizes)) {
        return refuse(op, "a size of the result is not known");
      }
    }
    bool isAsked = true;
    if constexpr (takesSizes)
      isAsked = areAsked(op->getOperand(1), result.dims);
    if (takesShape && !(isAsked && haveEqualCounts(source.dims, result.dims)))
      checkCount(shapes, countElements(shapes, source), asked);
    else if (llvm::any_of(asked, [](OpFoldResult size) { return isConstantIntValue(size, -1); }))
      checkInferred(shapes, arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getBoolAttr(true)),
                    getNumbers(shapes, asked));
    if constexpr (std::is_same_v<Op, UnflattenOp>)
      checkParts(shapes, op, source, result);
    rewriter.replaceOp(op, toResult(shapes, shapes.reshape(source, result.dims, sizes), op.getResult()));
    return success();
  }

  /// The sizes that a dim is taken apart into make up the dim.
  static void checkParts(ShapeBuilder &shapes, UnflattenOp op, const ShapedValue &source, const ShapedValue &result) {
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), source.rank());
    if (failed(dim))
      return;
    ArrayRef<AffineExpr> parts = ArrayRef(result.dims).slice(*dim, result.rank() - source.rank() + 1);
    if (!areAsked(op.getSizes(), parts) || !haveEqualCounts(source.dims[*dim], parts))
      checkCount(shapes, shapes.asIndex(shapes.sizeOf(source, *dim)), getListSizes(shapes, op.getSizes()),
                 "unflatten: Provided sizes ",
                 " don't multiply up to the size of dim " + Twine(*dim) + " ({}) in the input tensor");
  }

  /// Sizes of the source with those that a dim is taken apart into in its place; false where none is.
  static bool findParts(ShapeBuilder &shapes, Op op, const ShapedValue &source, SmallVectorImpl<OpFoldResult> &sizes) {
    if constexpr (std::is_same_v<Op, UnflattenOp>) {
      FailureOr<int64_t> dim = findPartDim(op, op.getDim(), source.rank());
      if (failed(dim))
        return false;
      llvm::append_range(sizes, shapes.sizesOf(source));
      SmallVector<OpFoldResult> parts = getListSizes(shapes, op.getSizes());
      inferListSize(shapes, shapes.asIndex(sizes[*dim]), parts);
      sizes.erase(sizes.begin() + *dim);
      sizes.insert(sizes.begin() + *dim, parts.begin(), parts.end());
      return true;
    }
    return false;
  }

  /// Sizes of a result that has the dims of the source, apart from ones.
  static bool findSizes(ShapeBuilder &shapes, const ShapedValue &source, ArrayRef<AffineExpr> dims,
                        SmallVectorImpl<OpFoldResult> &sizes) {
    int64_t next = 0;
    for (AffineExpr dim : dims) {
      while (next < source.rank() && source.size(next) == 1)
        ++next;
      if (isConstant(dim, 1)) {
        sizes.push_back(shapes.builder.getIndexAttr(1));
        continue;
      }
      if (next == source.rank() || source.dims[next] != dim)
        return false;
      sizes.push_back(shapes.sizeOf(source, next++));
    }
    return true;
  }
};

/// Ops that reorder dims.
template <typename Op> struct PermuteLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    FailureOr<Permutation> permutation = getPermutation(op, facts);
    if (failed(permutation) || !*permutation)
      return refuse(op, "the order of dims is not known");
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    rewriter.replaceOp(op, toResult(shapes, shapes.transpose(source, **permutation), op.getResult()));
    return success();
  }
};

/// A tensor repeated to the shape of the result.
template <typename Op> struct ExpandLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    int64_t added = result.rank() - source.rank();
    SmallVector<OpFoldResult> sizes = getSizes(shapes, op, adaptor, source, result);
    source = broadcastTo(shapes, source, result.dims, sizes, Misfit::Expansion);
    bool repeats = false;
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < source.rank(); ++i) {
      bool isRepeated = isConstant(source.dims[i], 1) && !isConstant(result.dims[added + i], 1);
      repeats |= isRepeated;
      exprs.push_back(isRepeated ? shapes.expr(0) : shapes.dim(added + i));
    }
    for (AffineExpr size : ArrayRef(result.dims).take_front(added))
      repeats |= !isConstant(size, 1);
    ShapedValue expanded = repeats ? shapes.map(source.dtype, result.dims, sizes, source,
                                                AffineMap::get(result.rank(), 0, exprs, rewriter.getContext()),
                                                [](ScalarBuilder &, ValueRange args) { return args[0]; })
                                   : shapes.reshape(source, result.dims, sizes);
    rewriter.replaceOp(op, toResult(shapes, expanded, op.getResult()));
    return success();
  }

  /// The sizes that are asked for, with those of the tensor in place of -1.
  static SmallVector<OpFoldResult> getSizes(ShapeBuilder &shapes, Op op, typename Op::Adaptor adaptor,
                                            const ShapedValue &source, const ShapedValue &result) {
    if (!llvm::is_contained(result.dims, AffineExpr()))
      return shapes.sizesOf(result.dims, {});
    if constexpr (std::is_same_v<Op, ExpandAsOp>)
      return shapes.sizesOf(ShapedValue(op.getOther(), adaptor.getOther()));
    else {
      OpBuilder &b = shapes.builder;
      SmallVector<OpFoldResult> sizes = getListSizes(shapes, op.getSize());
      int64_t added = result.rank() - source.rank();
      for (auto [i, size] : llvm::enumerate(sizes)) {
        if (getConstantIntValue(size).value_or(-1) >= 0)
          continue;
        Value asked = shapes.asIndex(size);
        if (int64_t(i) < added) {
          raiseIf(shapes, b.createOrFold<arith::CmpIOp>(shapes.loc, arith::CmpIPredicate::slt, asked, shapes.index(0)),
                  "The expanded size of the tensor ({}) isn't allowed in a leading, non-existing dimension " +
                      std::to_string(i),
                  asked);
          continue;
        }
        Value isOwn = b.createOrFold<arith::CmpIOp>(shapes.loc, arith::CmpIPredicate::eq, asked, shapes.index(-1));
        Value own = shapes.asIndex(shapes.sizeOf(source, i - added));
        size = b.createOrFold<arith::SelectOp>(shapes.loc, isOwn, own, asked);
      }
      return sizes;
    }
  }
};

/// The parts of complex numbers along a new last dim.
struct ViewAsRealLowering : OpConversionPattern<ViewAsRealOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ViewAsRealOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
    sizes.push_back(rewriter.getIndexAttr(2));
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < source.rank(); ++i)
      exprs.push_back(shapes.dim(i));
    AffineMap map = AffineMap::get(result.rank(), 0, exprs, rewriter.getContext());
    auto choose = [&](ScalarBuilder &s, ValueRange args) {
      Value part = linalg::IndexOp::create(s.builder, s.loc, source.rank());
      Value zero = arith::ConstantIndexOp::create(s.builder, s.loc, 0);
      Value isReal = arith::CmpIOp::create(s.builder, s.loc, arith::CmpIPredicate::eq, part, zero);
      return s.select(isReal, s.real(args[0]), s.imag(args[0]));
    };
    rewriter.replaceOp(
        op, toResult(shapes, shapes.map(result.dtype, result.dims, sizes, source, map, choose), op.getResult()));
    return success();
  }
};

/// Complex numbers of the parts along the last dim.
struct ViewAsComplexLowering : OpConversionPattern<ViewAsComplexOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ViewAsComplexOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
    if (source.size(result.rank()) != 2)
      raiseIf(shapes,
              arith::CmpIOp::create(rewriter, op.getLoc(), arith::CmpIPredicate::ne, shapes.asIndex(sizes.back()),
                                    shapes.index(2)),
              "Tensor must have a last dimension of size 2");
    sizes.pop_back();
    auto readPart = [&](int64_t part) {
      SmallVector<AffineExpr> exprs;
      for (int64_t i = 0; i < result.rank(); ++i)
        exprs.push_back(shapes.dim(i));
      exprs.push_back(shapes.expr(part));
      return AffineMap::get(result.rank(), 0, exprs, rewriter.getContext());
    };
    auto join = [](ScalarBuilder &s, ValueRange args) { return s.complex(args[0], args[1]); };
    ShapedValue joined =
        shapes.map(result.dtype, result.dims, sizes, {source, source}, {readPart(0), readPart(1)}, join);
    rewriter.replaceOp(op, toResult(shapes, joined, op.getResult()));
    return success();
  }
};

/// The part at one index.
struct SelectLowering : OpConversionPattern<SelectOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(SelectOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), source.rank());
    if (failed(dim))
      return refuse(op, "the dim is not known");
    SmallVector<OpFoldResult> offsets(source.rank(), rewriter.getIndexAttr(0)), sizes = shapes.sizesOf(source);
    SmallVector<OpFoldResult> steps(source.rank(), rewriter.getIndexAttr(1));
    SmallVector<AffineExpr> dims = source.dims;
    checkPosition(shapes, op.getIndex(), source, *dim);
    offsets[*dim] = getPosition(shapes, op.getIndex(), shapes.sizeOf(source, *dim));
    sizes[*dim] = rewriter.getIndexAttr(1);
    dims[*dim] = shapes.expr(1);
    ShapedValue part = shapes.slice(source, offsets, dims, sizes, steps);
    sizes.erase(sizes.begin() + *dim);
    rewriter.replaceOp(op, toResult(shapes, shapes.reshape(part, result.dims, sizes), op.getResult()));
    return success();
  }
};

struct SliceLowering : OpConversionPattern<SliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(SliceOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    FailureOr<SlicedDim> slice = SlicedDim::find(shapes, op, source, op.getDim(), op.getStart(), op.getEnd(),
                                                 op.getStep(), ShapedValue(op.getResult(), Value()));
    if (failed(slice))
      return refuse(op, "the dim is not known");
    SmallVector<OpFoldResult> offsets(source.rank(), rewriter.getIndexAttr(0)), sizes = shapes.sizesOf(source);
    SmallVector<OpFoldResult> steps(source.rank(), rewriter.getIndexAttr(1));
    SmallVector<AffineExpr> dims = source.dims;
    offsets[slice->dim] = slice->start;
    sizes[slice->dim] = slice->size;
    steps[slice->dim] = slice->step;
    dims[slice->dim] = slice->sizeExpr;
    if (source.dims == dims && dims[slice->dim]) {
      rewriter.replaceOp(op, toResult(shapes, source, op.getResult()));
      return success();
    }
    rewriter.replaceOp(op, toResult(shapes, shapes.slice(source, offsets, dims, sizes, steps), op.getResult()));
    return success();
  }
};

struct NarrowLowering : OpConversionPattern<NarrowOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(NarrowOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), source.rank());
    if (failed(dim))
      return refuse(op, "the dim is not known");
    SmallVector<OpFoldResult> offsets(source.rank(), rewriter.getIndexAttr(0)), sizes = shapes.sizesOf(source);
    SmallVector<OpFoldResult> steps(source.rank(), rewriter.getIndexAttr(1));
    SmallVector<AffineExpr> dims = source.dims;
    OpFoldResult size = sizes[*dim];
    offsets[*dim] = getPosition(shapes, op.getStart(), size);
    dims[*dim] = ShapedValue(op.getResult(), Value()).dims[*dim];
    sizes[*dim] = dims[*dim] ? materializeSize(rewriter, op.getLoc(), dims[*dim])
                             : shapes.builder.createOrFold<arith::IndexCastOp>(op.getLoc(), rewriter.getIndexType(),
                                                                               op.getLength());
    checkRange(shapes, op.getStart(), offsets[*dim], sizes[*dim], size);
    rewriter.replaceOp(op, toResult(shapes, shapes.slice(source, offsets, dims, sizes, steps), op.getResult()));
    return success();
  }
};

/// Copies overlapping windows.
struct UnfoldLowering : OpConversionPattern<UnfoldOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(UnfoldOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    std::optional<int64_t> given = facts.getConstantInt(op.getDimension());
    if (!given)
      return refuse(op, "the dim is not known");
    int64_t rank = source.rank(), dim = *given < 0 ? *given + std::max<int64_t>(rank, 1) : *given;
    auto index = [&](Value number) {
      return rewriter.createOrFold<arith::IndexCastOp>(op.getLoc(), rewriter.getIndexType(), number);
    };
    Value size = index(op.getSize()), step = index(op.getStep());
    Value whole = rank ? shapes.asIndex(shapes.sizeOf(source, dim)) : shapes.index(1);
    auto isLess = [&](Value a, Value b) {
      return rewriter.createOrFold<arith::CmpIOp>(op.getLoc(), arith::CmpIPredicate::slt, a, b);
    };
    raiseIf(shapes, isLess(size, shapes.index(0)), "size is {} but must be >= 0", {size});
    raiseIf(shapes, isLess(whole, size),
            "maximum size for tensor at dimension " + std::to_string(dim) + " is {} but size is {}", {whole, size});
    raiseIf(shapes, isLess(step, shapes.index(1)), "step is {} but must be > 0", {step});
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
    if (rank && result.dims[dim]) {
      sizes[dim] = materializeSize(rewriter, op.getLoc(), result.dims[dim]);
    } else if (rank) {
      Value rest = rewriter.createOrFold<arith::SubIOp>(op.getLoc(), whole, size);
      Value last = rewriter.createOrFold<arith::DivUIOp>(op.getLoc(), rest, step);
      sizes[dim] = rewriter.createOrFold<arith::AddIOp>(op.getLoc(), last, shapes.index(1));
    }
    sizes.push_back(result.dims.back() ? materializeSize(rewriter, op.getLoc(), result.dims.back())
                                       : OpFoldResult(size));
    auto place = [&](ScalarBuilder &s, SmallVector<Value> position) {
      Value inside = position.pop_back_val();
      if (!rank)
        return position;
      Value first = arith::MulIOp::create(s.builder, s.loc, position[dim], step);
      position[dim] = arith::AddIOp::create(s.builder, s.loc, first, inside);
      return position;
    };
    rewriter.replaceOp(op, toResult(shapes, shapes.gather(source, result.dims, sizes, place), op.getResult()));
    return success();
  }
};

} // namespace

void wick::populateViewPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ReshapeLowering<ViewAsSizeOp>, ReshapeLowering<ReshapeToOp>, ReshapeLowering<ViewAsOp>,
               ReshapeLowering<FlattenOp>, ReshapeLowering<UnflattenOp>, ReshapeLowering<UnsqueezeOp>,
               ReshapeLowering<SqueezeOp>, PermuteLowering<TransposeOp>, PermuteLowering<SwapaxesOp>,
               PermuteLowering<TOp>, PermuteLowering<NumpyTOp>, PermuteLowering<MTOp>, PermuteLowering<PermuteOp>,
               PermuteLowering<MovedimOp>, ExpandLowering<ExpandOp>, ExpandLowering<ExpandAsOp>, ViewAsRealLowering,
               ViewAsComplexLowering, SelectLowering, SliceLowering, NarrowLowering, UnfoldLowering>(
      converter, patterns.getContext());
}
