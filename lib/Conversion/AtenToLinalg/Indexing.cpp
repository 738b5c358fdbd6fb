//===- Indexing.cpp - lowerings: gathers and scatters -----------------------===//
//
// A gather is a map whose body reads the source at a computed position. Indices are
// data: before anything else they are checked to be in range, and an error is raised
// where one is not; in the body each is limited to its dim all the same, so that no
// element outside is read if kernels run before the check.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/TS/IR/Casts.h"

#include "Broadcast.h"
#include "Checks.h"
#include "Parts.h"
#include "Patterns.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

//===----------------------------------------------------------------------===//
// Gathers
//===----------------------------------------------------------------------===//

/// A position in a dim for an element of an index tensor, which may count from the end.
Value getIndex(OpBuilder &b, Location loc, Value element, Value size, bool wrap) {
  Value index = arith::IndexCastOp::create(b, loc, b.getIndexType(), element);
  Value zero = arith::ConstantIndexOp::create(b, loc, 0), one = arith::ConstantIndexOp::create(b, loc, 1);
  if (wrap) {
    Value negative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, index, zero);
    Value wrapped = arith::AddIOp::create(b, loc, index, size);
    index = arith::SelectOp::create(b, loc, negative, wrapped, index);
  }
  index = arith::MaxSIOp::create(b, loc, index, zero);
  return arith::MinSIOp::create(b, loc, index, arith::SubIOp::create(b, loc, size, one));
}

/// A result of which dims [place, place + rank of indices) are those of the indices, and the others the rest of the
/// source's, of which dim `dim` is left out.
ShapedValue gatherParts(ShapeBuilder &shapes, const ShapedValue &source, int64_t dim, const ShapedValue &indices) {
  SmallVector<AffineExpr> dims(ArrayRef(source.dims).take_front(dim)), exprs;
  SmallVector<OpFoldResult> sizes;
  for (int64_t i = 0; i < dim; ++i)
    sizes.push_back(shapes.sizeOf(source, i));
  for (int64_t i = 0; i < indices.rank(); ++i) {
    exprs.push_back(shapes.dim(dims.size()));
    dims.push_back(indices.dims[i]);
    sizes.push_back(shapes.sizeOf(indices, i));
  }
  for (int64_t i = dim + 1; i < source.rank(); ++i) {
    dims.push_back(source.dims[i]);
    sizes.push_back(shapes.sizeOf(source, i));
  }
  Value size = shapes.asIndex(shapes.sizeOf(source, dim));
  checkIndices(shapes, indices, size, /*fromEnd=*/false, std::nullopt);
  AffineMap map = AffineMap::get(dims.size(), 0, exprs, shapes.builder.getContext());
  return shapes.map(source.dtype, dims, sizes, indices, map, [&](ScalarBuilder &s, ValueRange args) {
    SmallVector<Value> position;
    for (int64_t i = 0; i < int64_t(dims.size()); ++i)
      if (i < dim || i >= dim + indices.rank())
        position.push_back(linalg::IndexOp::create(s.builder, s.loc, i));
    position.insert(position.begin() + dim, getIndex(s.builder, s.loc, args[0], size, false));
    Value element = tensor::ExtractOp::create(s.builder, s.loc, source.value, position);
    return fromStorage(s.builder, s.loc, element, source.dtype);
  });
}

struct EmbeddingLowering : OpConversionPattern<EmbeddingOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(EmbeddingOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue weight(op.getWeight(), adaptor.getWeight()), indices(op.getIndices(), adaptor.getIndices());
    rewriter.replaceOp(op, toResult(shapes, gatherParts(shapes, weight, 0, indices), op.getResult()));
    return success();
  }
};

struct IndexSelectLowering : OpConversionPattern<IndexSelectOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(IndexSelectOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), index(op.getIndex(), adaptor.getIndex());
    if (source.rank() == 0) {
      rewriter.replaceOp(op, toResult(shapes, source, op.getResult()));
      return success();
    }
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), source.rank());
    if (failed(dim))
      return refuse(op, "the dim is not known");
    if (index.rank() == 0)
      index = shapes.reshape(index, shapes.expr(1));
    rewriter.replaceOp(op, toResult(shapes, gatherParts(shapes, source, *dim, index), op.getResult()));
    return success();
  }
};

