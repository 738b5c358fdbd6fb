//===- Elementwise.cpp - lowering of arithmetic, comparison, conversion -----===//
#include "Broadcast.h"
#include "Checks.h"
#include "Patterns.h"
#include "Pointwise.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace wick;

using Operands = ArrayRef<Value>;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// x * factor, where the factor is often the constant 1.
static Value scale(ScalarBuilder &s, Value x, Value factor) {
  if (!factor || matchPattern(factor, m_OneFloat()) || matchPattern(factor, m_One()))
    return x;
  return s.mul(x, factor);
}

static Value buildAdd(ScalarBuilder &s, Operands x) { return s.add(x[0], scale(s, x[1], x[2])); }
static Value buildSub(ScalarBuilder &s, Operands x) { return s.sub(x[0], scale(s, x[1], x[2])); }
static Value buildRsub(ScalarBuilder &s, Operands x) { return s.sub(x[1], scale(s, x[0], x[2])); }

/// An integer quotient that does not trap: machines do on a zero divisor, for
/// which PyTorch raises an error, and on the smallest number over -1, which
/// wraps.
static Value buildIntDiv(ScalarBuilder &s, Value a, Value b, function_ref<Value(Value, Value)> divide) {
  APInt constant;
  if (matchPattern(b, m_ConstantInt(&constant)) && !constant.isZero() && (s.isUnsigned() || !constant.isAllOnes()))
    return divide(a, b);
  Value one = s.constant(1);
  Value isSpecial = s.eq(b, s.constant(0));
  if (s.isUnsigned())
    return divide(a, s.select(isSpecial, one, b));
  Value isMinusOne = s.eq(b, s.constant(-1));
  isSpecial = arith::OrIOp::create(s.builder, s.loc, isSpecial, isMinusOne);
  return s.select(isMinusOne, s.neg(a), divide(a, s.select(isSpecial, one, b)));
}

static Value buildTruncDiv(ScalarBuilder &s, Operands x) {
  if (s.isFloat())
    return s.apply<math::TruncOp>(s.div(x[0], x[1]));
  return buildIntDiv(s, x[0], x[1], [&](Value a, Value b) { return s.div(a, b); });
}

/// Whether a remainder must be moved to the sign of the divisor.
static Value hasOtherSign(ScalarBuilder &s, Value remainder, Value divisor) {
  Value zero = s.constant(0);
  Value differ = arith::XOrIOp::create(s.builder, s.loc, s.lt(remainder, zero), s.lt(divisor, zero));
  return arith::AndIOp::create(s.builder, s.loc, s.ne(remainder, zero), differ);
}

/// The floor of a quotient as PyTorch computes it: from the exact remainder, so
/// that it agrees with `remainder`.
static Value buildFloorDiv(ScalarBuilder &s, Operands x) {
  if (!s.isFloat())
    return buildIntDiv(s, x[0], x[1], [&](Value a, Value b) { return s.floorDiv(a, b); });
  Value quotient = s.div(x[0], x[1]), zero = s.constant(0), one = s.constant(1);
  Value remainder = s.apply<arith::RemFOp>(x[0], x[1]);
  Value exact = s.div(s.sub(x[0], remainder), x[1]);
  exact = s.select(hasOtherSign(s, remainder, x[1]), s.sub(exact, one), exact);
  Value floor = s.apply<math::FloorOp>(exact);
  floor = s.select(s.gt(s.sub(exact, floor), s.constant(0.5)), s.add(floor, one), floor);
  Value result = s.select(s.eq(exact, zero), s.apply<math::CopySignOp>(zero, quotient), floor);
  return s.select(s.eq(x[1], zero), quotient, result);
}

static Value buildFmod(ScalarBuilder &s, Operands x) {
  if (s.isFloat())
    return s.apply<arith::RemFOp>(x[0], x[1]);
  Value quotient = buildIntDiv(s, x[0], x[1], [&](Value a, Value b) { return s.div(a, b); });
  return s.sub(x[0], s.mul(quotient, x[1]));
}

