//===- Math.cpp - lowering of mathematical functions
//------------------------===//
#include "Patterns.h"
#include "Pointwise.h"
#include "wick/Dialect/Aten/IR/AtenMathOps.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace wick;

using Operands = ArrayRef<Value>;

/// A function of the math dialect on floats.
template <typename Op> static Value applyMath(ScalarBuilder &s, Operands x) { return s.apply<Op>(x[0]); }

/// The same, and one of the complex dialect on complex numbers.
template <typename Op, typename ComplexOp> static Value applyMath(ScalarBuilder &s, Operands x) {
  return s.isComplex() ? s.apply<ComplexOp>(x[0]) : s.apply<Op>(x[0]);
}

/// A hyperbolic function by the function of the circle: cosh(z) = cos(iz) and sinh(z) = -i sin(iz).
template <typename Op, typename ComplexOp, bool isOdd> static Value applyHyperbolic(ScalarBuilder &s, Operands x) {
  if (!s.isComplex())
    return s.apply<Op>(x[0]);
  ScalarBuilder part(s.builder, s.loc, cast<ComplexType>(s.dtype).getElementType());
  Value result = s.apply<ComplexOp>(s.complex(part.neg(s.imag(x[0])), s.real(x[0])));
  return isOdd ? s.complex(s.imag(result), part.neg(s.real(result))) : result;
}

/// A logarithm to another base than e.
template <typename Op> static Value applyLog(ScalarBuilder &s, Operands x, double base) {
  if (!s.isComplex())
    return s.apply<Op>(x[0]);
  return s.mul(s.apply<complex::LogOp>(x[0]), s.constant(1 / std::log(base)));
}

/// A test of a complex number by its parts: one passes, or both.
static Value testParts(ScalarBuilder &s, Value x, bool both, llvm::function_ref<Value(ScalarBuilder &, Value)> test) {
  ScalarBuilder part(s.builder, s.loc, cast<ComplexType>(s.dtype).getElementType());
  Value real = test(part, s.real(x)), imag = test(part, s.imag(x));
  return both ? s.apply<arith::AndIOp>(real, imag) : s.apply<arith::OrIOp>(real, imag);
}

/// A rounding, which does nothing to integers.
template <typename Op> static Value applyRounding(ScalarBuilder &s, Operands x) {
  return s.isFloat() ? s.apply<Op>(x[0]) : x[0];
}

static Value buildSign(ScalarBuilder &s, Operands x) {
  if (s.isComplex())
    return s.apply<complex::SignOp>(x[0]);
  if (s.isBool())
    return x[0];
  Value zero = s.constant(0), one = s.constant(1);
  Value positive = s.select(s.gt(x[0], zero), one, zero);
  return s.isUnsigned() ? positive : s.select(s.lt(x[0], zero), s.constant(-1), positive);
}

static Value buildFrac(ScalarBuilder &s, Operands x) { return s.sub(x[0], s.apply<math::TruncOp>(x[0])); }

static Value buildFalse(ScalarBuilder &s) { return createConstant(s.builder, s.loc, s.builder.getI1Type(), 0); }

static Value buildIsNan(ScalarBuilder &s, Operands x) {
  return s.isFloat() || s.isComplex() ? s.isNan(x[0]) : buildFalse(s);
}

static Value buildIsInf(ScalarBuilder &s, Operands x) {
  if (s.isComplex())
    return testParts(s, x[0], /*both=*/false, [](ScalarBuilder &p, Value part) { return buildIsInf(p, part); });
  return s.isFloat() ? s.eq(s.abs(x[0]), s.constant(INFINITY)) : buildFalse(s);
}