/// Elements by index along a dim; the result has the shape of the index, to which the other dims of the source may
/// broadcast.
ShapedValue gatherAlong(ShapeBuilder &shapes, const ShapedValue &source, int64_t dim, const ShapedValue &index,
                        ArrayRef<AffineExpr> dims) {
  SmallVector<Value> sourceSizes = getNumbers(shapes, source);
  checkIndices(shapes, index, sourceSizes[dim], /*fromEnd=*/false, dim);
  return shapes.map(source.dtype, dims, index, [&](ScalarBuilder &s, ValueRange args) {
    SmallVector<Value> position;
    for (int64_t i = 0; i < source.rank(); ++i) {
      if (i == dim)
        position.push_back(getIndex(s.builder, s.loc, args[0], sourceSizes[i], false));
      else if (isConstant(source.dims[i], 1))
        position.push_back(arith::ConstantIndexOp::create(s.builder, s.loc, 0));
      else
        position.push_back(linalg::IndexOp::create(s.builder, s.loc, i));
    }
    Value element = tensor::ExtractOp::create(s.builder, s.loc, source.value, position);
    return fromStorage(s.builder, s.loc, element, source.dtype);
  });
}

/// The sizes of tensors, one after another, as the numbers of a message.
SmallVector<Value> getShapes(ShapeBuilder &shapes, ArrayRef<ShapedValue> tensors) {
  SmallVector<Value> numbers;
  for (const ShapedValue &tensor : tensors)
    llvm::append_range(numbers, getNumbers(shapes, tensor));
  return numbers;
}

struct GatherLowering : OpConversionPattern<GatherOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(GatherOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), index(op.getIndex(), adaptor.getIndex());
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), std::max<int64_t>(source.rank(), 1));
    if (failed(dim))
      return refuse(op, "the dim is not known");
    if (source.rank() == 0)
      source = shapes.reshape(source, shapes.expr(1));
    SmallVector<AffineExpr> dims = index.dims;
    if (index.rank() == 0)
      index = shapes.reshape(index, shapes.expr(1));
    for (int64_t i = 0; i < index.rank(); ++i)
      if (i != *dim)
        checkSizes(shapes, index, i, source, i, /*atMost=*/true,
                   "Size does not match at dimension " + std::to_string(i) + " expected index " +
                       ts::getListForm(index.rank()) + " to be no larger than self " + ts::getListForm(source.rank()) +
                       " apart from dimension " + std::to_string(*dim),
                   getShapes(shapes, {index, source}));
    ShapedValue result = gatherAlong(shapes, source, *dim, index, index.dims);
    rewriter.replaceOp(op, toResult(shapes, shapes.reshape(result, dims, shapes.sizesOf(index)), op.getResult()));
    return success();
  }
};

struct TakeAlongDimLowering : OpConversionPattern<TakeAlongDimOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(TakeAlongDimOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), index(op.getIndices(), adaptor.getIndices());
    ShapedValue result(op.getResult(), Value());
    if (llvm::is_contained(source.dims, AffineExpr()) || llvm::is_contained(result.dims, AffineExpr()))
      return refuse(op, "a size is not known");
    int64_t dim = 0;
    if (facts.isNone(op.getDim())) {
      source = shapes.reshape(source, getNumElements(source.dims, op.getContext()));
      index = shapes.reshape(index, result.dims);
    } else {
      FailureOr<int64_t> known = findPartDim(op, op.getDim(), source.rank());
      if (failed(known))
        return refuse(op, "the dim is not known");
      dim = *known;
    }
    rewriter.replaceOp(op, toResult(shapes, gatherAlong(shapes, source, dim, index, result.dims), op.getResult()));
    return success();
  }
};

/// The dims of `self` that a list of index tensors addresses, and where their shape stands in the result.
struct IndexedDims {
  /// For each dim of self its index tensor, or an empty value where the dim stays.
  SmallVector<ShapedValue> indices;
  int64_t place = 0, indexRank = 0;

