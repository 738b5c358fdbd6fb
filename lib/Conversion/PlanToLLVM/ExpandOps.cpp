//===- ExpandOps.cpp - --plan-expand-ops
//-------------------------------------===//
#include "ExpandMath.h"
#include "wick/Conversion/Passes.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Conversion/ComplexToStandard/ComplexToStandard.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Transforms/Transforms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace wick {
#define GEN_PASS_DEF_PLANEXPANDOPSPASS
#include "wick/Conversion/Passes.h.inc"
} // namespace wick

using namespace mlir;
using namespace wick;

static bool isContiguous(MemRefType type) {
  return type.getLayout().isIdentity() || memref::isStaticShapeAndContiguousRowMajor(type);
}

namespace {
/// A copy that is not one range of bytes becomes loops.
struct StridedCopyPattern : OpRewritePattern<memref::CopyOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(memref::CopyOp op, PatternRewriter &rewriter) const override {
    auto source = dyn_cast<MemRefType>(op.getSource().getType()),
         target = dyn_cast<MemRefType>(op.getTarget().getType());
    if (!source || !target || (isContiguous(source) && isContiguous(target)))
      return rewriter.notifyMatchFailure(op, "copies one range of bytes");
    Location loc = op.getLoc();
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0),
          one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    SmallVector<Value> indices;
    for (int64_t dim = 0; dim < source.getRank(); ++dim) {
      Value size = memref::DimOp::create(rewriter, loc, op.getSource(), dim);
      auto loop = scf::ForOp::create(rewriter, loc, zero, size, one);
      indices.push_back(loop.getInductionVar());
      rewriter.setInsertionPointToStart(loop.getBody());
    }
    Value element = memref::LoadOp::create(rewriter, loc, op.getSource(), indices);
    memref::StoreOp::create(rewriter, loc, element, op.getTarget(), indices);
    rewriter.eraseOp(op);
    return success();
  }
};

/// Without the instruction LLVM would call libm.
template <typename Op> struct UnfusePattern : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Value product = arith::MulFOp::create(rewriter, op.getLoc(), op->getOperand(0), op->getOperand(1));
    rewriter.replaceOpWithNewOp<arith::AddFOp>(op, product, op->getOperand(2));
    return success();
  }
};

/// Upstream's pattern computes the sizes of an expansion from the source, which takes at most one dynamic size in a
/// group. Of contiguous memory the sizes that the op states are all there is to know.
struct ExpandContiguousPattern : OpRewritePattern<memref::ExpandShapeOp> {
  using OpRewritePattern<memref::ExpandShapeOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(memref::ExpandShapeOp op, PatternRewriter &rewriter) const override {
    MemRefType type = op.getResultType();
    if (!op.getSrcType().getLayout().isIdentity() || !type.getLayout().isIdentity())
      return rewriter.notifyMatchFailure(op, "not contiguous");
    SmallVector<OpFoldResult> sizes = op.getMixedOutputShape(), strides(sizes.size(), rewriter.getIndexAttr(1));
    for (size_t i = sizes.size(); i-- > 1;) {
      std::optional<int64_t> size = getConstantIntValue(sizes[i]), stride = getConstantIntValue(strides[i]);
      if (size && stride) {
        strides[i - 1] = rewriter.getIndexAttr(*size * *stride);
        continue;
      }
      strides[i - 1] =
          arith::MulIOp::create(rewriter, op.getLoc(), getValueOrCreateConstantIndexOp(rewriter, op.getLoc(), sizes[i]),
                                getValueOrCreateConstantIndexOp(rewriter, op.getLoc(), strides[i]))
              .getResult();
    }
    rewriter.replaceOpWithNewOp<memref::ReinterpretCastOp>(op, type, op.getSrc(), rewriter.getIndexAttr(0), sizes,
                                                           strides);
    return success();
  }
};

/// Division as LibTorch does it: scaled by the larger part of the divisor, which keeps what upstream's patterns lose to
/// overflow or treat as infinities that C99 knows.
struct ComplexDivisionPattern : OpConversionPattern<complex::DivOp> {
  ComplexDivisionPattern(MLIRContext *context) : OpConversionPattern(context, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(complex::DivOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<ComplexType>(op.getType());
    Type part = type.getElementType();
    auto add = [&](Value x, Value y) -> Value { return arith::AddFOp::create(rewriter, loc, x, y); };
    auto sub = [&](Value x, Value y) -> Value { return arith::SubFOp::create(rewriter, loc, x, y); };
    auto mul = [&](Value x, Value y) -> Value { return arith::MulFOp::create(rewriter, loc, x, y); };
    auto div = [&](Value x, Value y) -> Value { return arith::DivFOp::create(rewriter, loc, x, y); };
    auto select = [&](Value condition, Value x, Value y) -> Value {
      return arith::SelectOp::create(rewriter, loc, condition, x, y);
    };
    auto real = [&](Value x) -> Value { return complex::ReOp::create(rewriter, loc, part, x); };
    auto imag = [&](Value x) -> Value { return complex::ImOp::create(rewriter, loc, part, x); };
    Value a = real(adaptor.getLhs()), b = imag(adaptor.getLhs()), c = real(adaptor.getRhs()),
          d = imag(adaptor.getRhs());
    Value absC = math::AbsFOp::create(rewriter, loc, c), absD = math::AbsFOp::create(rewriter, loc, d);
    Value isRealLarger = arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OGE, absC, absD);
    Value large = select(isRealLarger, c, d), small = select(isRealLarger, d, c);
    Value one = arith::ConstantOp::create(rewriter, loc, rewriter.getFloatAttr(part, 1));
    Value ratio = div(small, large), scale = div(one, add(large, mul(small, ratio)));
    Value bRatio = mul(b, ratio), aRatio = mul(a, ratio);
    Value re = mul(select(isRealLarger, add(a, bRatio), add(aRatio, b)), scale);
    Value im = mul(select(isRealLarger, sub(b, aRatio), sub(bRatio, a)), scale);
    // Dividing by zero gives infinities of the signs of the dividend.
    Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getFloatAttr(part, 0));
    Value isZero = arith::AndIOp::create(
        rewriter, loc, Value(arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OEQ, absC, zero)),
        Value(arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OEQ, absD, zero)));
    rewriter.replaceOpWithNewOp<complex::CreateOp>(op, type, select(isZero, div(a, absC), re),
                                                   select(isZero, div(b, absC), im));
    return success();
  }
};

