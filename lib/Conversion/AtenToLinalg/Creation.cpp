//===- Creation.cpp - lowering of new tensors -------------------------------===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;

namespace {
/// The same number everywhere: a constant, or the operand that `number` gives.
template <typename Op> struct FillLowering : public OpConversionPattern<Op> {
  using Number = Value (*)(Op);

  FillLowering(const TypeConverter &converter, MLIRContext *context, double constant, Number number = nullptr)
      : OpConversionPattern<Op>(converter, context), constant(constant), number(number) {}

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType result = getOriginalType(op.getResult());
    Type dtype = result.getElementType();
    Value element;
    if (number) {
      FailureOr<Value> converted = convertNumber(rewriter, loc, number(op), dtype);
      if (failed(converted))
        return refuse(op, "the kind of a number is not known");
      element = *converted;
    } else {
      element = createConstant(rewriter, loc, dtype, constant);
    }
    // The operand of the `like` forms has the shape of the result.
    Value sameShape;
    if constexpr (requires { op.getSelf(); } && !requires { op.getSize(); })
      sameShape = adaptor.getSelf();
    if (!sameShape && !llvm::all_of(getDimExprs(result), [](AffineExpr size) { return bool(size); }))
      return refuse(op, "a size is not known");
    rewriter.replaceOp(op, createFill(rewriter, loc, toStorage(rewriter, loc, element, dtype), result, sameShape));
    return success();
  }

  double constant;
  Number number;
};
} // namespace

/// A tensor whose elements follow from their indices, in compute form.
static LogicalResult replaceByIndices(Operation *op, ConversionPatternRewriter &rewriter,
                                      llvm::function_ref<Value(OpBuilder &, Location, ArrayRef<Value>)> body) {
  RankedTensorType result = getOriginalType(op->getResult(0));
  if (!llvm::all_of(getDimExprs(result), [](AffineExpr size) { return bool(size); }))
    return refuse(op, "a size is not known");
  Type dtype = result.getElementType();
  Value value = createElementwise(rewriter, op->getLoc(), result, {}, {}, [&](OpBuilder &b, Location l, ValueRange) {
    SmallVector<Value> indices;
    for (int64_t i = 0; i < result.getRank(); ++i)
      indices.push_back(arith::IndexCastOp::create(b, l, b.getI64Type(), linalg::IndexOp::create(b, l, i)));
    return toStorage(b, l, body(b, l, indices), dtype);
  });
  rewriter.replaceOp(op, value);
  return success();
}

/// The dtype in which a range is computed: floats in their own precision, integers exactly.
static Type getRangeDtype(Type dtype) {
  return isa<FloatType>(dtype) ? getComputeType(dtype) : Type(IntegerType::get(dtype.getContext(), 64));
}

namespace {
struct ArangeLowering : public OpConversionPattern<aten::ArangeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::ArangeOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    aten::StaticFacts facts;
    Location loc = op.getLoc();
    Type dtype = getOriginalType(op.getResult()).getElementType(), compute = getRangeDtype(dtype);
    // Numbers of the range that are floats make it one, whatever the dtype of the result.
    for (Value operand : {op.getStart(), op.getEnd(), op.getStep()})
      if (!facts.isNone(operand) && isa<FloatType>(operand.getType()) && isa<IntegerType>(compute))
        compute = rewriter.getF64Type();
    auto convert = [&](Value operand, double otherwise) -> FailureOr<Value> {
      if (facts.isNone(operand))
        return createConstant(rewriter, loc, compute, otherwise);
      return convertNumber(rewriter, loc, operand, compute);
    };
    FailureOr<Value> start = convert(op.getStart(), 0), step = convert(op.getStep(), 1);
    if (failed(start) || failed(step))
      return refuse(op, "the kind of a number is not known");
    return replaceByIndices(op, rewriter, [&](OpBuilder &b, Location l, ArrayRef<Value> index) {
      ScalarBuilder s(b, l, compute);
      Value position = convertScalar(b, l, index[0], b.getI64Type(), compute);
      return convertScalar(b, l, s.add(*start, s.mul(position, *step)), compute, dtype);
    });
  }
};

