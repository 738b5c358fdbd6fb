//===- Reduction.cpp - lowering of sums, means and extrema over dims --------===//
#include "Checks.h"
#include "Patterns.h"
#include "Reductions.h"
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"
#include "wick/Dialect/Aten/IR/ReductionRules.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace wick;

namespace {
/// What the lowerings of reductions have in common: the operand, the dims and the type of the result.
struct Reduction {
  Reduction(Operation *op, Value converted, Value dim, Value keepdim, ConversionPatternRewriter &rewriter)
      : op(op), loc(op->getLoc()), rewriter(rewriter), operand(converted), original(getOriginalType(op->getOperand(0))),
        result(getOriginalType(op->getResult(0))) {
    aten::StaticFacts facts;
    dims = **aten::getReducedDims(op, facts, dim, original.getRank());
    keeps = !facts.isNone(keepdim) && *facts.getBool(keepdim);
  }

  /// Converts the operand before it is reduced.
  void convertOperand(Type dtype) {
    auto type = ts::TensorType::getFromValueType(original);
    RankedTensorType target = ts::TensorType::get(op->getContext(), type.getDims(), dtype).getValueType();
    operand = convertElements(rewriter, loc, operand, original, target);
    original = target;
  }

  /// A tensor without the reduced dims whose elements are computed from those of others of that shape. Elements are in
  /// storage form of the types' dtypes.
  Value map(ValueRange tensors, ArrayRef<Type> dtypes, Type dtype,
            llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
    SmallVector<RankedTensorType> types = llvm::map_to_vector(dtypes, [&](Type type) { return getReduced(type); });
    return createElementwise(rewriter, loc, getReduced(dtype), tensors, types,
                             [&](OpBuilder &b, Location l, ValueRange args) {
                               ScalarBuilder s(b, l, dtypes.front());
                               return body(s, args);
                             });
  }

  RankedTensorType getReduced(Type dtype) { return getReducedType(original, dims, dtype); }

  /// Gives the result its dims and dtype; `dtype` is that of the reduced value.
  void replace(Value reduced, Type dtype) {
    reduced = convertElements(rewriter, loc, reduced, getReduced(dtype), getReduced(result.getElementType()));
    rewriter.replaceOp(op, restoreDims(rewriter, loc, reduced, original, dims, keeps));
  }

  Operation *op;
  Location loc;
  ConversionPatternRewriter &rewriter;
  Value operand;
  RankedTensorType original, result;
  SmallVector<int64_t> dims;
  bool keeps;
};

/// The dtype of the accumulators for a dtype: floats of 16 bits accumulate in f32.
Type getAccumulator(Type dtype) { return isa<FloatType>(dtype) ? getComputeType(dtype) : dtype; }

/// The number that max (min) starts at: -inf, or the least integer.
Value createLimit(OpBuilder &builder, Location loc, Type dtype, bool isMax) {
  if (isa<FloatType>(dtype))
    return createConstant(builder, loc, dtype, isMax ? -INFINITY : INFINITY);
  unsigned width = getComputeType(dtype).getIntOrFloatBitWidth();
  APInt value = dtype.isUnsignedInteger() || dtype.isInteger(1)
                    ? (isMax ? APInt::getMinValue(width) : APInt::getMaxValue(width))
                    : (isMax ? APInt::getSignedMinValue(width) : APInt::getSignedMaxValue(width));
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(getComputeType(dtype), value));
}
} // namespace

/// Raises where an extremum would be of no elements; `whole` is LibTorch's text where it is one of all elements.
static void checkNotEmpty(Reduction &r, const Twine &name, StringRef whole = {}) {
  ShapeBuilder shapes(r.rewriter, r.loc);
  SmallVector<OpFoldResult> sizes = getMixedSizes(r.rewriter, r.loc, r.original, r.operand);
  Value one = arith::ConstantIndexOp::create(r.rewriter, r.loc, 1);
  for (int64_t dim : r.dims) {
    Value size = getValueOrCreateConstantIndexOp(r.rewriter, r.loc, sizes[dim]);
    std::string text = (name + "(): " + whole).str();
    if (whole.empty())
      text = (name + "(): Expected reduction dim " + Twine(dim) + " to have non-zero size.").str();
    checkSizes(shapes, one, size, /*atMost=*/true, text);
  }
}