  static FailureOr<IndexedDims> find(Operation *op, Value list, int64_t rank, int64_t resultRank,
                                     ConversionPatternRewriter &rewriter) {
    StaticFacts facts;
    std::optional<SmallVector<Value>> values = facts.getList(list);
    if (!values)
      return failure();
    IndexedDims result;
    int64_t first = -1, last = -1, count = 0;
    for (auto [i, value] : llvm::enumerate(*values)) {
      value = ts::stripUpcasts(value);
      if (isa<ts::NoneType>(value.getType())) {
        result.indices.emplace_back();
        continue;
      }
      result.indices.emplace_back(value, rewriter.getRemappedValue(value));
      Type dtype = result.indices.back().dtype;
      if (dtype.isInteger(1) || dtype.isUnsignedInteger(8)) {
        op->emitOpError() << "selects by a mask, so that the shape of its result depends on data";
        return failure();
      }
      result.indexRank = std::max(result.indexRank, result.indices.back().rank());
      first = first == -1 ? i : first;
      last = i;
      ++count;
    }
    result.indices.resize(rank);
    result.place = count && last - first + 1 == count ? first : 0;
    return result;
  }
};

/// Brings the index tensors, which broadcast, to one shape of the rank of the largest.
void broadcastIndices(ShapeBuilder &shapes, IndexedDims &indexed) {
  SmallVector<ShapedValue> tensors;
  for (const ShapedValue &index : indexed.indices)
    if (index)
      tensors.push_back(index);
  auto ownDim = [&](unsigned k, int64_t i) { return i - (indexed.indexRank - tensors[k].rank()); };
  SmallVector<ShapedValue> given = tensors;
  std::string form = "shape mismatch: indexing tensors could not be broadcast together with shapes ";
  for (auto [k, tensor] : llvm::enumerate(given))
    form += (k ? ", " : "") + ts::getListForm(tensor.rank());
  broadcastTogether(shapes, tensors, indexed.indexRank, ownDim, [&](Value condition, unsigned, int64_t, Value, Value) {
    raiseIf(shapes, condition, form, getShapes(shapes, given));
  });
  const ShapedValue *next = tensors.begin();
  for (ShapedValue &index : indexed.indices)
    if (index)
      index = *next++;
}

/// As LibTorch's errors number them, dims are those that have an index.
void checkIndices(ShapeBuilder &shapes, const IndexedDims &indexed, ArrayRef<Value> sizes) {
  int64_t dim = 0;
  for (auto [index, size] : llvm::zip(indexed.indices, sizes))
    if (index)
      wick::checkIndices(shapes, index, size, /*fromEnd=*/true, dim++);
}

struct IndexLowering : OpConversionPattern<IndexOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(IndexOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf()), result(op.getResult(), Value());
    FailureOr<IndexedDims> indexed = IndexedDims::find(op, op.getIndices(), source.rank(), result.rank(), rewriter);
    if (failed(indexed))
      return refuse(op, "the indices are not integers in a list of known length");
    broadcastIndices(shapes, *indexed);
    SmallVector<ShapedValue> operands;
    SmallVector<AffineMap> maps;
    SmallVector<OpFoldResult> sizes(result.rank());
    for (const ShapedValue &index : indexed->indices) {
      if (!index)
        continue;
      SmallVector<AffineExpr> exprs;
      for (int64_t i = 0; i < index.rank(); ++i) {
        int64_t dim = indexed->place + indexed->indexRank - index.rank() + i;
        bool repeats = isConstant(index.dims[i], 1) && !isConstant(result.dims[dim], 1);
        exprs.push_back(repeats ? shapes.expr(0) : shapes.dim(dim));
        if (!repeats && !result.dims[dim])
          sizes[dim] = shapes.sizeOf(index, i);
      }
      operands.push_back(index);
      maps.push_back(AffineMap::get(result.rank(), 0, exprs, rewriter.getContext()));
    }
    // The dims that stay, in order, around those of the indices.
    SmallVector<int64_t> kept(source.rank(), -1);
    int64_t next = 0;
    for (int64_t i = 0; i < source.rank(); ++i) {
      if (indexed->indices[i])
        continue;
      if (next == indexed->place)
        next += indexed->indexRank;
      kept[i] = next;
      if (!result.dims[next])
        sizes[next] = shapes.sizeOf(source, i);
      ++next;
    }
    SmallVector<Value> sourceSizes = getNumbers(shapes, source);
    checkIndices(shapes, *indexed, sourceSizes);
    ShapedValue gathered =
        shapes.map(source.dtype, result.dims, sizes, operands, maps, [&](ScalarBuilder &s, ValueRange args) {
          SmallVector<Value> position;
          for (int64_t i = 0, used = 0; i < source.rank(); ++i)
            position.push_back(indexed->indices[i] ? getIndex(s.builder, s.loc, args[used++], sourceSizes[i], true)
                                                   : Value(linalg::IndexOp::create(s.builder, s.loc, kept[i])));
          Value element = tensor::ExtractOp::create(s.builder, s.loc, source.value, position);
          return fromStorage(s.builder, s.loc, element, source.dtype);
        });
    rewriter.replaceOp(op, toResult(shapes, gathered, op.getResult()));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Scatters