/// The first half counts from the start and the second one back from the end, as PyTorch does, so that both are exact.
struct LinspaceLowering : public OpConversionPattern<aten::LinspaceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::LinspaceOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type dtype = getOriginalType(op.getResult()).getElementType();
    Type compute = isa<FloatType>(dtype) ? getComputeType(dtype) : Type(rewriter.getF32Type());
    FailureOr<Value> start = convertNumber(rewriter, loc, op.getStart(), compute);
    FailureOr<Value> end = convertNumber(rewriter, loc, op.getEnd(), compute);
    if (failed(start) || failed(end))
      return refuse(op, "the kind of a number is not known");
    Value steps = op.getSteps(), one = createIntConstant(rewriter, loc, rewriter.getI64Type(), 1);
    ScalarBuilder ints(rewriter, loc, rewriter.getI64Type()), outside(rewriter, loc, compute);
    Value intervals = ints.max(ints.sub(steps, one), one);
    Value step =
        outside.div(outside.sub(*end, *start), convertScalar(rewriter, loc, intervals, intervals.getType(), compute));
    Value half = ints.div(steps, createIntConstant(rewriter, loc, rewriter.getI64Type(), 2));
    return replaceByIndices(op, rewriter, [&](OpBuilder &b, Location l, ArrayRef<Value> index) {
      ScalarBuilder s(b, l, compute), i(b, l, b.getI64Type());
      Value isFirst = arith::OrIOp::create(b, l, i.lt(index[0], half), i.eq(steps, one));
      Value back = i.sub(i.sub(steps, one), index[0]);
      Value forward = s.add(*start, s.mul(step, convertScalar(b, l, index[0], b.getI64Type(), compute)));
      Value backward = s.sub(*end, s.mul(step, convertScalar(b, l, back, b.getI64Type(), compute)));
      return convertScalar(b, l, s.select(isFirst, forward, backward), compute, dtype);
    });
  }
};

struct EyeLowering : public OpConversionPattern<aten::EyeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::EyeOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    Type dtype = getOriginalType(op.getResult()).getElementType();
    return replaceByIndices(op, rewriter, [&](OpBuilder &b, Location l, ArrayRef<Value> index) {
      Value isDiagonal = ScalarBuilder(b, l, b.getI64Type()).eq(index[0], index[1]);
      return convertScalar(b, l, isDiagonal, b.getI1Type(), dtype);
    });
  }
};

template <typename Op, bool lower> struct TriangleLowering : public OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getOriginalType(op.getResult());
    Value diagonal = op.getDiagonal();
    Value zero = toStorage(rewriter, op.getLoc(), createConstant(rewriter, op.getLoc(), type.getElementType(), 0),
                           type.getElementType());
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type, adaptor.getSelf(), type,
                                             [&](OpBuilder &b, Location l, ValueRange args) {
                                               auto index = [&](int64_t dim) {
                                                 return arith::IndexCastOp::create(b, l, b.getI64Type(),
                                                                                   linalg::IndexOp::create(b, l, dim));
                                               };
                                               ScalarBuilder s(b, l, b.getI64Type());
                                               Value limit = s.add(index(type.getRank() - 2), diagonal),
                                                     column = index(type.getRank() - 1);
                                               Value isKept = lower ? s.le(column, limit) : s.ge(column, limit);
                                               return s.select(isKept, args[0], zero);
                                             }));
    return success();
  }
};
} // namespace

void wick::populateCreationPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FillLowering<aten::ZerosOp>>(converter, context, 0);
  patterns.add<FillLowering<aten::OnesOp>>(converter, context, 1);
  patterns.add<FillLowering<aten::ZerosLikeOp>>(converter, context, 0);
  patterns.add<FillLowering<aten::OnesLikeOp>>(converter, context, 1);
  patterns.add<FillLowering<aten::NewZerosOp>>(converter, context, 0);
  patterns.add<FillLowering<aten::NewOnesOp>>(converter, context, 1);
  patterns.add<FillLowering<aten::FullOp>>(converter, context, 0,
                                           [](aten::FullOp op) -> Value { return op.getFillValue(); });
  patterns.add<FillLowering<aten::FullLikeOp>>(converter, context, 0,
                                               [](aten::FullLikeOp op) -> Value { return op.getFillValue(); });
  patterns.add<FillLowering<aten::NewFullOp>>(converter, context, 0,
                                              [](aten::NewFullOp op) -> Value { return op.getFillValue(); });
  patterns.add<FillLowering<aten::ScalarTensorOp>>(converter, context, 0,
                                                   [](aten::ScalarTensorOp op) -> Value { return op.getS(); });
  patterns.add<FillLowering<aten::TensorOp>>(converter, context, 0,
                                             [](aten::TensorOp op) -> Value { return op.getT(); });
  patterns.add<ArangeLowering, LinspaceLowering, EyeLowering, TriangleLowering<aten::TrilOp, true>,
               TriangleLowering<aten::TriuOp, false>>(converter, context);
}