static constexpr StringLiteral kNeedsDim = "Expected reduction dim to be specified for input.numel() == 0.";
static constexpr StringLiteral kNeedsDimArgument = "Expected reduction dim to be specified for input.numel() == 0. "
                                                   "Specify the reduction dim with the 'dim' argument.";

/// Sums of the elements (in the dtype of the accumulators) after a function of each.
static Value sumOf(Reduction &r, Type accumulator, llvm::function_ref<Value(ScalarBuilder &, Value)> function) {
  Type dtype = r.original.getElementType();
  Value zero = createConstant(r.rewriter, r.loc, accumulator, 0);
  return createReduction(r.rewriter, r.loc, r.operand, r.original, r.dims, zero,
                         [&](OpBuilder &b, Location l, ValueRange elements, Value sum) {
                           ScalarBuilder s(b, l, accumulator);
                           Value element =
                               convertScalar(b, l, fromStorage(b, l, elements[0], dtype), dtype, accumulator);
                           return s.add(sum, function ? function(s, element) : element);
                         });
}

/// The largest or smallest element, NaN if there is one. Bools are reduced as bytes.
static Value extremumOf(Reduction &r, bool isMax, llvm::function_ref<Value(ScalarBuilder &, Value)> function = {}) {
  Type dtype = r.original.getElementType(), accumulator = getAccumulator(dtype);
  if (dtype.isInteger(1))
    accumulator = IntegerType::get(dtype.getContext(), 8, IntegerType::Unsigned);
  Value init = createLimit(r.rewriter, r.loc, accumulator, isMax);
  return createReduction(r.rewriter, r.loc, r.operand, r.original, r.dims, init,
                         [&](OpBuilder &b, Location l, ValueRange elements, Value best) {
                           ScalarBuilder s(b, l, accumulator);
                           Value element =
                               convertScalar(b, l, fromStorage(b, l, elements[0], dtype), dtype, accumulator);
                           if (function)
                             element = function(s, element);
                           return isMax ? s.max(best, element) : s.min(best, element);
                         });
}

namespace {
template <typename Op> struct ReductionLowering : public OpConversionPattern<Op> {
  using Body = LogicalResult (*)(Op, Reduction &);

  ReductionLowering(const TypeConverter &converter, MLIRContext *context, Body body)
      : OpConversionPattern<Op>(converter, context), body(body) {}

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Reduction reduction(op, adaptor.getSelf(), op.getDim(), op.getKeepdim(), rewriter);
    return body(op, reduction);
  }

  Body body;
};
} // namespace

static LogicalResult lowerSum(aten::SumOp op, Reduction &r) {
  Type accumulator = getAccumulator(r.result.getElementType());
  r.replace(sumOf(r, accumulator, {}), accumulator);
  return success();
}

static LogicalResult lowerProd(aten::ProdOp op, Reduction &r) {
  Type dtype = r.original.getElementType(), accumulator = getAccumulator(r.result.getElementType());
  Value product = createReduction(
      r.rewriter, r.loc, r.operand, r.original, r.dims, createConstant(r.rewriter, r.loc, accumulator, 1),
      [&](OpBuilder &b, Location l, ValueRange elements, Value value) {
        Value element = convertScalar(b, l, fromStorage(b, l, elements[0], dtype), dtype, accumulator);
        return ScalarBuilder(b, l, accumulator).mul(value, element);
      });
  r.replace(product, accumulator);
  return success();
}

/// The number of reduced elements as a float.
static Value createFloatCount(Reduction &r, Type dtype) {
  Value count = createCount(r.rewriter, r.loc, r.operand, r.original, r.dims);
  return convertScalar(r.rewriter, r.loc, count, count.getType(), dtype);
}

