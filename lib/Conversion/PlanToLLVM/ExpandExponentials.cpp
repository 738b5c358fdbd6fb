//===- ExpandExponentials.cpp - powers of e and of two ----------------------===//
//
// With x = n ln 2 + r, where n is an integer and |r| is at most half of ln 2, e^x is 2^n e^r.
//
//===----------------------------------------------------------------------===//
#include "ExpandMath.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

namespace {
/// An integer n of a reduced argument, as a float and as the lowest bits of `shifted`, and e^r - 1.
struct Reduced {
  Real shifted, whole, lessOne;
};
} // namespace

static Real clamp(Real x, Real low, Real high) { return select(x > high, high, select(x < low, low, x)); }

/// e^r - 1 of a small r.
static Real lessOneOfRest(Real rest) {
  Real series = polynomial(rest, {0.500000001, 0.166666667, 0.0416664649, 0.00833331093, 0.001393365, 0.000198909908},
                           {0.5, 0.16666666666666671, 0.04166666666666667, 0.0083333333333261351, 0.0013888888888883748,
                            0.00019841269874820625, 2.4801587325547741e-5, 2.7557255400206424e-6, 2.7557273643110295e-7,
                            2.5105217004720745e-8, 2.0914686968086877e-9});
  return fma(rest * rest, series, rest);
}

static Reduced reduce(Real x, std::optional<Real> low = {}) {
  Real shift = shifter(x);
  Real shifted = fma(x, constant(x, 1.442695040888963387), shift), whole = shifted - shift;
  Real rest = fma(whole, constant(x, -0.693145751953125, -0.69314718055989033019), x);
  rest = fma(whole, constant(x, -1.428606765330187045e-6, -5.4979230187083711552e-14), rest);
  return {shifted, whole, lessOneOfRest(low ? rest + *low : rest)};
}

/// 2^(n + offset) of the integer in the lowest bits of `shifted`, where that is a normal number.
static Real powerOfTwo(Real shifted, int64_t offset = 0) {
  const FloatCode &code = *shifted.code;
  Value exponent =
      arith::AddIOp::create(code.builder, code.loc, toBits(shifted), code.bits(code.exponentBias() + offset));
  return fromBits(code, arith::ShLIOp::create(code.builder, code.loc, exponent, code.bits(code.fractionBits())));
}

/// 2^whole y, in two steps, since the power alone may be too large or too small.
static Real scale(Real y, Real whole) {
  Real shift = shifter(y);
  Real first = fma(whole, constant(y, 0.5), shift), second = (whole - (first - shift)) + shift;
  return y * powerOfTwo(first) * powerOfTwo(second);
}

Real lowering::exponential(Real x, std::optional<Real> low, int64_t halvings) {
  Reduced reduced = reduce(clamp(x, constant(x, -105, -747), constant(x, 90, 711)), low);
  return scale(reduced.lessOne + 1, halvings ? reduced.whole - double(halvings) : reduced.whole);
}

Real lowering::binaryExponential(Real x) {
  x = clamp(x, constant(x, -151, -1076), constant(x, 129, 1025));
  Real whole = (x + shifter(x)) - shifter(x);
  return scale(lessOneOfRest((x - whole) * 0.69314718055994530942) + 1, whole);
}

/// (e^x - 1) / 2^halvings, as (2^n (e^r - 1) + (2^n - 1)) / 2^halvings with half the power, which may be too large. Not
/// for x whose result is no finite number times two.
static Real scaledLessOne(Real x, int64_t halvings) {
  Reduced reduced = reduce(x);
  Real power = powerOfTwo(reduced.shifted, -1 - halvings);
  double unit = 1 / double(int64_t(1) << halvings);
  Real scaled = fma(reduced.lessOne, power, power - unit / 2) * 2;
  return select(reduced.whole == 0, halvings ? reduced.lessOne * unit : reduced.lessOne, scaled);
}

Real lowering::exponentialLessOne(Real x) {
  return copySign(scaledLessOne(clamp(x, constant(x, -20, -40), constant(x, 88.8, 709.9)), 0), x);
}

static Real hyperbolicSine(Operation *, ArrayRef<Real> x) {
  Real distance = abs(x[0]);
  Real most = constant(distance, 89.7, 710.6);
  // With h = (e^|x| - 1) / 2 it is h + h / (2h + 1).
  Real half = scaledLessOne(select(distance > most, most, distance), 1);
  Real result = half + half / fma(half, constant(half, 2), constant(half, 1));
  result = select(half < INFINITY, result, half);
  return copySign(select(distance < constant(distance, 0x1p-13, 0x1p-28), distance, result), x[0]);
}

static Real hyperbolicCosine(Operation *, ArrayRef<Real> x) {
  Real half = exponential(abs(x[0]), {}, 1);
  return half + 0.25 / half;
}

static Real hyperbolicTangent(Operation *, ArrayRef<Real> x) {
  Real distance = abs(x[0]);
  Real lessOne = scaledLessOne(select(distance > 20, 20, distance) * 2, 0);
  return copySign(lessOne / (lessOne + 2), x[0]);
}

/// x^y in double precision, where 2^(y log2 x) has digits to spare for f32.
static Real power(Operation *, ArrayRef<Real> operands) {
  const FloatCode &code = *operands[0].code;
  FloatCode wide = code;
  wide.type = code.withElement(code.builder.getF64Type());
  auto widen = [&](Real r) { return Real{&wide, arith::ExtFOp::create(code.builder, code.loc, wide.type, r.value)}; };
  Real x = widen(operands[0]), y = widen(operands[1]), base = abs(x);
  Real result = binaryExponential(y * binaryLogarithm(base));
  // Of negative numbers there are powers to integers, negative ones to odd integers.
  Real half = y * 0.5;
  Test isOdd = (trunc(y) == y) & !(trunc(half) == half);
  result = select(x < 0, select(trunc(y) == y, result, select(x > -INFINITY, NAN, result)), result);
  result = select(isOdd, copySign(result, x), result);
  result = select(y == 0, 1, select(x == 1, 1, select((x == -1) & (abs(y) == INFINITY), 1, result)));
  return {&code, arith::TruncFOp::create(code.builder, code.loc, code.type, result.value)};
}

void lowering::populateExponentialPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandPattern<math::ExpOp>>(context, [](Operation *, ArrayRef<Real> x) { return exponential(x[0]); });
  patterns.add<ExpandPattern<math::Exp2Op>>(context,
                                            [](Operation *, ArrayRef<Real> x) { return binaryExponential(x[0]); });
  patterns.add<ExpandPattern<math::ExpM1Op>>(context,
                                             [](Operation *, ArrayRef<Real> x) { return exponentialLessOne(x[0]); });
  patterns.add<ExpandPattern<math::SinhOp>>(context, hyperbolicSine);
  patterns.add<ExpandPattern<math::CoshOp>>(context, hyperbolicCosine);
  patterns.add<ExpandPattern<math::PowFOp>>(context, power, /*only=*/Precision::Single);
  patterns.add<ExpandPattern<math::TanhOp>>(context, hyperbolicTangent, /*only=*/Precision::Double);
}