//===----------------------------------------------------------------------===//

/// Loops over all elements of `updates` in order, and writes `element` to the position that `place` gives.
ShapedValue scatter(ShapeBuilder &shapes, const ShapedValue &self, ArrayRef<Value> sizes,
                    function_ref<SmallVector<Value>(OpBuilder &, Location, ArrayRef<Value>)> place,
                    function_ref<Value(OpBuilder &, Location, ArrayRef<Value>, Value old)> element) {
  // What is written is a copy: the loops update one tensor in place.
  Value target =
      linalg::CopyOp::create(shapes.builder, shapes.loc, self.value, shapes.empty(self.dtype, shapes.sizesOf(self)))
          .getResult(0);
  SmallVector<Value> lower(sizes.size(), shapes.index(0)), steps(sizes.size(), shapes.index(1));
  auto store = [&](OpBuilder &b, Location l, ArrayRef<Value> position, Value target) -> Value {
    SmallVector<Value> at = place(b, l, position);
    Value old = tensor::ExtractOp::create(b, l, target, at);
    return tensor::InsertOp::create(b, l, element(b, l, position, old), target, at);
  };
  if (sizes.empty())
    return {store(shapes.builder, shapes.loc, {}, target), self.dtype, self.dims};
  scf::LoopNest loops =
      scf::buildLoopNest(shapes.builder, shapes.loc, lower, sizes, steps, target,
                         [&](OpBuilder &b, Location l, ValueRange position, ValueRange target) -> scf::ValueVector {
                           return {store(b, l, llvm::to_vector(position), target[0])};
                         });
  return {loops.results[0], self.dtype, self.dims};
}

/// Raises LibTorch's error unless an index is within a tensor, apart from one dim, and within what is written to it.
void checkScattered(ShapeBuilder &shapes, const ShapedValue &self, const ShapedValue &index, const ShapedValue &src,
                    int64_t dim) {
  std::string form = "Expected index " + ts::getListForm(index.rank()) + " to be no larger than self " +
                     ts::getListForm(self.rank()) + " apart from dimension " + std::to_string(dim);
  SmallVector<Value> numbers = getShapes(shapes, {index, self});
  if (src) {
    form += " and to be no larger size than src " + ts::getListForm(src.rank());
    llvm::append_range(numbers, getNumbers(shapes, src));
  }
  for (int64_t i = 0; i < index.rank(); ++i) {
    if (i != dim)
      checkSizes(shapes, index, i, self, i, /*atMost=*/true, form, numbers);
    if (src)
      checkSizes(shapes, index, i, src, i, /*atMost=*/true, form, numbers);
  }
}