static Value meanOf(Reduction &r, Type accumulator) {
  Value count = createFloatCount(r, accumulator);
  return r.map(sumOf(r, accumulator, {}), accumulator, accumulator,
               [&](ScalarBuilder &s, ValueRange sum) { return s.div(sum[0], count); });
}

static LogicalResult lowerMean(aten::MeanOp op, Reduction &r) {
  Type accumulator = getAccumulator(r.result.getElementType());
  r.replace(meanOf(r, accumulator), accumulator);
  return success();
}

template <typename Op, bool isMax> static LogicalResult lowerExtremum(Op op, Reduction &r) {
  Type dtype = r.original.getElementType();
  aten::StaticFacts facts;
  bool isWhole = facts.isNone(op.getDim()); // of `max` and `min`; `amax` has a list of dims
  std::optional<SmallVector<Value>> list = isWhole ? std::nullopt : facts.getList(op.getDim());
  checkNotEmpty(r, Twine(isWhole ? "" : "a") + (isMax ? "max" : "min"),
                isWhole || (list && list->empty()) ? kNeedsDimArgument : StringLiteral(""));
  // Bools are bytes in storage, and stay so.
  r.replace(extremumOf(r, isMax), dtype.isInteger(1) ? dtype : getAccumulator(dtype));
  return success();
}

template <typename Op, bool isAny> static LogicalResult lowerTruth(Op op, Reduction &r) {
  Type dtype = r.original.getElementType(), byte = r.rewriter.getIntegerType(8);
  Value truth = createReduction(
      r.rewriter, r.loc, r.operand, r.original, r.dims, createConstant(r.rewriter, r.loc, byte, isAny ? 0 : 1),
      [&](OpBuilder &b, Location l, ValueRange elements, Value value) -> Value {
        Type boolean = b.getI1Type();
        Value element = convertScalar(b, l, fromStorage(b, l, elements[0], dtype), dtype, boolean);
        Value bits = toStorage(b, l, element, boolean);
        return isAny ? Value(arith::OrIOp::create(b, l, value, bits)) : Value(arith::AndIOp::create(b, l, value, bits));
      });
  r.replace(truth, r.result.getElementType());
  return success();
}

/// The sum of squared distances from the mean, over the count less a correction.
template <typename Op> static FailureOr<Value> varianceOf(Op op, Reduction &r, Type accumulator) {
  aten::StaticFacts facts;
  Value correction;
  if (!facts.isNone(op.getCorrection())) {
    FailureOr<Value> number = convertNumber(r.rewriter, r.loc, op.getCorrection(), accumulator);
    if (failed(number))
      return failure();
    correction = *number;
  } else {
    std::optional<bool> unbiased = facts.isNone(op.getUnbiased()) ? true : facts.getBool(op.getUnbiased());
    if (!unbiased)
      return failure();
    correction = createConstant(r.rewriter, r.loc, accumulator, *unbiased ? 1 : 0);
  }
  Type dtype = r.original.getElementType();
  // The mean is read once for each element: its dims are those that are left.
  Value mean = restoreDims(r.rewriter, r.loc, meanOf(r, accumulator), r.original, r.dims, /*keepdim=*/true);
  SmallVector<AffineExpr> meanDims = getDimExprs(r.original);
  for (int64_t dim : r.dims)
    meanDims[dim] = getAffineConstantExpr(1, op.getContext());
  RankedTensorType meanType = ts::TensorType::get(op.getContext(), meanDims, accumulator).getValueType();
  Value squares = createReduction(
      r.rewriter, r.loc, {r.operand, mean}, {r.original, meanType}, r.dims,
      createConstant(r.rewriter, r.loc, accumulator, 0), [&](OpBuilder &b, Location l, ValueRange elements, Value sum) {
        ScalarBuilder s(b, l, accumulator);
        Value element = convertScalar(b, l, fromStorage(b, l, elements[0], dtype), dtype, accumulator);
        Value distance = s.sub(element, elements[1]);
        return s.add(sum, s.mul(distance, distance));
      });
  Value count = createFloatCount(r, accumulator);
  ScalarBuilder outside(r.rewriter, r.loc, accumulator);
  Value divisor = outside.max(outside.sub(count, correction), outside.constant(0));
  return r.map(squares, accumulator, accumulator,
               [&](ScalarBuilder &s, ValueRange sum) { return s.div(sum[0], divisor); });
}

