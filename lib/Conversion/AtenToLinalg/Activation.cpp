//===- Activation.cpp - lowering of activation functions
//--------------------===//
#include "Patterns.h"
#include "Pointwise.h"
#include "wick/Dialect/Aten/IR/AtenActivationOps.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <numbers>

using namespace mlir;
using namespace wick;

using Operands = ArrayRef<Value>;

static Value buildSigmoid(ScalarBuilder &s, Value x) {
  Value one = s.constant(1);
  return s.div(one, s.add(one, s.apply<math::ExpOp>(s.neg(x))));
}

/// min(max(x, low), high).
static Value buildLimit(ScalarBuilder &s, Value x, Value low, Value high) { return s.min(s.max(x, low), high); }

/// min(max(x + 3, 0), 6), of which the hard forms of sigmoid and swish are
/// made.
static Value buildRamp(ScalarBuilder &s, Value x) {
  return buildLimit(s, s.add(x, s.constant(3)), s.constant(0), s.constant(6));
}

/// log(1 + exp(-|x|)), which never overflows.
static Value buildLog1pExpMinusAbs(ScalarBuilder &s, Value x) {
  return s.apply<math::Log1pOp>(s.apply<math::ExpOp>(s.neg(s.abs(x))));
}

static Value buildGelu(ScalarBuilder &s, Value x, bool tanh) {
  Value one = s.constant(1), half = s.constant(0.5);
  if (!tanh) {
    Value error = s.apply<math::ErfOp>(s.mul(x, s.constant(1 / std::numbers::sqrt2)));
    return s.mul(s.mul(x, half), s.add(error, one));
  }
  Value cube = s.mul(s.mul(x, x), x);
  Value inner =
      s.mul(s.add(x, s.mul(cube, s.constant(0.044715))), s.constant(std::numbers::sqrt2 * std::numbers::inv_sqrtpi));
  return s.mul(s.mul(x, half), s.add(s.apply<math::TanhOp>(inner), one));
}

/// x where it is positive, else factor * (exp(inputScale * x) - 1); both times
/// scale.
static Value buildElu(ScalarBuilder &s, Value x, Value alpha, Value scale, Value inputScale) {
  Value negative = s.mul(s.apply<math::ExpM1Op>(s.mul(x, inputScale)), s.mul(alpha, scale));
  return s.select(s.le(x, s.constant(0)), negative, s.mul(x, scale));
}

namespace {
struct GeluLowering : public OpConversionPattern<aten::GeluOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(aten::GeluOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    aten::StaticFacts facts;
    std::optional<StringRef> approximate = facts.getString(op.getApproximate());
    if (!approximate && !facts.isNone(op.getApproximate()))
      return refuse(op, "the approximation is not known");
    bool tanh = approximate == "tanh";
    return lowerPointwise(op, op.getSelf(), adaptor.getSelf(), getOriginalType(op.getResult()).getElementType(),
                          rewriter, [&](ScalarBuilder &s, Operands x) { return buildGelu(s, x[0], tanh); });
  }
};
} // namespace

static Value buildSoftplus(ScalarBuilder &s, Operands x) {
  Value scaled = s.mul(x[0], x[1]);
  Value curved = s.div(s.apply<math::Log1pOp>(s.apply<math::ExpOp>(scaled)), x[1]);
  return s.select(s.gt(scaled, x[2]), x[0], curved);
}

static Value buildSoftShrink(ScalarBuilder &s, Operands x) {
  // Times zero rather than zero: NaN stays NaN.
  Value inner = s.mul(x[0], s.constant(0));
  Value lower = s.select(s.lt(x[0], s.neg(x[1])), s.add(x[0], x[1]), inner);
  return s.select(s.gt(x[0], x[1]), s.sub(x[0], x[1]), lower);
}

void wick::populateActivationPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  PointwisePatterns lower(converter, patterns);
  lower.add<aten::ReluOp>([](ScalarBuilder &s, Operands x) { return s.max(x[0], s.constant(0)); });
  lower.add<aten::Relu6Op>(
      [](ScalarBuilder &s, Operands x) { return buildLimit(s, x[0], s.constant(0), s.constant(6)); });
  lower.add<aten::SigmoidOp>([](ScalarBuilder &s, Operands x) { return buildSigmoid(s, x[0]); });
  lower.add<aten::LogSigmoidOp>(
      [](ScalarBuilder &s, Operands x) { return s.sub(s.min(x[0], s.constant(0)), buildLog1pExpMinusAbs(s, x[0])); });
  lower.add<aten::SiluOp>([](ScalarBuilder &s, Operands x) {
    return s.div(x[0], s.add(s.constant(1), s.apply<math::ExpOp>(s.neg(x[0]))));
  });
  lower.add<aten::MishOp>([](ScalarBuilder &s, Operands x) {
    return s.mul(x[0], s.apply<math::TanhOp>(s.apply<math::Log1pOp>(s.apply<math::ExpOp>(x[0]))));
  });
  lower.add<aten::HardSwishOp>(
      [](ScalarBuilder &s, Operands x) { return s.div(s.mul(x[0], buildRamp(s, x[0])), s.constant(6)); });
  lower.add<aten::HardSigmoidOp>([](ScalarBuilder &s, Operands x) { return s.div(buildRamp(s, x[0]), s.constant(6)); });
  lower.add<aten::SeluOp>([](ScalarBuilder &s, Operands x) {
    return buildElu(s, x[0], s.constant(1.6732632423543772848170429916717),
                    s.constant(1.0507009873554804934193349852946), s.constant(1));
  });

  // The numbers follow the element, in the same dtype.
  patterns.add<GeluLowering>(converter, patterns.getContext());
  lower.add<aten::HardTanhOp>([](ScalarBuilder &s, Operands x) { return buildLimit(s, x[0], x[1], x[2]); });
  lower.add<aten::SoftplusOp>(buildSoftplus);
  lower.add<aten::LeakyReluOp>(
      [](ScalarBuilder &s, Operands x) { return s.select(s.gt(x[0], s.constant(0)), x[0], s.mul(x[0], x[1])); });
  lower.add<aten::EluOp>([](ScalarBuilder &s, Operands x) { return buildElu(s, x[0], x[1], x[2], x[3]); });
  lower.add<aten::CeluOp>(
      [](ScalarBuilder &s, Operands x) { return buildElu(s, x[0], x[1], s.constant(1), s.div(s.constant(1), x[1])); });
  lower.add<aten::ThresholdOp>([](ScalarBuilder &s, Operands x) { return s.select(s.le(x[0], x[1]), x[2], x[0]); });
  lower.add<aten::HardShrinkOp>(
      [](ScalarBuilder &s, Operands x) { return s.select(s.le(s.abs(x[0]), x[1]), s.constant(0), x[0]); });
  lower.add<aten::SoftShrinkOp>(buildSoftShrink);
}
