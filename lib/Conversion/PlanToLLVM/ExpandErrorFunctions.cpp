//===- ExpandErrorFunctions.cpp - erf and erfc ------------------------------===//
//
// Near zero erf is a polynomial. Beyond, e^(x^2) erfc(x) falls like 1/x, so (1 + 2x) of it is smooth on all of [1/2,
// inf), which (x - 3) / (x + 3) maps to an interval that a polynomial is good for.
//
//===----------------------------------------------------------------------===//
#include "ExpandMath.h"

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

/// erf(x), |x| < 1/2.
static Real near(Real x) {
  Real series = polynomial(x * x, {0.128379166, -0.37612609, 0.112828314, -0.0267577327, 0.00471908257},
                           {0.12837916709551257, -0.37612638903183474, 0.11283791670925353, -0.026866170632887929,
                            0.00522397737302147, -0.00085482977536749669, 0.00012053335124353741, -1.484584925970787e-5,
                            1.4725865480556744e-6});
  return fma(x, series, x);
}

/// erfc(x), x at least 1/2.
static Real tail(Real x) {
  const FloatCode &code = *x.code;
  Real most = constant(x, 11, 28);
  x = select(x > most, most, x);
  Real series =
      polynomial((x - 3) / (x + 3),
                 {1.25300806, -0.135621053, -0.0475620108, 0.129643257, -0.119278317, 0.0683273935, -0.0237440246,
                  0.00244687128, 0.00182696995, -0.00062000918, -5.26187744e-5},
                 {1.2530080582697297,    -0.13562110612458134,    -0.04756229435345047,    0.12964515870278257,
                  -0.11927366341533124,  0.068308027343106161,    -0.023770514917861958,   0.0025293918320448479,
                  0.0018886903443845539, -0.00077983243364258772, -0.00010515963609280746, 0.0001251003356503837,
                  4.9483822329619312e-6, -2.0104312171114754e-5,  -7.2686605380860609e-7,  3.4813408032432952e-6,
                  3.4450616209463118e-7, -6.2939345789696195e-7,  -1.2140240349691924e-7,  1.1133566989316784e-7,
                  2.2812055732459083e-8, -1.5250031859976338e-8});
  // The square is needed to more digits than a product has: that of a short number is exact.
  Value mask = code.bits(code.isDouble() ? ~uint64_t(0x7ffffff) : ~uint64_t(0xfff));
  Real high = fromBits(code, arith::AndIOp::create(code.builder, code.loc, toBits(x), mask));
  Real power = exponential(-(high * high), (high - x) * (high + x));
  return power * series / fma(x, constant(x, 2), constant(x, 1));
}

static Real errorFunction(Operation *, ArrayRef<Real> x) {
  Real distance = abs(x[0]);
  return copySign(select(distance < 0.5, near(distance), 1 - tail(distance)), x[0]);
}

static Real complement(Operation *, ArrayRef<Real> x) {
  Real distance = abs(x[0]), far = tail(distance);
  return select(distance < 0.5, 1 - near(x[0]), select(x[0] < 0, 2 - far, far));
}

void lowering::populateErrorFunctionPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandPattern<math::ErfOp>>(context, errorFunction, /*only=*/Precision::Double);
  patterns.add<ExpandPattern<math::ErfcOp>>(context, complement);
}