template <typename Op, bool root> static LogicalResult lowerVariance(Op op, Reduction &r) {
  Type accumulator = getAccumulator(r.result.getElementType());
  FailureOr<Value> variance = varianceOf(op, r, accumulator);
  if (failed(variance))
    return refuse(op, "the correction is not known");
  Value result = *variance;
  if (root)
    result = r.map(result, accumulator, accumulator,
                   [](ScalarBuilder &s, ValueRange x) { return s.apply<math::SqrtOp>(x[0]); });
  r.replace(result, accumulator);
  return success();
}

/// Raises for a norm of nothing that has no value, of an infinite or negative order.
static void checkHasNorm(Operation *op, double order, Reduction &r) {
  if (order >= 0 && !std::isinf(order))
    return;
  ShapeBuilder shapes(r.rewriter, r.loc);
  ShapedValue self(op->getOperand(0), r.operand);
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("linalg.vector_norm cannot compute the %g norm on ", order);
  bool isWhole = int64_t(r.dims.size()) == self.rank();
  for (int64_t dim : r.dims)
    if (Value isEmpty = findSmaller(shapes, shapes.sizeOf(self, dim), 1))
      raiseIf(shapes, isEmpty,
              text +
                  (isWhole ? std::string("an empty tensor because the")
                           : "the dimension " + std::to_string(dim) + "because this dimension is empty and the") +
                  " operation does not have an identity");
}

static LogicalResult lowerNormOf(Operation *op, Value order, Reduction &r) {
  aten::StaticFacts facts;
  std::optional<double> p = facts.isNone(order) ? 2.0 : facts.getFloat(order);
  if (!p)
    return refuse(op, "the order of the norm is not known");
  checkHasNorm(op, *p, r);
  Type accumulator = getAccumulator(r.result.getElementType());
  r.convertOperand(r.result.getElementType());
  if (std::isinf(*p)) {
    r.replace(extremumOf(r, *p > 0, [](ScalarBuilder &s, Value x) { return s.abs(x); }), accumulator);
    return success();
  }
  Value sum = sumOf(r, accumulator, [&](ScalarBuilder &s, Value x) -> Value {
    if (*p == 2)
      return s.mul(x, x);
    if (*p == 0)
      return s.select(s.ne(x, s.constant(0)), s.constant(1), s.constant(0));
    Value magnitude = s.abs(x);
    return *p == 1 ? magnitude : s.apply<math::PowFOp>(magnitude, s.constant(*p));
  });
  if (*p != 0 && *p != 1)
    sum = r.map(sum, accumulator, accumulator, [&](ScalarBuilder &s, ValueRange x) {
      return *p == 2 ? s.apply<math::SqrtOp>(x[0]) : s.apply<math::PowFOp>(x[0], s.constant(1 / *p));
    });
  r.replace(sum, accumulator);
  return success();
}