/// scatter, scatter.value and scatter_add.
template <typename Op> struct ScatterLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf()), index(op.getIndex(), adaptor.getIndex());
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), self.rank());
    if (failed(dim) || index.rank() != self.rank())
      return refuse(op, "the dim is not known or a tensor has no dims");
    Value value;
    if constexpr (std::is_same_v<Op, ScatterValueOp>) {
      FailureOr<Value> number = convertNumber(rewriter, op.getLoc(), op.getValue(), self.dtype);
      if (failed(number))
        return refuse(op, "the value is no number");
      value = toStorage(rewriter, op.getLoc(), *number, self.dtype);
    }
    Value size = shapes.asIndex(shapes.sizeOf(self, *dim));
    checkIndices(shapes, index, size, /*fromEnd=*/false, *dim);
    ShapedValue src;
    if constexpr (!std::is_same_v<Op, ScatterValueOp>)
      src = ShapedValue(op.getSrc(), adaptor.getSrc());
    checkScattered(shapes, self, index, src, *dim);
    auto place = [&](OpBuilder &b, Location l, ArrayRef<Value> position) {
      SmallVector<Value> at(position);
      at[*dim] = getIndex(b, l, tensor::ExtractOp::create(b, l, index.value, position), size, false);
      return at;
    };
    auto element = [&](OpBuilder &b, Location l, ArrayRef<Value> position, Value old) -> Value {
      if constexpr (std::is_same_v<Op, ScatterValueOp>) {
        return value;
      } else {
        Value update = tensor::ExtractOp::create(b, l, adaptor.getSrc(), position);
        if constexpr (std::is_same_v<Op, ScatterAddOp>) {
          ScalarBuilder s(b, l, self.dtype);
          Value sum = s.add(fromStorage(b, l, old, self.dtype), fromStorage(b, l, update, self.dtype));
          return toStorage(b, l, sum, self.dtype);
        }
        return update;
      }
    };
    ShapedValue result = scatter(shapes, self, getNumbers(shapes, index), place, element);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

/// Without `include_self` what the index reaches first becomes neutral; a mean is a sum and then a division.
struct ScatterReduceLowering : OpConversionPattern<ScatterReduceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ScatterReduceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf()), index(op.getIndex(), adaptor.getIndex());
    FailureOr<int64_t> dim = findPartDim(op, op.getDim(), self.rank());
    std::optional<StringRef> reduce = facts.getString(op.getReduce());
    std::optional<bool> includesSelf = facts.getBool(op.getIncludeSelf());
    if (failed(dim) || index.rank() != self.rank() || !reduce || !includesSelf)
      return rewriter.notifyMatchFailure(op, "the dim or reduction is not known or a tensor has no dims");
    Value size = shapes.asIndex(shapes.sizeOf(self, *dim));
    checkIndices(shapes, index, size, /*fromEnd=*/false, *dim);
    checkScattered(shapes, self, index, ShapedValue(op.getSrc(), adaptor.getSrc()), *dim);
    SmallVector<Value> sizes = getNumbers(shapes, index);
    auto place = [&](OpBuilder &b, Location l, ArrayRef<Value> position) {
      SmallVector<Value> at(position);
      at[*dim] = getIndex(b, l, tensor::ExtractOp::create(b, l, index.value, position), size, false);
      return at;
    };
    ShapedValue result = self;
    if (!*includesSelf) {
      Value neutral = toStorage(rewriter, op.getLoc(), getNeutral(shapes, *reduce, self.dtype), self.dtype);
      result = scatter(shapes, result, sizes, place,
                       [&](OpBuilder &, Location, ArrayRef<Value>, Value) -> Value { return neutral; });
    }
    result = scatter(
        shapes, result, sizes, place, [&](OpBuilder &b, Location l, ArrayRef<Value> position, Value old) -> Value {
          ScalarBuilder s(b, l, self.dtype);
          Value a = fromStorage(b, l, old, self.dtype);
          Value update = fromStorage(b, l, tensor::ExtractOp::create(b, l, adaptor.getSrc(), position), self.dtype);
          Value value = *reduce == "prod"   ? s.mul(a, update)
                        : *reduce == "amax" ? s.max(a, update)
                        : *reduce == "amin" ? s.min(a, update)
                                            : s.add(a, update);
          return toStorage(b, l, value, self.dtype);
        });
    if (*reduce == "mean") {
      Type i64 = rewriter.getI64Type();
      ShapedValue counts(shapes.filled(i64, shapes.sizesOf(self), *includesSelf), i64, self.dims);
      counts =
          scatter(shapes, counts, sizes, place, [&](OpBuilder &b, Location l, ArrayRef<Value>, Value old) -> Value {
            return arith::AddIOp::create(b, l, old, createIntConstant(b, l, i64, 1));
          });
      result = shapes.map(self.dtype, self.dims, {result, counts}, [&](ScalarBuilder &s, ValueRange args) -> Value {
        ScalarBuilder numbers(s.builder, s.loc, i64), values(s.builder, s.loc, self.dtype);
        Value count = numbers.max(args[1], numbers.constant(1));
        Value divisor = convertScalar(s.builder, s.loc, count, i64, self.dtype);
        return values.isFloat() ? values.div(args[0], divisor) : values.floorDiv(args[0], divisor);
      });
    }
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }

  /// What changes nothing, in compute form.
  static Value getNeutral(ShapeBuilder &shapes, StringRef reduce, Type dtype) {
    OpBuilder &b = shapes.builder;
    if (reduce != "amax" && reduce != "amin")
      return createConstant(b, shapes.loc, dtype, reduce == "prod");
    bool isMax = reduce == "amax";
    if (isa<FloatType>(dtype))
      return createConstant(b, shapes.loc, dtype, isMax ? -INFINITY : INFINITY);
    unsigned width = dtype.getIntOrFloatBitWidth();
    bool isUnsigned = dtype.isUnsignedInteger() || width == 1;
    APInt value = isMax ? (isUnsigned ? APInt::getMinValue(width) : APInt::getSignedMinValue(width))
                        : (isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width));
    return createIntConstant(b, shapes.loc, dtype, isUnsigned ? value.getZExtValue() : value.getSExtValue());
  }
};