struct PlanExpandOpsPass : wick::impl::PlanExpandOpsPassBase<PlanExpandOpsPass> {
  using PlanExpandOpsPassBase::PlanExpandOpsPassBase;

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    if (failed(lowerStructure()) || failed(lowerVectors()) || failed(lowerComplex()) || failed(lowerMath()))
      signalPassFailure();
  }

  LogicalResult lowerStructure() {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> structured;
    getOperation().walk([&](linalg::LinalgOp op) { structured.push_back(op); });
    for (linalg::LinalgOp op : structured) {
      rewriter.setInsertionPoint(op);
      if (failed(linalg::linalgOpToLoops(rewriter, op)))
        return op.emitError() << "'" << op->getName() << "' cannot be turned into loops";
      rewriter.eraseOp(op);
    }
    // First, for upstream's patterns look through users of an expansion, where they crash on several dynamic sizes.
    RewritePatternSet expansions(&getContext());
    expansions.add<ExpandContiguousPattern>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(expansions))))
      return failure();
    RewritePatternSet patterns(&getContext());
    patterns.add<StridedCopyPattern>(&getContext());
    memref::populateExpandStridedMetadataPatterns(patterns);
    affine::populateAffineExpandIndexOpsPatterns(patterns);
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  LogicalResult lowerVectors() {
    RewritePatternSet transfers(&getContext());
    VectorTransferToSCFOptions options;
    options.unroll = true;
    populateVectorToSCFConversionPatterns(transfers, options);
    if (failed(applyPatternsGreedily(getOperation(), std::move(transfers))))
      return failure();
    RewritePatternSet patterns(&getContext());
    vector::populateVectorToVectorCanonicalizationPatterns(patterns);
    vector::populateVectorBitCastLoweringPatterns(patterns);
    vector::populateVectorBroadcastLoweringPatterns(patterns);
    vector::populateVectorContractLoweringPatterns(patterns, vector::VectorContractLowering::OuterProduct);
    vector::populateVectorOuterProductLoweringPatterns(patterns);
    vector::populateVectorMultiReductionLoweringPatterns(patterns, vector::VectorMultiReductionLowering::InnerParallel);
    vector::populateVectorMaskOpLoweringPatterns(patterns);
    vector::populateVectorShapeCastLoweringPatterns(patterns);
    vector::populateVectorInterleaveLoweringPatterns(patterns);
    vector::populateVectorTransposeLoweringPatterns(patterns, vector::VectorTransposeLowering::Shuffle1D);
    vector::populateVectorMaskMaterializationPatterns(patterns, /*force32BitVectorIndices=*/false);
    vector::populateVectorInsertExtractStridedSliceTransforms(patterns);
    vector::populateVectorStepLoweringPatterns(patterns);
    vector::populateVectorRankReducingFMAPattern(patterns);
    vector::populateVectorGatherLoweringPatterns(patterns);
    vector::populateVectorTransferLoweringPatterns(patterns,
                                                   /*maxTransferRank=*/1);
    if (!fma)
      patterns.add<UnfusePattern<vector::FMAOp>>(&getContext());
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  /// Functions of complex numbers become functions of their parts.
  LogicalResult lowerComplex() {
    RewritePatternSet patterns(&getContext());
    populateComplexToStandardConversionPatterns(patterns);
    patterns.add<ComplexDivisionPattern>(&getContext());
    ConversionTarget target(getContext());
    target.markUnknownOpDynamicallyLegal([](Operation *op) { return !isa<complex::ComplexDialect>(op->getDialect()); });
    target.addLegalOp<complex::CreateOp, complex::ReOp, complex::ImOp, complex::ConstantOp, complex::BitcastOp,
                      complex::AddOp, complex::SubOp, complex::MulOp>();
    return applyPartialConversion(getOperation(), target, std::move(patterns));
  }

  LogicalResult lowerMath() {
    RewritePatternSet patterns(&getContext());
    // Numbers of the program are those of libm, through the runtime.
    if (getOperation()->hasAttr(plan::kKernelAttr) || getOperation()->hasAttr(plan::kWorkAttr)) {
      lowering::populateExponentialPatterns(patterns);
      lowering::populateLogarithmPatterns(patterns);
      lowering::populateTrigonometricPatterns(patterns);
      lowering::populateErrorFunctionPatterns(patterns);
      if (fma)
        lowering::populateRemainderPatterns(patterns);
    }
    // Those of upstream's that are accurate.
    auto isAccurate = [](StringRef name) {
      return llvm::is_contained({"math.exp", "math.tanh", "math.erf", "math.log"}, name);
    };
    populateMathF32ExpansionPatterns(patterns, isAccurate);
    populateMathPolynomialApproximationPatterns(patterns, isAccurate);
    arith::populateExpandBFloat16Patterns(patterns);
    if (!fma)
      patterns.add<UnfusePattern<math::FmaOp>>(&getContext());
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }
};
} // namespace