static LogicalResult lowerLogSumExp(aten::LogSumExpOp op, Reduction &r) {
  r.convertOperand(r.result.getElementType());
  Type dtype = r.original.getElementType(), accumulator = getAccumulator(dtype);
  // An infinite largest element is not subtracted: inf - inf is NaN.
  Value shift = r.map(extremumOf(r, /*isMax=*/true), accumulator, accumulator, [](ScalarBuilder &s, ValueRange x) {
    return s.select(s.eq(s.abs(x[0]), s.constant(INFINITY)), s.constant(0), x[0]);
  });
  SmallVector<AffineExpr> shiftDims = getDimExprs(r.original);
  for (int64_t dim : r.dims)
    shiftDims[dim] = getAffineConstantExpr(1, op.getContext());
  RankedTensorType shiftType = ts::TensorType::get(op.getContext(), shiftDims, accumulator).getValueType();
  Value wide = restoreDims(r.rewriter, r.loc, shift, r.original, r.dims, /*keepdim=*/true);
  Value sum = createReduction(
      r.rewriter, r.loc, {r.operand, wide}, {r.original, shiftType}, r.dims,
      createConstant(r.rewriter, r.loc, accumulator, 0),
      [&](OpBuilder &b, Location l, ValueRange elements, Value value) {
        ScalarBuilder s(b, l, accumulator);
        return s.add(value, s.apply<math::ExpOp>(s.sub(fromStorage(b, l, elements[0], dtype), elements[1])));
      });
  Value result = r.map({sum, shift}, {accumulator, accumulator}, accumulator,
                       [](ScalarBuilder &s, ValueRange x) { return s.add(s.apply<math::LogOp>(x[0]), x[1]); });
  r.replace(result, accumulator);
  return success();
}

//===----------------------------------------------------------------------===//
// Extrema with indices
//===----------------------------------------------------------------------===//

/// Reduces one dim to its extremum and the index of the first such element; NaN is beyond all numbers.
static std::pair<Value, Value> createIndexedExtremum(OpBuilder &builder, Location loc, Value operand,
                                                     RankedTensorType original, int64_t dim, bool isMax) {
  Type dtype = original.getElementType(), accumulator = getAccumulator(dtype);
  if (dtype.isInteger(1))
    accumulator = IntegerType::get(dtype.getContext(), 8, IntegerType::Unsigned);
  int64_t rank = original.getRank();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  SmallVector<AffineExpr> kept;
  SmallVector<OpFoldResult> sizes, domain = getMixedSizes(builder, loc, original, operand);
  iterators[dim] = utils::IteratorType::reduction;
  for (int64_t i = 0; i < rank; ++i)
    if (i != dim) {
      kept.push_back(builder.getAffineDimExpr(i));
      sizes.push_back(domain[i]);
    }
  AffineMap map = AffineMap::get(rank, 0, kept, builder.getContext());
  auto fill = [&](Value value) {
    Value empty = tensor::EmptyOp::create(builder, loc, sizes, value.getType());
    return linalg::FillOp::create(builder, loc, value, empty).getResult(0);
  };
  Value values = fill(createLimit(builder, loc, accumulator, isMax));
  Value indices = fill(arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(0)));
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange{values.getType(), indices.getType()}, operand, ValueRange{values, indices},
      ArrayRef<AffineMap>{builder.getMultiDimIdentityMap(rank), map, map}, iterators,
      [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder s(b, l, accumulator);
        Value element = convertScalar(b, l, fromStorage(b, l, args[0], dtype), dtype, accumulator);
        Value better = isMax ? s.gt(element, args[1]) : s.lt(element, args[1]);
        if (s.isFloat()) {
          Value firstNan = arith::AndIOp::create(b, l, s.isNan(element), s.eq(args[1], args[1]));
          better = arith::OrIOp::create(b, l, better, firstNan);
        }
        Value position = linalg::IndexOp::create(b, l, dim);
        position = arith::IndexCastOp::create(b, l, b.getI64Type(), position);
        linalg::YieldOp::create(b, l, {s.select(better, element, args[1]), s.select(better, position, args[2])});
      });
  return {generic.getResult(0), generic.getResult(1)};
}