static Value buildRemainder(ScalarBuilder &s, Operands x) {
  Value remainder = buildFmod(s, x);
  if (s.isUnsigned())
    return remainder;
  return s.select(hasOtherSign(s, remainder, x[1]), s.add(remainder, x[1]), remainder);
}

/// Of two numbers the one for which `first` holds; the other one where one is
/// NaN.
static Value buildIgnoringNan(ScalarBuilder &s, Operands x, Value result) {
  if (!s.isFloat())
    return result;
  return s.select(s.isNan(x[0]), x[1], s.select(s.isNan(x[1]), x[0], result));
}

static Value buildHypot(ScalarBuilder &s, Operands x) {
  // Scaled by the larger one, so that squares do not overflow.
  Value a = s.abs(x[0]), b = s.abs(x[1]), zero = s.constant(0);
  Value large = s.max(a, b), small = s.min(a, b);
  Value ratio = s.div(small, large);
  Value length = s.mul(large, s.apply<math::SqrtOp>(s.add(s.constant(1), s.mul(ratio, ratio))));
  Value isLarge = s.eq(large, s.constant(INFINITY));
  length = s.select(isLarge, large, length);
  return s.select(s.eq(large, zero), zero, length);
}

static Value buildLogAddExp(ScalarBuilder &s, Operands x) {
  Value larger = s.max(x[0], x[1]);
  Value distance = s.apply<math::AbsFOp>(s.sub(x[0], x[1]));
  Value sum = s.add(larger, s.apply<math::Log1pOp>(s.apply<math::ExpOp>(s.neg(distance))));
  // Equal infinities have no distance.
  Value isInfinite = s.eq(s.abs(larger), s.constant(INFINITY));
  return s.select(arith::AndIOp::create(s.builder, s.loc, isInfinite, s.eq(x[0], x[1])), larger, sum);
}

static Value buildXLogY(ScalarBuilder &s, Operands x) {
  Value zero = s.constant(0);
  Value product = s.mul(x[0], s.apply<math::LogOp>(x[1]));
  return s.select(s.isNan(x[1]), x[1], s.select(s.eq(x[0], zero), zero, product));
}

/// The power of an element whose exponent is a constant for which there is a
/// shorter form, as in PyTorch.
static Value buildConstantPower(ScalarBuilder &s, Value x, double exponent) {
  if (exponent == 0)
    return s.constant(1);
  if (exponent == 1)
    return x;
  if (exponent == 2)
    return s.mul(x, x);
  if (exponent == 3)
    return s.mul(s.mul(x, x), x);
  if (!s.isFloat() && !s.isComplex()) {
    Value result;
    for (auto rest = uint64_t(exponent); rest != 0; rest >>= 1, x = s.mul(x, x))
      if (rest & 1)
        result = result ? s.mul(result, x) : x;
    return result;
  }
  if (exponent == 0.5)
    return s.isComplex() ? s.apply<complex::SqrtOp>(x) : s.apply<math::SqrtOp>(x);
  if (exponent == -0.5)
    return s.isComplex() ? s.apply<complex::RsqrtOp>(x) : s.apply<math::RsqrtOp>(x);
  if (exponent == -1)
    return s.div(s.constant(1), x);
  if (exponent == -2)
    return s.div(s.constant(1), s.mul(x, x));
  return {};
}

/// The power of integers, modulo the width, by one square for each bit of the exponent. A negative one has the integer
/// part of a fraction.
static Value buildIntegerPower(ScalarBuilder &s, Value base, Value exponent) {
  int64_t width = base.getType().getIntOrFloatBitWidth();
  Value zero = s.constant(0), one = s.constant(1), square = base, power = one;
  auto isOdd = [&](Value value) { return s.ne(s.apply<arith::AndIOp>(value, one), zero); };
  for (int64_t bit = 0; bit < width - !s.isUnsigned(); ++bit) {
    Value isSet = isOdd(s.apply<arith::ShRUIOp>(exponent, s.constant(bit)));
    power = s.select(isSet, s.mul(power, square), power);
    square = s.mul(square, square);
  }
  if (s.isUnsigned())
    return power;
  Value minusOne = s.constant(-1), sign = s.select(isOdd(exponent), minusOne, one);
  Value fraction = s.select(s.eq(base, one), one, s.select(s.eq(base, minusOne), sign, zero));
  return s.select(s.lt(exponent, zero), fraction, power);
}

