//===- Math.cpp - lowering of mathematical functions
//------------------------===//
#include "Patterns.h"
#include "Pointwise.h"
#include "wick/Dialect/Aten/IR/AtenMathOps.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <numbers>

using namespace mlir;
using namespace wick;

using Operands = ArrayRef<Value>;

/// A function of the math dialect on floats.
template <typename Op> static Value applyMath(ScalarBuilder &s, Operands x) { return s.apply<Op>(x[0]); }

/// A rounding, which does nothing to integers.
template <typename Op> static Value applyRounding(ScalarBuilder &s, Operands x) {
  return s.isFloat() ? s.apply<Op>(x[0]) : x[0];
}

static Value buildSign(ScalarBuilder &s, Operands x) {
  if (s.isBool())
    return x[0];
  Value zero = s.constant(0), one = s.constant(1);
  Value positive = s.select(s.gt(x[0], zero), one, zero);
  return s.isUnsigned() ? positive : s.select(s.lt(x[0], zero), s.constant(-1), positive);
}

static Value buildFrac(ScalarBuilder &s, Operands x) { return s.sub(x[0], s.apply<math::TruncOp>(x[0])); }

static Value buildFalse(ScalarBuilder &s) { return createConstant(s.builder, s.loc, s.builder.getI1Type(), 0); }

static Value buildIsNan(ScalarBuilder &s, Operands x) { return s.isFloat() ? s.isNan(x[0]) : buildFalse(s); }

static Value buildIsInf(ScalarBuilder &s, Operands x) {
  return s.isFloat() ? s.eq(s.abs(x[0]), s.constant(INFINITY)) : buildFalse(s);
}

static Value buildIsFinite(ScalarBuilder &s, Operands x) {
  if (s.isFloat())
    return s.lt(s.abs(x[0]), s.constant(INFINITY));
  return createConstant(s.builder, s.loc, s.builder.getI1Type(), 1);
}

template <int sign> static Value buildIsSignedInf(ScalarBuilder &s, Operands x) {
  return s.isFloat() ? s.eq(x[0], s.constant(sign * INFINITY)) : buildFalse(s);
}

static Value buildSignBit(ScalarBuilder &s, Operands x) {
  if (!s.isFloat())
    return s.isUnsigned() ? buildFalse(s) : s.lt(x[0], s.constant(0));
  Type bits = s.builder.getIntegerType(x[0].getType().getIntOrFloatBitWidth());
  Value raw = arith::BitcastOp::create(s.builder, s.loc, bits, x[0]);
  return ScalarBuilder(s.builder, s.loc, bits).lt(raw, createConstant(s.builder, s.loc, bits, 0));
}

static Value buildBitwiseNot(ScalarBuilder &s, Operands x) {
  return s.apply<arith::XOrIOp>(x[0], createIntConstant(s.builder, s.loc, s.dtype, -1));
}

void wick::populateMathPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  PointwisePatterns lower(converter, patterns);
  lower.add<aten::NegOp>([](ScalarBuilder &s, Operands x) { return s.neg(x[0]); });
  lower.add<aten::AbsOp>([](ScalarBuilder &s, Operands x) { return s.abs(x[0]); });
  lower.add<aten::SignOp>(buildSign);
  lower.add<aten::SquareOp>([](ScalarBuilder &s, Operands x) { return s.mul(x[0], x[0]); });
  lower.add<aten::FloorOp>(applyRounding<math::FloorOp>);
  lower.add<aten::CeilOp>(applyRounding<math::CeilOp>);
  lower.add<aten::RoundOp>(applyRounding<math::RoundEvenOp>);
  lower.add<aten::TruncOp>(applyRounding<math::TruncOp>);
  lower.add<aten::FracOp>(buildFrac);
  lower.add<aten::ExpOp>(applyMath<math::ExpOp>);
  lower.add<aten::Exp2Op>(applyMath<math::Exp2Op>);
  lower.add<aten::Expm1Op>(applyMath<math::ExpM1Op>);
  lower.add<aten::LogOp>(applyMath<math::LogOp>);
  lower.add<aten::Log2Op>(applyMath<math::Log2Op>);
  lower.add<aten::Log10Op>(applyMath<math::Log10Op>);
  lower.add<aten::Log1pOp>(applyMath<math::Log1pOp>);
  lower.add<aten::SqrtOp>(applyMath<math::SqrtOp>);
  lower.add<aten::RsqrtOp>(applyMath<math::RsqrtOp>);
  lower.add<aten::ReciprocalOp>([](ScalarBuilder &s, Operands x) { return s.div(s.constant(1), x[0]); });
  lower.add<aten::SinOp>(applyMath<math::SinOp>);
  lower.add<aten::CosOp>(applyMath<math::CosOp>);
  lower.add<aten::TanOp>(applyMath<math::TanOp>);
  lower.add<aten::AsinOp>(applyMath<math::AsinOp>);
  lower.add<aten::AcosOp>(applyMath<math::AcosOp>);
  lower.add<aten::AtanOp>(applyMath<math::AtanOp>);
  lower.add<aten::SinhOp>(applyMath<math::SinhOp>);
  lower.add<aten::CoshOp>(applyMath<math::CoshOp>);
  lower.add<aten::TanhOp>(applyMath<math::TanhOp>);
  lower.add<aten::AsinhOp>(applyMath<math::AsinhOp>);
  lower.add<aten::AcoshOp>(applyMath<math::AcoshOp>);
  lower.add<aten::AtanhOp>(applyMath<math::AtanhOp>);
  lower.add<aten::ErfOp>(applyMath<math::ErfOp>);
  lower.add<aten::ErfcOp>(applyMath<math::ErfcOp>);
  lower.add<aten::Deg2RadOp>(
      [](ScalarBuilder &s, Operands x) { return s.mul(x[0], s.constant(std::numbers::pi / 180)); });
  lower.add<aten::Rad2DegOp>(
      [](ScalarBuilder &s, Operands x) { return s.mul(x[0], s.constant(180 / std::numbers::pi)); });
  lower.addTest<aten::IsNanOp>(buildIsNan);
  lower.addTest<aten::IsInfOp>(buildIsInf);
  lower.addTest<aten::IsFiniteOp>(buildIsFinite);
  lower.addTest<aten::IsPosInfOp>(buildIsSignedInf<1>);
  lower.addTest<aten::IsNegInfOp>(buildIsSignedInf<-1>);
  lower.addTest<aten::SignBitOp>(buildSignBit);
  lower.addTest<aten::LogicalNotOp>([](ScalarBuilder &s, Operands x) { return s.eq(x[0], s.constant(0)); });
  lower.add<aten::BitwiseNotOp>(buildBitwiseNot);
}
