//===- ExpandLogarithms.cpp - logarithms and inverse hyperbolic functions ---===//
//
// With x = 2^k (1 + f), where 1 + f is between sqrt(1/2) and sqrt(2), and s = f / (2 + f), log x is
// k ln 2 + f - (f^2/2 - s (f^2/2 + R)), where R = s^2 (2/3 + 2/5 s^2 + ...) is what a polynomial gives.
//
//===----------------------------------------------------------------------===//
#include "ExpandMath.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

namespace {
struct Split {
  Real exponent, fraction;
};
} // namespace

static constexpr double infinity = INFINITY;

/// k and f of a positive number; it may be denormal where `anySize`.
static Split split(Real x, bool anySize) {
  const FloatCode &code = *x.code;
  OpBuilder &b = code.builder;
  int64_t fractionBits = code.fractionBits(), bias = code.exponentBias() + 1;
  // An integer in the lowest bits of 2^fractionBits, and what that and the bias add to it.
  Real base = constant(x, 0x1p23, 0x1p52), excess = base + double(bias);
  if (anySize) {
    Test isTiny = x < constant(x, 0x1p-126, 0x1p-1022);
    x = select(isTiny, x * constant(x, 0x1p25, 0x1p54), x);
    excess = select(isTiny, excess + constant(x, 25, 54), excess);
  }
  Value bits = toBits(x), biasBits = code.bits(uint64_t(bias) << fractionBits);
  // The exponent grows where the fraction passes sqrt(1/2), not 1.
  Value root = toBits(constant(x, 0.70710678118654752440));
  Value moved =
      arith::AddIOp::create(b, code.loc, arith::SubIOp::create(b, code.loc, bits, root).getResult(), biasBits);
  Value exponent = arith::ShRUIOp::create(b, code.loc, moved, code.bits(fractionBits));
  Value whole = arith::AndIOp::create(b, code.loc, moved, code.bits(~((uint64_t(1) << fractionBits) - 1)));
  Value rest =
      arith::AddIOp::create(b, code.loc, arith::SubIOp::create(b, code.loc, bits, whole).getResult(), biasBits);
  Real number = fromBits(code, arith::OrIOp::create(b, code.loc, exponent, toBits(base)));
  return {number - excess, fromBits(code, rest) - 1};
}

/// s (f^2/2 + R), where `half` is f^2/2.
static Real curve(Real fraction, Real half) {
  Real ratio = fraction / (fraction + 2), square = ratio * ratio;
  Real series = polynomial(square, {0.66666685, 0.399887783, 0.29580053},
                           {0.66666666666666697, 0.39999999999899443, 0.28571428626003269, 0.22222211130259877,
                            0.18182889455674946, 0.15331710618210772, 0.14616585424888622});
  return ratio * fma(series, square, half);
}

/// What the logarithm is where the formula is not for the number.
static Real withLimits(Real x, Real result) {
  return select(x < infinity, select(x > 0, result, select(x == 0, -infinity, constant(x, NAN))), x);
}

/// log x + low.
static Real naturalLogarithm(Split x, Real low) {
  Real half = x.fraction * 0.5 * x.fraction;
  Real rest = fma(x.exponent, constant(low, 1.428606765330187045e-6, 5.4979230187083711552e-14), low);
  Real large = x.exponent * constant(low, 0.693145751953125, 0.69314718055989033019);
  return large - ((half - (curve(x.fraction, half) + rest)) - x.fraction);
}

/// A logarithm to another base; each constant comes as a short part and the rest. Keeps more digits, so that powers of
/// the base have exact logarithms.
static Real logarithmTo(Real x, Real ofTwo, Real ofTwoRest, Real ofE, Real ofERest) {
  const FloatCode &code = *x.code;
  auto [exponent, fraction] = split(x, /*anySize=*/true);
  Real half = fraction * 0.5 * fraction;
  Value mask = code.bits(code.isDouble() ? ~uint64_t(0xffffffff) : ~uint64_t(0xfff));
  Real high = fromBits(code, arith::AndIOp::create(code.builder, code.loc, toBits(fraction - half), mask));
  Real low = ((fraction - high) - half) + curve(fraction, half);
  Real large = exponent * ofTwo, larger = high * ofE, sum = large + larger;
  Real rest = fma(low + high, ofERest, low * ofE);
  rest = fma(exponent, ofTwoRest, rest) + ((large - sum) + larger);
  return withLimits(x, sum + rest);
}

