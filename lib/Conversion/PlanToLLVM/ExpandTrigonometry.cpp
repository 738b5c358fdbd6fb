//===- ExpandTrigonometry.cpp - functions of the circle ---------------------===//
//
// With x = n pi/2 + r, where n is an integer and |r| is at most pi/4, sine and cosine of x are, up to sign, those of r
// in the order that n says. Numbers that are too large for this take the runtime's functions, which know more digits of
// pi.
//
//===----------------------------------------------------------------------===//
#include "ExpandMath.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

static constexpr double quarterTurn = 1.57079632679489661923;

namespace {
/// r and, in its two lowest bits, n.
struct Angle {
  Real rest;
  Value quarters;
};
} // namespace

static Test fits(Real x) { return abs(x) < constant(x, 0x1p14, 0x1p20); }

static Angle reduce(Real x) {
  Real shift = shifter(x);
  Real shifted = fma(x, constant(x, 1 / quarterTurn), shift), whole = shifted - shift;
  Real rest = x;
  static constexpr double parts32[] = {1.5703125, 0.00048351287841796875, 3.1385570764541625977e-7,
                                       6.0770999343873199905e-11};
  static constexpr double parts64[] = {1.5707963267341256142, 6.0771005063039659766e-11, 2.0222662487959506315e-21};
  for (double part : x.code->isDouble() ? ArrayRef<double>(parts64) : ArrayRef<double>(parts32))
    rest = fma(whole, constant(x, -part), rest);
  return {rest, toBits(shifted)};
}

static Real sineOfRest(Real rest) {
  Real square = rest * rest;
  Real series = polynomial(square, {-0.166666667, 0.00833333187, -0.000198400865, 2.72498952e-6},
                           {-0.16666666666666665, 0.0083333333333309473, -0.00019841269836756773, 2.7557316101617874e-6,
                            -2.5051131650235181e-8, 1.5918115263265975e-10});
  return fma(rest * square, series, rest);
}

static Real cosineOfRest(Real rest) {
  Real square = rest * rest;
  Real series = polynomial(square, {0.0416666647, -0.00138883029, 2.45479169e-5},
                           {0.041666666666666665, -0.0013888888888887396, 2.4801587298764561e-5, -2.7557317271145146e-7,
                            2.0876146146558612e-9, -1.1382623647474605e-11});
  // 1 - square/2 first, for what rounding takes of it is known.
  Real half = square * 0.5, near = 1 - half;
  return near + fma(square * square, series, (1 - near) - half);
}

/// Whether the number of quarters is odd.
static Test isOdd(const FloatCode &code, Value quarters) {
  Value bit = arith::AndIOp::create(code.builder, code.loc, quarters, code.bits(1));
  return {&code, arith::CmpIOp::create(code.builder, code.loc, arith::CmpIPredicate::ne, bit, code.bits(0))};
}

/// The sine of a number of quarters and a rest.
static Real sineOf(Real rest, Value quarters) {
  const FloatCode &code = *rest.code;
  Real result = select(isOdd(code, quarters), cosineOfRest(rest), sineOfRest(rest));
  // The second bit of the number is the sign.
  Value bit = arith::AndIOp::create(code.builder, code.loc, quarters, code.bits(2));
  Value sign = arith::ShLIOp::create(code.builder, code.loc, bit, code.bits(code.isDouble() ? 62 : 30));
  return fromBits(code, arith::XOrIOp::create(code.builder, code.loc, toBits(result), sign));
}

static Real sine(Operation *op, ArrayRef<Real> x) {
  return orLibrary(op, fits(x[0]), [&] {
    Angle angle = reduce(x[0]);
    return select(x[0] == 0, x[0], sineOf(angle.rest, angle.quarters));
  });
}

static Real cosine(Operation *op, ArrayRef<Real> x) {
  return orLibrary(op, fits(x[0]), [&] {
    Angle angle = reduce(x[0]);
    const FloatCode &code = *x[0].code;
    return sineOf(angle.rest, arith::AddIOp::create(code.builder, code.loc, angle.quarters, code.bits(1)));
  });
}

static Real tangent(Operation *op, ArrayRef<Real> x) {
  return orLibrary(op, fits(x[0]), [&] {
    Angle angle = reduce(x[0]);
    Real sine = sineOfRest(angle.rest), cosine = cosineOfRest(angle.rest);
    Test odd = isOdd(*x[0].code, angle.quarters);
    return select(x[0] == 0, x[0], select(odd, -cosine, sine) / select(odd, sine, cosine));
  });
}