static Value buildLerp(ScalarBuilder &s, Operands x) {
  Value distance = s.sub(x[1], x[0]);
  Value fromStart = s.add(x[0], s.mul(x[2], distance));
  Value fromEnd = s.sub(x[1], s.mul(distance, s.sub(s.constant(1), x[2])));
  return s.select(s.lt(s.abs(x[2]), s.constant(0.5)), fromStart, fromEnd);
}

static Value buildAddCMul(ScalarBuilder &s, Operands x) { return s.add(x[0], s.mul(scale(s, x[1], x[3]), x[2])); }

static Value buildAddCDiv(ScalarBuilder &s, Operands x) { return s.add(x[0], s.div(scale(s, x[1], x[3]), x[2])); }

static Value buildClamp(ScalarBuilder &s, Operands x) {
  Value result = x[1] ? s.max(x[0], x[1]) : x[0];
  return x[2] ? s.min(result, x[2]) : result;
}

/// A shift by at least the width, or by a negative number, moves all bits out.
static Value buildShift(ScalarBuilder &s, Operands x, bool left) {
  int64_t width = x[0].getType().getIntOrFloatBitWidth();
  Type unsignedType = IntegerType::get(s.builder.getContext(), width, IntegerType::Unsigned);
  ScalarBuilder bits(s.builder, s.loc, unsignedType);
  Value isInside = arith::CmpIOp::create(s.builder, s.loc, arith::CmpIPredicate::ult, x[1],
                                         createIntConstant(s.builder, s.loc, s.dtype, width));
  if (left) {
    Value amount = s.select(isInside, x[1], s.constant(0));
    return s.select(isInside, s.apply<arith::ShLIOp>(x[0], amount), s.constant(0));
  }
  Value amount = s.select(isInside, x[1], createIntConstant(s.builder, s.loc, s.dtype, width - 1));
  if (s.isUnsigned())
    return s.select(isInside, s.apply<arith::ShRUIOp>(x[0], amount), s.constant(0));
  return s.apply<arith::ShRSIOp>(x[0], amount);
}

//===----------------------------------------------------------------------===//
// Operators with more than elements
//===----------------------------------------------------------------------===//

namespace {
struct DivLowering : public OpConversionPattern<aten::DivOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::DivOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    aten::StaticFacts facts;
    std::optional<StringRef> mode = facts.getString(op.getRoundingMode());
    Type dtype = getOriginalType(op.getResult()).getElementType();
    ShapeBuilder shapes(rewriter, op.getLoc());
    checkDivisor(shapes, {op.getSelf(), op.getOther()}, {adaptor.getSelf(), adaptor.getOther()}, dtype);
    return lowerPointwise(
        op, {op.getSelf(), op.getOther()}, {adaptor.getSelf(), adaptor.getOther()}, dtype, rewriter,
        [&](ScalarBuilder &s, Operands x) {
          return !mode ? s.div(x[0], x[1]) : mode == "floor" ? buildFloorDiv(s, x) : buildTruncDiv(s, x);
        },
        mode ? Numbers::Real : Numbers::AlsoComplex);
  }
};

/// Divisions and remainders, which raise for integers where the divisor is zero.
template <typename Op> struct DivisionLowering : public OpConversionPattern<Op> {
  using Body = Value (*)(ScalarBuilder &, Operands);

  DivisionLowering(const TypeConverter &converter, MLIRContext *context, Body body)
      : OpConversionPattern<Op>(converter, context), body(body) {}

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type dtype = getOriginalType(op->getResult(0)).getElementType();
    ShapeBuilder shapes(rewriter, op.getLoc());
    checkDivisor(shapes, op->getOperands(), adaptor.getOperands(), dtype);
    return lowerPointwise(op, op->getOperands(), adaptor.getOperands(), dtype, rewriter, body);
  }

  Body body;
};

