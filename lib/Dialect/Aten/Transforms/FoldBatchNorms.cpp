//===- FoldBatchNorms.cpp - batch norms as part of convolutions -------------===//
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenMathOps.h"
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/Transforms/Passes.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace wick::aten {
#define GEN_PASS_DEF_ATENFOLDBATCHNORMSPASS
#include "wick/Dialect/Aten/Transforms/Passes.h.inc"
} // namespace wick::aten

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

/// Whether a tensor or None is known when the model is compiled.
bool isConstant(Value value) {
  StaticFacts facts;
  if (facts.isNone(value))
    return true;
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (isa<plan::WeightRefOp, arith::ConstantOp>(op))
    return true;
  // What was computed from weights, say by an earlier fold.
  auto isKnown = [](Value operand) { return !isa<RankedTensorType>(operand.getType()) || isConstant(operand); };
  return isa_and_nonnull<AtenDialect>(op->getDialect()) && op->getNumOperands() &&
         llvm::all_of(op->getOperands(), isKnown);
}

/// Builds the arithmetic on weights.
struct WeightBuilder {
  OpBuilder &builder;
  Location loc;
  Value none;

  Value add(Value a, Value b) { return AddOp::create(builder, loc, a.getType(), a, b, none); }
  Value sub(Value a, Value b) { return SubOp::create(builder, loc, a.getType(), a, b, none); }
  Value mul(Value a, Value b) { return MulOp::create(builder, loc, a.getType(), a, b); }
  Value div(Value a, Value b) { return DivOp::create(builder, loc, a.getType(), a, b, none); }
  Value sqrt(Value a) { return SqrtOp::create(builder, loc, a.getType(), a); }
  Value reciprocal(Value a) { return ReciprocalOp::create(builder, loc, a.getType(), a); }
  Value neg(Value a) { return NegOp::create(builder, loc, a.getType(), a); }

  /// A vector with one element a channel of the result, for a weight [O, …].
  Value spread(Value vector, int64_t rank) {
    auto type = cast<RankedTensorType>(vector.getType());
    SmallVector<int64_t> shape(rank, 1);
    shape[0] = type.getDimSize(0);
    Value size = buildIntList(builder, loc, shape);
    return ViewAsSizeOp::create(builder, loc, RankedTensorType::get(shape, type.getElementType()), vector, size);
  }
};

template <typename Convolution> struct FoldBatchNorm : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BatchNormOp norm, PatternRewriter &rewriter) const override {
    StaticFacts facts;
    auto convolution = norm.getInput().getDefiningOp<Convolution>();
    if (!convolution || !convolution->hasOneUse() || convolution->getBlock() != norm->getBlock())
      return rewriter.notifyMatchFailure(norm, "no convolution of which it is the only user");
    if (facts.getBool(norm.getTraining()) != false || facts.isNone(norm.getRunningMean()) ||
        facts.isNone(norm.getRunningVar()))
      return rewriter.notifyMatchFailure(norm, "the statistics are those of the batch");
    if constexpr (std::is_same_v<Convolution, ConvolutionOp>)
      if (facts.getBool(convolution.getTransposed()) != false)
        return rewriter.notifyMatchFailure(norm, "channels of the result are not the first dim of the weight");
    for (Value value : {convolution.getWeight(), convolution.getBias(), norm.getWeight(), norm.getBias(),
                        norm.getRunningMean(), norm.getRunningVar()})
      if (!isConstant(value) ||
          (!facts.isNone(value) && !cast<RankedTensorType>(value.getType()).getElementType().isF32()))
        return rewriter.notifyMatchFailure(norm, "an operand is no constant of f32");

    // The statistics may be defined between the two, so the convolution moves down to its only user.
    rewriter.setInsertionPoint(norm);
    rewriter.moveOpBefore(convolution, norm);
    rewriter.setInsertionPoint(convolution);
    WeightBuilder w{rewriter, norm.getLoc(), ts::NoneOp::create(rewriter, norm.getLoc())};
    Value deviation = w.sqrt(w.add(norm.getRunningVar(), norm.getEps()));
    Value scale = facts.isNone(norm.getWeight()) ? w.reciprocal(deviation) : w.div(norm.getWeight(), deviation);
    Value shift = w.mul(norm.getRunningMean(), scale);
    shift = facts.isNone(norm.getBias()) ? w.neg(shift) : w.sub(norm.getBias(), shift);
    if (!facts.isNone(convolution.getBias()))
      shift = w.add(w.mul(convolution.getBias(), scale), shift);
    auto weightType = cast<RankedTensorType>(convolution.getWeight().getType());
    Value weight = w.mul(convolution.getWeight(), w.spread(scale, weightType.getRank()));
    rewriter.modifyOpInPlace(convolution, [&] {
      convolution.getWeightMutable().assign(weight);
      convolution.getBiasMutable().assign(shift);
    });
    rewriter.replaceOp(norm, convolution.getResult());
    return success();
  }
};

struct AtenFoldBatchNormsPass : aten::impl::AtenFoldBatchNormsPassBase<AtenFoldBatchNormsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldBatchNorm<ConvOp>, FoldBatchNorm<ConvolutionOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