Real lowering::binaryLogarithm(Real x) {
  return logarithmTo(x, constant(x, 1), constant(x, 0), constant(x, 1.4423828125, 1.4426946640014648438),
                     constant(x, 0.00031222836696542799473, 3.7688749856360991145e-7));
}

static Real decimalLogarithm(Operation *, ArrayRef<Real> x) {
  return logarithmTo(x[0], constant(x[0], 0.301025390625, 0.30102999566395283182),
                     constant(x[0], 4.605038611771306023e-6, 2.8363394551044964154e-14),
                     constant(x[0], 0.4342041015625, 0.43429446220397949219),
                     constant(x[0], 0.000090380337496753782034, 1.9699272335463627402e-8));
}

static Real logarithm(Operation *, ArrayRef<Real> x) {
  return withLimits(x[0], naturalLogarithm(split(x[0], /*anySize=*/true), constant(x[0], 0)));
}

Real lowering::logarithmOfOnePlus(Real x) {
  Real sum = x + 1, back = sum - 1;
  // What rounding has taken of the sum changes the logarithm by its ratio to it.
  Real lost = (1 - (sum - back)) + (x - back);
  return copySign(withLimits(sum, naturalLogarithm(split(sum, /*anySize=*/false), lost / sum)), x);
}

/// log(1 + x), or log(2 + 2x) where `isLarge`.
static Real logarithmOfOnePlusTwice(Real x, Test isLarge) {
  return logarithmOfOnePlus(x) + select(isLarge, constant(x, 0.69314718055994530942), 0);
}

static Real inverseHyperbolicSine(Operation *, ArrayRef<Real> x) {
  Real distance = abs(x[0]), square = distance * distance;
  Test isLarge = distance > constant(distance, 0x1p14, 0x1p28);
  Real less = distance + square / (sqrt(square + 1) + 1);
  return copySign(logarithmOfOnePlusTwice(select(isLarge, distance - 1, less), isLarge), x[0]);
}

static Real inverseHyperbolicCosine(Operation *, ArrayRef<Real> x) {
  Real less = x[0] - 1;
  Test isLarge = less > constant(less, 0x1p14, 0x1p28);
  Real root = less + sqrt(less * (less + 2));
  Real result = logarithmOfOnePlusTwice(select(isLarge, less, root), isLarge);
  return select(less < 0, NAN, result);
}

static Real inverseHyperbolicTangent(Operation *, ArrayRef<Real> x) {
  Real distance = abs(x[0]);
  return copySign(logarithmOfOnePlus(distance * 2 / (1 - distance)) * 0.5, x[0]);
}

void lowering::populateLogarithmPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandPattern<math::LogOp>>(context, logarithm);
  patterns.add<ExpandPattern<math::Log1pOp>>(context,
                                             [](Operation *, ArrayRef<Real> x) { return logarithmOfOnePlus(x[0]); });
  patterns.add<ExpandPattern<math::Log2Op>>(context,
                                            [](Operation *, ArrayRef<Real> x) { return binaryLogarithm(x[0]); });
  patterns.add<ExpandPattern<math::Log10Op>>(context, decimalLogarithm);
  patterns.add<ExpandPattern<math::AsinhOp>>(context, inverseHyperbolicSine);
  patterns.add<ExpandPattern<math::AcoshOp>>(context, inverseHyperbolicCosine);
  patterns.add<ExpandPattern<math::AtanhOp>>(context, inverseHyperbolicTangent);
}