/// What is written through indices, with as many elements as there are places for.
ShapedValue broadcastValues(ShapeBuilder &shapes, const ShapedValue &values, ArrayRef<AffineExpr> dims,
                            ArrayRef<Value> sizes) {
  std::string form = "shape mismatch: value tensor of shape " + ts::getListForm(values.rank()) +
                     " cannot be broadcast to indexing result of shape " + ts::getListForm(sizes.size());
  SmallVector<Value> numbers = getShapes(shapes, values);
  llvm::append_range(numbers, sizes);
  return broadcastTo(shapes, values, dims, getAsOpFoldResult(sizes),
                     [&](Value condition, int64_t, Value, Value) { raiseIf(shapes, condition, form, numbers); });
}

struct IndexPutLowering : OpConversionPattern<IndexPutOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(IndexPutOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf()), values(op.getValues(), adaptor.getValues());
    std::optional<bool> accumulate = facts.getBool(op.getAccumulate());
    FailureOr<IndexedDims> indexed = IndexedDims::find(op, op.getIndices(), self.rank(), -1, rewriter);
    if (failed(indexed) || !accumulate)
      return refuse(op, "the indices are not integers in a list of known length");
    broadcastIndices(shapes, *indexed);
    checkIndices(shapes, *indexed, getNumbers(shapes, self));
    // The shape of what is written: that of the indices, in place of the dims that they address.
    SmallVector<Value> sizes(indexed->indexRank, shapes.index(1)), selfSizes = getNumbers(shapes, self);
    SmallVector<AffineExpr> dims(indexed->indexRank, shapes.expr(1));
    for (const ShapedValue &index : indexed->indices)
      for (int64_t i = 0; index && i < index.rank(); ++i) {
        int64_t dim = indexed->indexRank - index.rank() + i;
        if (isConstant(index.dims[i], 1))
          continue;
        sizes[dim] = shapes.asIndex(shapes.sizeOf(index, i));
        dims[dim] = index.dims[i];
      }
    SmallVector<int64_t> kept(self.rank(), -1);
    int64_t next = 0;
    for (int64_t i = 0; i < self.rank(); ++i) {
      if (indexed->indices[i])
        continue;
      if (next == indexed->place)
        next += indexed->indexRank;
      sizes.insert(sizes.begin() + next, selfSizes[i]);
      dims.insert(dims.begin() + next, self.dims[i]);
      kept[i] = next++;
    }
    values = broadcastValues(shapes, values, dims, sizes);
    auto readBroadcast = [&](OpBuilder &b, Location l, const ShapedValue &tensor, ArrayRef<Value> position) -> Value {
      SmallVector<Value> at;
      for (int64_t i = 0; i < tensor.rank(); ++i)
        at.push_back(isConstant(tensor.dims[i], 1) ? arith::ConstantIndexOp::create(b, l, 0).getResult()
                                                   : position[position.size() - tensor.rank() + i]);
      return tensor::ExtractOp::create(b, l, tensor.value, at);
    };
    auto place = [&](OpBuilder &b, Location l, ArrayRef<Value> position) {
      SmallVector<Value> at;
      for (int64_t i = 0; i < self.rank(); ++i) {
        const ShapedValue &index = indexed->indices[i];
        ArrayRef<Value> indexPosition = position.slice(indexed->place, indexed->indexRank);
        at.push_back(index ? getIndex(b, l, readBroadcast(b, l, index, indexPosition), selfSizes[i], true)
                           : position[kept[i]]);
      }
      return at;
    };
    auto element = [&](OpBuilder &b, Location l, ArrayRef<Value> position, Value old) -> Value {
      Value update = readBroadcast(b, l, values, position);
      if (!*accumulate)
        return update;
      ScalarBuilder s(b, l, self.dtype);
      return toStorage(b, l, s.add(fromStorage(b, l, old, self.dtype), fromStorage(b, l, update, self.dtype)),
                       self.dtype);
    };
    rewriter.replaceOp(op, toResult(shapes, scatter(shapes, self, sizes, place, element), op.getResult()));
    return success();
  }
};