struct PowLowering : public OpConversionPattern<aten::PowOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::PowOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    aten::StaticFacts facts;
    std::optional<double> exponent = facts.getFloat(op.getExponent());
    auto build = [&](ScalarBuilder &s, Operands x) {
      Value result = exponent ? buildConstantPower(s, x[0], *exponent) : Value();
      if (result)
        return result;
      if (s.isComplex())
        return s.apply<complex::PowOp>(x[0], x[1]);
      return s.isFloat() ? s.apply<math::PowFOp>(x[0], x[1]) : buildIntegerPower(s, x[0], x[1]);
    };
    Type dtype = getOriginalType(op.getResult()).getElementType();
    if (Value number = adaptor.getExponent(); isa<IntegerType>(dtype) && number.getType().isInteger(64)) {
      ShapeBuilder shapes(rewriter, op.getLoc());
      Value zero = createIntConstant(rewriter, op.getLoc(), number.getType(), 0);
      Value isNegative = rewriter.createOrFold<arith::CmpIOp>(op.getLoc(), arith::CmpIPredicate::slt, number, zero);
      raiseIf(shapes, isNegative, "Integers to negative integer powers are not allowed.");
      checkOverflow(shapes, number, dtype);
    }
    return lowerPointwise(op, op->getOperands(), adaptor.getOperands(), dtype, rewriter, build, Numbers::AlsoComplex);
  }
};

struct ClampLowering : public OpConversionPattern<aten::ClampOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::ClampOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type dtype = getOriginalType(op.getResult()).getElementType();
    ShapeBuilder shapes(rewriter, op.getLoc());
    for (Value limit : {adaptor.getMin(), adaptor.getMax()})
      if (limit.getType().isInteger(64) || limit.getType().isF64())
        checkOverflow(shapes, limit, dtype);
    return lowerPointwise(op, op->getOperands(), adaptor.getOperands(), dtype, rewriter, buildClamp);
  }
};

/// Real numbers as the parts of complex ones.
struct ComplexLowering : public OpConversionPattern<aten::ComplexOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::ComplexOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<ComplexType>(getOriginalType(op.getResult()).getElementType());
    return lowerPointwise(
        op, op->getOperands(), adaptor.getOperands(), type.getElementType(), rewriter,
        [&](ScalarBuilder &s, Operands x) { return ScalarBuilder(s.builder, s.loc, type).complex(x[0], x[1]); });
  }
};

/// Selections: the condition is a tensor of its own dtype, the choices have
/// that of the result.
struct SelectLowering : public ConversionPattern {
  SelectLowering(const TypeConverter &converter, MLIRContext *context, StringRef name, bool conditionIsFirst)
      : ConversionPattern(converter, name, 1, context), conditionIsFirst(conditionIsFirst) {}

  LogicalResult matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    // where(condition, self, other); masked_fill(self, mask, value) chooses the
    // value where the mask holds.
    SmallVector<unsigned> order = conditionIsFirst ? SmallVector<unsigned>{0, 1, 2} : SmallVector<unsigned>{1, 2, 0};
    Location loc = op->getLoc();
    RankedTensorType result = getOriginalType(op->getResult(0));
    Type dtype = result.getElementType();
    SmallVector<Value> tensors, numbers(3);
    SmallVector<RankedTensorType> types;
    for (unsigned i : order) {
      if (auto type = dyn_cast<RankedTensorType>(op->getOperand(i).getType())) {
        tensors.push_back(operands[i]);
        types.push_back(type);
        continue;
      }
      FailureOr<Value> number = convertNumber(rewriter, loc, op->getOperand(i), dtype);
      if (failed(number))
        return refuse(op, "the kind of a number is not known");
      numbers[i] = *number;
      ShapeBuilder checks(rewriter, loc);
      checkOverflow(checks, op->getOperand(i), dtype);
    }
    auto build = [&](OpBuilder &b, Location l, ValueRange args) {
      SmallVector<Value> values;
      for (unsigned i : order) {
        if (numbers[i]) {
          values.push_back(numbers[i]);
          continue;
        }
        Type from = getOriginalType(op->getOperand(i)).getElementType();
        Type to = values.empty() ? b.getI1Type() : dtype;
        values.push_back(convertScalar(b, l, fromStorage(b, l, args.front(), from), from, to));
        args = args.drop_front();
      }
      return toStorage(b, l, arith::SelectOp::create(b, l, values[0], values[1], values[2]), dtype);
    };
    ShapeBuilder shapes(rewriter, loc);
    broadcastOperands(shapes, result, tensors, types);
    rewriter.replaceOp(op, createElementwise(rewriter, loc, result, tensors, types, build));
    return success();
  }

  bool conditionIsFirst;
};