/// The angle whose tangent is the quotient of two numbers that are not negative: r = atan(t) with |t| at most
/// tan(pi/8), from the nearest multiple of pi/4.
static Real angleOf(Real y, Real x) {
  Test isSteep = y > x * 2.41421356237309504880, isMiddle = y > x * 0.41421356237309504880;
  Real ratio = select(isSteep, -x, select(isMiddle, y - x, y)) / select(isSteep, y, select(isMiddle, y + x, x));
  Real high = select(isSteep, quarterTurn, select(isMiddle, constant(x, quarterTurn / 2), 0));
  // What the constant's rounding has taken.
  Real quarterLost = constant(x, -4.37113900018624283e-8, 6.1232339957367648033e-17);
  Real low = select(isSteep, quarterLost, select(isMiddle, quarterLost * 0.5, 0));
  Real square = ratio * ratio;
  Real series = polynomial(square, {-0.333333318, 0.199995403, -0.142639498, 0.107436683, -0.0645171887},
                           {-0.3333333333333333, 0.19999999999995517, -0.14285714284665681, 0.11111111015187019,
                            -0.090909045753064891, 0.076921831253768921, -0.066645105255089366, 0.058581409048663283,
                            -0.050854078345894843, 0.039230447784793095, -0.019175404711104934});
  return high + (ratio + fma(ratio * square, series, low));
}

static Real arctangent(Operation *, ArrayRef<Real> x) { return copySign(angleOf(abs(x[0]), constant(x[0], 1)), x[0]); }

static Real arctangentOfTwo(Operation *, ArrayRef<Real> operands) {
  Real y = abs(operands[0]), x = abs(operands[1]);
  // Sums must be finite, and infinities have the ratio of equal numbers.
  Real most = constant(x, INFINITY), larger = select(y > x, y, x);
  Test isBoth = (y == most) & (x == most);
  Real factor = select(larger > constant(x, 0x1p125, 0x1p1021), 0.25, constant(x, 1));
  Real angle = angleOf(select(isBoth, 1, y) * factor, select(isBoth, 1, x) * factor);
  angle = select((y == 0) & (x == 0), 0, angle);
  // To the left of the origin the angle is what it lacks to pi.
  Real pi = constant(x, 3.14159265358979323846),
       piLost = constant(x, -8.74227800037248567e-8, 1.2246467991473529607e-16);
  Test isLeft = copySign(constant(x, 1), operands[1]) < 0;
  return copySign(select(isLeft, pi - (angle - piLost), angle), operands[0]);
}

/// asin(x) = x + x z P(z) with z = x^2 for |x| up to 1/2, and pi/2 - 2 asin(sqrt((1 - |x|) / 2)) beyond.
static Real arcsineOf(Real x, bool isCosine) {
  Real distance = abs(x);
  Test isNear = distance < 0.5;
  Real square = select(isNear, distance * distance, (1 - distance) * 0.5);
  Real root = select(isNear, distance, sqrt(square));
  Real series = polynomial(square, {0.166666663, 0.0750009454, 0.0445994015, 0.0311006627, 0.0171492384, 0.0336908472},
                           {0.16666666666666668, 0.074999999999984329, 0.04464285714635543, 0.030381944138531247,
                            0.022372172942149888, 0.017352392720869973, 0.013971212973552933, 0.011479177415184906,
                            0.010322814350185779, 0.0054575067186403583, 0.017400879442694022, -0.014851887071247203,
                            0.028757851367421565});
  Real angle = fma(root * square, series, root);
  Real quarter = constant(x, quarterTurn),
       quarterLost = constant(x, -4.37113900018624283e-8, 6.1232339957367648033e-17);
  if (!isCosine)
    return copySign(select(isNear, angle, quarter - (angle * 2 - quarterLost)), x);
  Test isNegative = x < 0;
  Real beyond = select(isNegative, quarter * 2 - (angle * 2 - quarterLost * 2), angle * 2);
  return select(isNear, quarter - (copySign(angle, x) - quarterLost), beyond);
}

void lowering::populateTrigonometricPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandPattern<math::SinOp>>(context, sine);
  patterns.add<ExpandPattern<math::CosOp>>(context, cosine);
  patterns.add<ExpandPattern<math::TanOp>>(context, tangent);
  patterns.add<ExpandPattern<math::AtanOp>>(context, arctangent);
  patterns.add<ExpandPattern<math::Atan2Op>>(context, arctangentOfTwo);
  patterns.add<ExpandPattern<math::AsinOp>>(context,
                                            [](Operation *, ArrayRef<Real> x) { return arcsineOf(x[0], false); });
  patterns.add<ExpandPattern<math::AcosOp>>(context,
                                            [](Operation *, ArrayRef<Real> x) { return arcsineOf(x[0], true); });
}