/// Raises unless a tensor has the sizes of the part that it replaces.
ShapedValue checkPart(ShapeBuilder &shapes, const ShapedValue &src, ArrayRef<AffineExpr> dims,
                      ArrayRef<OpFoldResult> sizes) {
  std::string list = ts::getListForm(src.rank());
  SmallVector<Value> numbers = getNumbers(shapes, src);
  llvm::append_range(numbers, getNumbers(shapes, sizes));
  bool fits = true;
  for (int64_t i = 0; i < src.rank(); ++i) {
    fits &= !areDistinct(src.dims[i], dims[i]);
    if (!src.dims[i] || src.dims[i] != dims[i])
      checkSizes(shapes, numbers[i], numbers[src.rank() + i], /*atMost=*/false,
                 "expected src to have a size equal to the slice of self. src size = " + list +
                     ", slice size = " + list,
                 numbers);
  }
  if (fits)
    return shapes.cast(src, dims);
  return {shapes.empty(src.dtype, sizes), src.dtype, llvm::to_vector(dims)};
}

/// A tensor of the shape of a slice, as far as types tell.
ShapedValue getSliced(SliceScatterOp op, const ShapedValue &self, const ShapedValue &src) {
  StaticFacts facts;
  ShapedValue sliced = src;
  FailureOr<int64_t> dim = findPartDim(op, op.getDim(), self.rank());
  std::optional<int64_t> step = facts.getConstantInt(op.getStep());
  if (failed(dim) || src.rank() != self.rank())
    return sliced;
  auto bound = [&](Value value, int64_t otherwise) {
    return facts.isNone(value) ? getAffineConstantExpr(otherwise, op.getContext()) : facts.getInt(value);
  };
  AffineExpr size = inferSliceSize(self.dims[*dim], bound(op.getStart(), 0),
                                   bound(op.getEnd(), std::numeric_limits<int64_t>::max()), step.value_or(1));
  sliced.dims[*dim] = step ? size : AffineExpr();
  return sliced;
}