namespace {
template <typename Op, bool isMax> struct IndexedExtremumLowering : public OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Reduction r(op, adaptor.getSelf(), op.getDim(), op.getKeepdim(), rewriter);
    Type dtype = r.original.getElementType();
    if (r.dims.empty()) {
      // The only element of a tensor without dims.
      Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
      rewriter.replaceOp(op, {adaptor.getSelf(), createFill(rewriter, loc, zero, getOriginalType(op.getIndices()))});
      return success();
    }
    checkNotEmpty(r, isMax ? "max" : "min");
    auto [values, indices] = createIndexedExtremum(rewriter, loc, r.operand, r.original, r.dims.front(), isMax);
    if (!dtype.isInteger(1))
      values = convertElements(rewriter, loc, values, getReducedType(r.original, r.dims, getAccumulator(dtype)),
                               getReducedType(r.original, r.dims, dtype));
    rewriter.replaceOp(op, {restoreDims(rewriter, loc, values, r.original, r.dims, r.keeps),
                            restoreDims(rewriter, loc, indices, r.original, r.dims, r.keeps)});
    return success();
  }
};

template <typename Op, bool isMax> struct ArgExtremumLowering : public OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Reduction r(op, adaptor.getSelf(), op.getDim(), op.getKeepdim(), rewriter);
    if (r.original.getRank() == 0) {
      Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
      rewriter.replaceOp(op, createFill(rewriter, loc, zero, r.result));
      return success();
    }
    bool isWhole = aten::StaticFacts().isNone(op.getDim());
    checkNotEmpty(r, isMax ? "argmax" : "argmin", isWhole ? kNeedsDim : StringLiteral(""));
    Value operand = r.operand;
    RankedTensorType type = r.original;
    int64_t dim = r.dims.front();
    if (r.dims.size() > 1) {
      // Over the flattened tensor.
      ReassociationIndices all = llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()));
      operand = tensor::CollapseShapeOp::create(rewriter, loc, operand, ArrayRef<ReassociationIndices>(all));
      AffineExpr count = aten::getNumElements(getDimExprs(type), op.getContext());
      type = ts::TensorType::get(op.getContext(), ArrayRef<AffineExpr>(count), type.getElementType()).getValueType();
      dim = 0;
    }
    Value indices = createIndexedExtremum(rewriter, loc, operand, type, dim, isMax).second;
    rewriter.replaceOp(op, restoreDims(rewriter, loc, indices, r.original, r.dims, r.keeps));
    return success();
  }
};
} // namespace

void wick::populateReductionPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ReductionLowering<aten::SumOp>>(converter, context, lowerSum);
  patterns.add<ReductionLowering<aten::ProdOp>>(converter, context, lowerProd);
  patterns.add<ReductionLowering<aten::MeanOp>>(converter, context, lowerMean);
  patterns.add<ReductionLowering<aten::AmaxOp>>(converter, context, lowerExtremum<aten::AmaxOp, true>);
  patterns.add<ReductionLowering<aten::AminOp>>(converter, context, lowerExtremum<aten::AminOp, false>);
  patterns.add<ReductionLowering<aten::AnyOp>>(converter, context, lowerTruth<aten::AnyOp, true>);
  patterns.add<ReductionLowering<aten::AllOp>>(converter, context, lowerTruth<aten::AllOp, false>);
  patterns.add<ReductionLowering<aten::VarOp>>(converter, context, lowerVariance<aten::VarOp, false>);
  patterns.add<ReductionLowering<aten::StdOp>>(converter, context, lowerVariance<aten::StdOp, true>);
  patterns.add<ReductionLowering<aten::NormOp>>(
      converter, context, [](aten::NormOp op, Reduction &r) { return lowerNormOf(op, op.getP(), r); });
  patterns.add<ReductionLowering<aten::VectorNormOp>>(
      converter, context, [](aten::VectorNormOp op, Reduction &r) { return lowerNormOf(op, op.getOrd(), r); });
  patterns.add<ReductionLowering<aten::LogSumExpOp>>(converter, context, lowerLogSumExp);
  patterns.add<IndexedExtremumLowering<aten::MaxDimOp, true>, IndexedExtremumLowering<aten::MinDimOp, false>,
               ArgExtremumLowering<aten::ArgMaxOp, true>, ArgExtremumLowering<aten::ArgMinOp, false>>(converter,
                                                                                                      context);
  populateScanPatterns(converter, patterns);
}