struct NanToNumLowering : public OpConversionPattern<aten::NanToNumOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::NanToNumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type dtype = getOriginalType(op.getResult()).getElementType();
    auto build = [&](ScalarBuilder &s, Operands x) {
      if (!s.isFloat())
        return x[0];
      APFloat largest = APFloat::getLargest(cast<FloatType>(dtype).getFloatSemantics());
      bool lost;
      largest.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      double limit = largest.convertToDouble();
      Value nan = x[1] ? x[1] : s.constant(0);
      Value high = x[2] ? x[2] : s.constant(limit), low = x[3] ? x[3] : s.constant(-limit);
      Value result = s.select(s.isNan(x[0]), nan, x[0]);
      result = s.select(s.eq(x[0], s.constant(INFINITY)), high, result);
      return s.select(s.eq(x[0], s.constant(-INFINITY)), low, result);
    };
    return lowerPointwise(op, op->getOperands(), adaptor.getOperands(), dtype, rewriter, build);
  }
};

/// Operators whose result is their first operand, perhaps in another dtype: on
/// values there is nothing to copy.
template <typename Op> struct ConvertLowering : public OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, convertElements(rewriter, op.getLoc(), adaptor.getOperands().front(),
                                           getOriginalType(op->getOperand(0)), getOriginalType(op->getResult(0))));
    return success();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

/// Operators on truth values, whatever the dtype of the operands.
template <typename Op> struct LogicalLowering : public OpConversionPattern<Op> {
  using Body = Value (*)(ScalarBuilder &, Operands);

  LogicalLowering(const TypeConverter &converter, MLIRContext *context, Body body)
      : OpConversionPattern<Op>(converter, context), body(body) {}

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    return lowerPointwise(op, op->getOperands(), adaptor.getOperands(), rewriter.getI1Type(), rewriter, body);
  }

  Body body;
};

static void populateComparisons(const TypeConverter &converter, RewritePatternSet &patterns) {
  PointwisePatterns lower(converter, patterns);
  lower.addTest<aten::EqOp>([](ScalarBuilder &s, Operands x) { return s.eq(x[0], x[1]); }, Numbers::AlsoComplex);
  lower.addTest<aten::NeOp>([](ScalarBuilder &s, Operands x) { return s.ne(x[0], x[1]); }, Numbers::AlsoComplex);
  lower.addTest<aten::LtOp>([](ScalarBuilder &s, Operands x) { return s.lt(x[0], x[1]); });
  lower.addTest<aten::LeOp>([](ScalarBuilder &s, Operands x) { return s.le(x[0], x[1]); });
  lower.addTest<aten::GtOp>([](ScalarBuilder &s, Operands x) { return s.gt(x[0], x[1]); });
  lower.addTest<aten::GeOp>([](ScalarBuilder &s, Operands x) { return s.ge(x[0], x[1]); });
  lower.add<aten::BitwiseAndOp>([](ScalarBuilder &s, Operands x) { return s.apply<arith::AndIOp>(x[0], x[1]); });
  lower.add<aten::BitwiseOrOp>([](ScalarBuilder &s, Operands x) { return s.apply<arith::OrIOp>(x[0], x[1]); });
  lower.add<aten::BitwiseXorOp>([](ScalarBuilder &s, Operands x) { return s.apply<arith::XOrIOp>(x[0], x[1]); });
  lower.add<aten::ShiftLeftOp>([](ScalarBuilder &s, Operands x) { return buildShift(s, x, /*left=*/true); });
  lower.add<aten::ShiftRightOp>([](ScalarBuilder &s, Operands x) { return buildShift(s, x, /*left=*/false); });

  MLIRContext *context = patterns.getContext();
  patterns.add<LogicalLowering<aten::LogicalAndOp>>(
      converter, context, [](ScalarBuilder &s, Operands x) { return s.apply<arith::AndIOp>(x[0], x[1]); });
  patterns.add<LogicalLowering<aten::LogicalOrOp>>(
      converter, context, [](ScalarBuilder &s, Operands x) { return s.apply<arith::OrIOp>(x[0], x[1]); });
  patterns.add<LogicalLowering<aten::LogicalXorOp>>(
      converter, context, [](ScalarBuilder &s, Operands x) { return s.apply<arith::XOrIOp>(x[0], x[1]); });
}