static Value buildIsFinite(ScalarBuilder &s, Operands x) {
  if (s.isComplex())
    return testParts(s, x[0], /*both=*/true, [](ScalarBuilder &p, Value part) { return buildIsFinite(p, part); });
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
  lower.add<aten::NegOp>([](ScalarBuilder &s, Operands x) { return s.neg(x[0]); }, Numbers::AlsoComplex);
  lower.addTest<aten::AbsOp>([](ScalarBuilder &s, Operands x) { return s.abs(x[0]); }, Numbers::AlsoComplex);
  lower.add<aten::ConjPhysicalOp>([](ScalarBuilder &s, Operands x) { return s.conj(x[0]); }, Numbers::AlsoComplex);
  lower.add<aten::SignOp>(buildSign, Numbers::AlsoComplex);
  lower.add<aten::SquareOp>([](ScalarBuilder &s, Operands x) { return s.mul(x[0], x[0]); }, Numbers::AlsoComplex);
  lower.add<aten::FloorOp>(applyRounding<math::FloorOp>);
  lower.add<aten::CeilOp>(applyRounding<math::CeilOp>);
  lower.add<aten::RoundOp>(applyRounding<math::RoundEvenOp>);
  lower.add<aten::TruncOp>(applyRounding<math::TruncOp>);
  lower.add<aten::FracOp>(buildFrac);
  lower.add<aten::ExpOp>(applyMath<math::ExpOp, complex::ExpOp>, Numbers::AlsoComplex);
  lower.add<aten::Exp2Op>(applyMath<math::Exp2Op>);
  lower.add<aten::Expm1Op>(applyMath<math::ExpM1Op, complex::Expm1Op>, Numbers::AlsoComplex);
  lower.add<aten::LogOp>(applyMath<math::LogOp, complex::LogOp>, Numbers::AlsoComplex);
  lower.add<aten::Log2Op>([](ScalarBuilder &s, Operands x) { return applyLog<math::Log2Op>(s, x, 2); },
                          Numbers::AlsoComplex);
  lower.add<aten::Log10Op>([](ScalarBuilder &s, Operands x) { return applyLog<math::Log10Op>(s, x, 10); },
                           Numbers::AlsoComplex);
  lower.add<aten::Log1pOp>(applyMath<math::Log1pOp, complex::Log1pOp>, Numbers::AlsoComplex);
  lower.add<aten::SqrtOp>(applyMath<math::SqrtOp, complex::SqrtOp>, Numbers::AlsoComplex);
  lower.add<aten::RsqrtOp>(applyMath<math::RsqrtOp, complex::RsqrtOp>, Numbers::AlsoComplex);
  lower.add<aten::ReciprocalOp>([](ScalarBuilder &s, Operands x) { return s.div(s.constant(1), x[0]); },
                                Numbers::AlsoComplex);
  lower.add<aten::SinOp>(applyMath<math::SinOp, complex::SinOp>, Numbers::AlsoComplex);
  lower.add<aten::CosOp>(applyMath<math::CosOp, complex::CosOp>, Numbers::AlsoComplex);
  lower.add<aten::TanOp>(applyMath<math::TanOp, complex::TanOp>, Numbers::AlsoComplex);
  lower.add<aten::AsinOp>(applyMath<math::AsinOp>);
  lower.add<aten::AcosOp>(applyMath<math::AcosOp>);
  lower.add<aten::AtanOp>(applyMath<math::AtanOp>);
  lower.add<aten::SinhOp>(applyHyperbolic<math::SinhOp, complex::SinOp, true>, Numbers::AlsoComplex);
  lower.add<aten::CoshOp>(applyHyperbolic<math::CoshOp, complex::CosOp, false>, Numbers::AlsoComplex);
  lower.add<aten::TanhOp>(applyMath<math::TanhOp, complex::TanhOp>, Numbers::AlsoComplex);
  lower.add<aten::AsinhOp>(applyMath<math::AsinhOp>);
  lower.add<aten::AcoshOp>(applyMath<math::AcoshOp>);
  lower.add<aten::AtanhOp>(applyMath<math::AtanhOp>);
  lower.add<aten::ErfOp>(applyMath<math::ErfOp>);
  lower.add<aten::ErfcOp>(applyMath<math::ErfcOp>);
  lower.add<aten::Deg2RadOp>(
      [](ScalarBuilder &s, Operands x) { return s.mul(x[0], s.constant(std::numbers::pi / 180)); });
  lower.add<aten::Rad2DegOp>(
      [](ScalarBuilder &s, Operands x) { return s.mul(x[0], s.constant(180 / std::numbers::pi)); });
  lower.addTest<aten::IsNanOp>(buildIsNan, Numbers::AlsoComplex);
  lower.addTest<aten::IsInfOp>(buildIsInf, Numbers::AlsoComplex);
  lower.addTest<aten::IsFiniteOp>(buildIsFinite, Numbers::AlsoComplex);
  lower.addTest<aten::IsPosInfOp>(buildIsSignedInf<1>);
  lower.addTest<aten::IsNegInfOp>(buildIsSignedInf<-1>);
  lower.addTest<aten::SignBitOp>(buildSignBit);
  lower.addTest<aten::LogicalNotOp>([](ScalarBuilder &s, Operands x) { return s.eq(x[0], s.constant(0)); },
                                    Numbers::AlsoComplex);
  lower.add<aten::BitwiseNotOp>(buildBitwiseNot);
}
