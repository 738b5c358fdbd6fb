//===- Creation.cpp - lowering of new tensors -------------------------------===//
#include "Checks.h"
#include "Patterns.h"
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;

/// The sizes of a new tensor: by expression or else the elements of a list of ints, which may not be negative.
static FailureOr<SmallVector<OpFoldResult>> getNewSizes(ShapeBuilder &shapes, RankedTensorType result, Value list,
                                                        bool isZeros) {
  aten::StaticFacts facts;
  SmallVector<OpFoldResult> asked;
  SmallVector<OpFoldResult> sizes;
  std::optional<SmallVector<Value>> elements = list ? facts.getList(list) : std::nullopt;
  for (auto [i, expr] : llvm::enumerate(getDimExprs(result))) {
    if (expr) {
      sizes.push_back(materializeSize(shapes.builder, shapes.loc, expr));
      continue;
    }
    if (!elements || elements->size() != size_t(result.getRank()))
      return failure();
    Value size = arith::IndexCastOp::create(shapes.builder, shapes.loc, shapes.builder.getIndexType(), (*elements)[i]);
    asked.push_back(size);
    sizes.push_back(size);
  }
  if (!isZeros)
    checkNotNegative(shapes, asked, sizes);
  else if (Value isNegative = findSmaller(shapes, asked, 0))
    raiseIf(shapes, isNegative, "zeros: Dimension size must be non-negative.");
  return sizes;
}

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
      // `torch.tensor` makes a tensor of the number's own dtype first.
      Type first = dtype;
      if constexpr (std::is_same_v<Op, aten::TensorOp>)
        if (Type own = aten::getNumberDtype(number(op)))
          first = own;
      FailureOr<Value> converted = convertNumber(rewriter, loc, number(op), first);
      if (failed(converted))
        return refuse(op, "the kind of a number is not known");
      if constexpr (!std::is_same_v<Op, aten::TensorOp>) {
        ShapeBuilder checks(rewriter, loc);
        checkOverflow(checks, number(op), dtype);
      }
      element = convertScalar(rewriter, loc, *converted, first, dtype);
    } else {
      element = createConstant(rewriter, loc, dtype, constant);
    }
    // The operand of the `like` forms has the shape of the result.
    Value stored = toStorage(rewriter, loc, element, dtype);
    if constexpr (requires { op.getSelf(); } && !requires { op.getSize(); }) {
      rewriter.replaceOp(op, createFill(rewriter, loc, stored, result, adaptor.getSelf()));
    } else {
      ShapeBuilder shapes(rewriter, loc);
      Value list;
      if constexpr (requires { op.getSize(); })
        list = op.getSize();
      FailureOr<SmallVector<OpFoldResult>> sizes = getNewSizes(shapes, result, list, std::is_same_v<Op, aten::ZerosOp>);
      if (failed(sizes))
        return refuse(op, "a size is not known");
      Value empty = tensor::EmptyOp::create(rewriter, loc, *sizes, getStorageType(dtype));
      rewriter.replaceOp(op, linalg::FillOp::create(rewriter, loc, stored, empty).getResult(0));
    }
    return success();
  }

  double constant;
  Number number;
};
} // namespace

/// A tensor whose elements follow from their indices, in compute form. `counts` are the sizes of dims, as indices, for
/// those without expression.
static LogicalResult replaceByIndices(Operation *op, ConversionPatternRewriter &rewriter, ArrayRef<Value> counts,
                                      llvm::function_ref<Value(OpBuilder &, Location, ArrayRef<Value>)> body) {
  RankedTensorType result = getOriginalType(op->getResult(0));
  Type dtype = result.getElementType();
  SmallVector<OpFoldResult> sizes;
  for (auto [size, count] : llvm::zip(getDimExprs(result), counts))
    sizes.push_back(size ? materializeSize(rewriter, op->getLoc(), size) : OpFoldResult(count));
  Value empty = tensor::EmptyOp::create(rewriter, op->getLoc(), sizes, getStorageType(dtype));
  SmallVector<utils::IteratorType> iterators(result.getRank(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      rewriter, op->getLoc(), TypeRange(empty.getType()), ValueRange(), ValueRange(empty),
      rewriter.getMultiDimIdentityMap(result.getRank()), iterators, [&](OpBuilder &b, Location l, ValueRange) {
        SmallVector<Value> indices;
        for (int64_t i = 0; i < result.getRank(); ++i)
          indices.push_back(arith::IndexCastOp::create(b, l, b.getI64Type(), linalg::IndexOp::create(b, l, i)));
        linalg::YieldOp::create(b, l, toStorage(b, l, body(b, l, indices), dtype));
      });
  rewriter.replaceOp(op, generic.getResults());
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
    FailureOr<Value> end = convertNumber(rewriter, loc, op.getEnd(), compute);
    if (failed(start) || failed(step) || failed(end))
      return refuse(op, "the kind of a number is not known");
    checkBounds(rewriter, loc, compute, *start, *end, *step);
    Value count;
    if (!getDimExprs(getOriginalType(op.getResult()))[0])
      count = getCount(rewriter, loc, compute, *start, *end, *step);
    auto body = [&](OpBuilder &b, Location l, ArrayRef<Value> index) {
      ScalarBuilder s(b, l, compute);
      Value position = convertScalar(b, l, index[0], b.getI64Type(), compute);
      return convertScalar(b, l, s.add(*start, s.mul(position, *step)), compute, dtype);
    };
    return replaceByIndices(op, rewriter, count, body);
  }

  static void checkBounds(OpBuilder &builder, Location loc, Type compute, Value start, Value end, Value step) {
    ShapeBuilder shapes(builder, loc);
    ScalarBuilder s(builder, loc, compute);
    Value zero = s.constant(0), isUp = s.lt(zero, step);
    raiseIf(shapes, s.eq(step, zero), "step must be nonzero");
    Value isWrong = s.lt(s.select(isUp, end, start), s.select(isUp, start, end));
    raiseIf(shapes, isWrong, "upper bound and lower bound inconsistent with step sign");
  }

  /// ceil((end - start) / step) where that is positive, and otherwise nothing.
  static Value getCount(OpBuilder &builder, Location loc, Type compute, Value start, Value end, Value step) {
    ShapeBuilder shapes(builder, loc);
    ScalarBuilder s(builder, loc, compute);
    Value distance = s.sub(end, start), count;
    if (isa<FloatType>(compute)) {
      Value steps = math::CeilOp::create(builder, loc, s.div(distance, step));
      count = convertScalar(builder, loc, s.max(steps, s.constant(0)), compute, builder.getI64Type());
    } else {
      // A division that no step of zero stops before the check.
      Value divisor = s.select(s.eq(step, s.constant(0)), s.constant(1), step);
      count = s.max(arith::CeilDivSIOp::create(builder, loc, distance, divisor), s.constant(0));
    }
    return arith::IndexCastOp::create(builder, loc, builder.getIndexType(), count);
  }
};