void wick::populateElementwisePatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  PointwisePatterns lower(converter, patterns);
  lower.add<aten::AddOp>(buildAdd, Numbers::AlsoComplex);
  lower.add<aten::SubOp>(buildSub, Numbers::AlsoComplex);
  lower.add<aten::RsubOp>(buildRsub, Numbers::AlsoComplex);
  lower.add<aten::MulOp>([](ScalarBuilder &s, Operands x) { return s.mul(x[0], x[1]); }, Numbers::AlsoComplex);
  patterns.add<DivisionLowering<aten::FloorDivideOp>>(converter, context, buildFloorDiv);
  patterns.add<DivisionLowering<aten::RemainderOp>>(converter, context, buildRemainder);
  patterns.add<DivisionLowering<aten::FmodOp>>(converter, context, buildFmod);
  lower.add<aten::MaximumOp>([](ScalarBuilder &s, Operands x) { return s.max(x[0], x[1]); });
  lower.add<aten::MinimumOp>([](ScalarBuilder &s, Operands x) { return s.min(x[0], x[1]); });
  lower.add<aten::FmaxOp>([](ScalarBuilder &s, Operands x) { return buildIgnoringNan(s, x, s.max(x[0], x[1])); });
  lower.add<aten::FminOp>([](ScalarBuilder &s, Operands x) { return buildIgnoringNan(s, x, s.min(x[0], x[1])); });
  lower.add<aten::Atan2Op>([](ScalarBuilder &s, Operands x) { return s.apply<math::Atan2Op>(x[0], x[1]); });
  lower.add<aten::HypotOp>(buildHypot);
  lower.add<aten::CopySignOp>([](ScalarBuilder &s, Operands x) { return s.apply<math::CopySignOp>(x[0], x[1]); });
  lower.add<aten::LogAddExpOp>(buildLogAddExp);
  lower.add<aten::XLogYOp>(buildXLogY);
  lower.add<aten::LerpOp>(buildLerp);
  lower.add<aten::AddCMulOp>(buildAddCMul, Numbers::AlsoComplex);
  lower.add<aten::AddCDivOp>(buildAddCDiv, Numbers::AlsoComplex);
  populateComparisons(converter, patterns);
  patterns.add<SelectLowering>(converter, context, aten::WhereOp::getOperationName(),
                               /*conditionIsFirst=*/true);
  patterns.add<SelectLowering>(converter, context, aten::MaskedFillOp::getOperationName(),
                               /*conditionIsFirst=*/false);
  patterns.add<DivLowering, PowLowering, ClampLowering, ComplexLowering, NanToNumLowering, ConvertLowering<aten::ToOp>,
               ConvertLowering<aten::ToCopyOp>, ConvertLowering<aten::CloneOp>, ConvertLowering<aten::ContiguousOp>,
               ConvertLowering<aten::AliasOp>>(converter, context);
}