/// Replaces the part of a tensor that a slice or select shows.
template <typename Op> struct PartScatterLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf()), src(op.getSrc(), adaptor.getSrc());
    src = shapes.convert(src, self.dtype);
    SmallVector<OpFoldResult> offsets(self.rank(), rewriter.getIndexAttr(0)), sizes = shapes.sizesOf(self);
    SmallVector<OpFoldResult> steps(self.rank(), rewriter.getIndexAttr(1));
    if constexpr (std::is_same_v<Op, SelectScatterOp>) {
      FailureOr<int64_t> dim = findPartDim(op, op.getDim(), self.rank());
      if (failed(dim))
        return refuse(op, "the dim is not known");
      checkPosition(shapes, op.getIndex(), self, *dim);
      offsets[*dim] = getPosition(shapes, op.getIndex(), sizes[*dim]);
      SmallVector<AffineExpr> dims = self.dims;
      SmallVector<OpFoldResult> part = sizes;
      dims.erase(dims.begin() + *dim);
      part.erase(part.begin() + *dim);
      src = checkPart(shapes, src, dims, part);
      sizes[*dim] = rewriter.getIndexAttr(1);
    } else {
      FailureOr<SlicedDim> slice = SlicedDim::find(shapes, op, self, op.getDim(), op.getStart(), op.getEnd(),
                                                   op.getStep(), getSliced(op, self, src));
      if (failed(slice))
        return refuse(op, "the dim is not known");
      offsets[slice->dim] = slice->start;
      sizes[slice->dim] = slice->size;
      steps[slice->dim] = slice->step;
      SmallVector<AffineExpr> dims = self.dims;
      dims[slice->dim] = slice->sizeExpr;
      src = checkPart(shapes, src, dims, sizes);
    }
    // Nothing has no part that begins in it.
    if (llvm::none_of(self.dims, [](AffineExpr size) { return isConstant(size, 0); }))
      self.value = tensor::InsertSliceOp::create(rewriter, op.getLoc(), src.value, self.value, offsets, sizes, steps);
    rewriter.replaceOp(op, toResult(shapes, self, op.getResult()));
    return success();
  }
};

/// Counts first, and then writes the positions in order.
struct NonzeroLowering : OpConversionPattern<NonzeroOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(NonzeroOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ShapeBuilder shapes(rewriter, loc);
    Type i64 = rewriter.getI64Type(), i1 = rewriter.getI1Type();
    ShapedValue self = shapes.convert({op.getSelf(), adaptor.getSelf()}, i1);
    int64_t rank = self.rank();
    ShapedValue total = shapes.sum(i64, self, llvm::to_vector(llvm::seq<int64_t>(0, rank)));
    Value count = tensor::ExtractOp::create(rewriter, loc, total.value, ValueRange());
    count = arith::IndexCastOp::create(rewriter, loc, rewriter.getIndexType(), count);
    Value target = shapes.empty(i64, {count, rewriter.getIndexAttr(rank)});
    Value zero = shapes.index(0), one = shapes.index(1);
    auto visit = [&](OpBuilder &b, Location l, ValueRange position, ValueRange carried) -> scf::ValueVector {
      Value element = tensor::ExtractOp::create(b, l, self.value, position);
      auto branch = scf::IfOp::create(
          b, l, fromStorage(b, l, element, i1),
          [&](OpBuilder &b, Location l) {
            Value rows = carried[0];
            for (auto [i, index] : llvm::enumerate(position)) {
              Value number = arith::IndexCastOp::create(b, l, i64, index);
              Value column = arith::ConstantIndexOp::create(b, l, i);
              rows = tensor::InsertOp::create(b, l, number, rows, {carried[1], column});
            }
            Value next = arith::AddIOp::create(b, l, carried[1], one);
            scf::YieldOp::create(b, l, {rows, next});
          },
          [&](OpBuilder &b, Location l) { scf::YieldOp::create(b, l, carried); });
      return {branch.getResult(0), branch.getResult(1)};
    };
    SmallVector<Value> sizes = getNumbers(shapes, self);
    SmallVector<Value> lower(rank, zero), steps(rank, one);
    if (rank != 0)
      target = scf::buildLoopNest(rewriter, loc, lower, sizes, steps, ValueRange{target, zero}, visit).results[0];
    ShapedValue result(target, i64, {AffineExpr(), shapes.expr(rank)});
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

} // namespace

void wick::populateIndexingPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<EmbeddingLowering, IndexSelectLowering, GatherLowering, TakeAlongDimLowering, IndexLowering,
               ScatterLowering<ScatterOp>, ScatterLowering<ScatterValueOp>, ScatterLowering<ScatterAddOp>,
               ScatterReduceLowering, NonzeroLowering, IndexPutLowering, PartScatterLowering<SliceScatterOp>,
               PartScatterLowering<SelectScatterOp>>(converter, patterns.getContext());
  populateRearrangementPatterns(converter, patterns);
}