/// The first half counts from the start and the second one back from the end, as PyTorch does, so that both are exact.
struct LinspaceLowering : public OpConversionPattern<aten::LinspaceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::LinspaceOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type dtype = getOriginalType(op.getResult()).getElementType();
    Type compute = isa<FloatType, ComplexType>(dtype) ? getComputeType(dtype) : Type(rewriter.getF32Type());
    FailureOr<Value> start = convertNumber(rewriter, loc, op.getStart(), compute);
    FailureOr<Value> end = convertNumber(rewriter, loc, op.getEnd(), compute);
    if (failed(start) || failed(end))
      return refuse(op, "the kind of a number is not known");
    ShapeBuilder shapes(rewriter, loc);
    Value steps = op.getSteps();
    ScalarBuilder ints(rewriter, loc, rewriter.getI64Type()), outside(rewriter, loc, compute);
    raiseIf(shapes, ints.lt(steps, ints.constant(0)), "number of steps must be non-negative");
    Value one = ints.constant(1);
    Value intervals = ints.max(ints.sub(steps, one), one);
    Value step =
        outside.div(outside.sub(*end, *start), convertScalar(rewriter, loc, intervals, intervals.getType(), compute));
    Value half = ints.div(steps, createIntConstant(rewriter, loc, rewriter.getI64Type(), 2));
    auto body = [&](OpBuilder &b, Location l, ArrayRef<Value> index) {
      ScalarBuilder s(b, l, compute), i(b, l, b.getI64Type());
      Value isFirst = arith::OrIOp::create(b, l, i.lt(index[0], half), i.eq(steps, one));
      Value back = i.sub(i.sub(steps, one), index[0]);
      Value forward = s.add(*start, s.mul(step, convertScalar(b, l, index[0], b.getI64Type(), compute)));
      Value backward = s.sub(*end, s.mul(step, convertScalar(b, l, back, b.getI64Type(), compute)));
      return convertScalar(b, l, s.select(isFirst, forward, backward), compute, dtype);
    };
    Value count = arith::IndexCastOp::create(rewriter, loc, rewriter.getIndexType(),
                                             ints.max(steps, createIntConstant(rewriter, loc, steps.getType(), 0)));
    return replaceByIndices(op, rewriter, count, body);
  }
};

struct EyeLowering : public OpConversionPattern<aten::EyeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::EyeOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    aten::StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    Type dtype = getOriginalType(op.getResult()).getElementType();
    Value columns = facts.isNone(op.getM()) ? op.getN() : op.getM();
    SmallVector<Value> counts;
    for (auto [name, size] : {std::pair("n", op.getN()), std::pair("m", columns)}) {
      counts.push_back(arith::IndexCastOp::create(rewriter, op.getLoc(), rewriter.getIndexType(), size));
      Value isNegative =
          arith::CmpIOp::create(rewriter, op.getLoc(), arith::CmpIPredicate::slt, counts.back(), shapes.index(0));
      raiseIf(shapes, isNegative, std::string(name) + " must be greater or equal to 0, got {}", counts.back());
    }
    return replaceByIndices(op, rewriter, counts, [&](OpBuilder &b, Location l, ArrayRef<Value> index) {
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
