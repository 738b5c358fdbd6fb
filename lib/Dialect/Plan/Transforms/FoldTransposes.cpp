//===- FoldTransposes.cpp - --plan-fold-transposes --------------------------===//
//
// A product reads its operands through indexing maps, and may as well read what a
// transpose reads, or write what it writes: the heads of attention are never moved.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANFOLDTRANSPOSESPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

/// A sum of products as a generic op.
static bool isProduct(linalg::GenericOp op) {
  return op.getNumReductionLoops() > 0 && op.getNumDpsInputs() == 2 && op.getNumDpsInits() == 1;
}

static AffineMap permuteResults(AffineMap map, ArrayRef<int64_t> permutation) {
  return AffineMap::get(map.getNumDims(), map.getNumSymbols(), applyPermutation(map.getResults(), permutation),
                        map.getContext());
}

namespace {

/// Reads what the transpose of an operand reads.
struct FoldIntoOperand : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!isProduct(op))
      return rewriter.notifyMatchFailure(op, "not a product");
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    SmallVector<Value> inputs(op.getInputs());
    bool changed = false;
    for (auto [map, input] : llvm::zip(maps, inputs)) {
      auto transpose = input.getDefiningOp<linalg::TransposeOp>();
      if (!transpose)
        continue;
      // Dim i of the transpose is dim permutation[i] of its operand.
      map = permuteResults(map, invertPermutationVector(transpose.getPermutation()));
      input = transpose.getInput();
      changed = true;
    }
    if (!changed)
      return rewriter.notifyMatchFailure(op, "no operand is transposed");
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputsMutable().assign(inputs);
      op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    });
    return success();
  }
};

/// Writes what the only user, a transpose that keeps the innermost dim, writes.
struct FoldIntoResult : OpRewritePattern<linalg::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::TransposeOp op, PatternRewriter &rewriter) const override {
    auto product = op.getInput().getDefiningOp<linalg::GenericOp>();
    if (!product || !isProduct(product) || !product->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the operand is no product of which it is the only user");
    ArrayRef<int64_t> permutation = op.getPermutation();
    if (permutation.empty() || permutation.back() != int64_t(permutation.size()) - 1)
      return rewriter.notifyMatchFailure(op, "the innermost dim moves");
    auto fill = product.getOutputs()[0].getDefiningOp<linalg::FillOp>();
    if (!fill)
      return rewriter.notifyMatchFailure(op, "the product does not start from a constant");
    Location loc = product.getLoc();
    rewriter.setInsertionPoint(product);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, fill.getOutputs()[0]);
    Type element = getElementTypeOrSelf(product.getResult(0).getType());
    Value empty = tensor::EmptyOp::create(rewriter, loc, applyPermutation(sizes, permutation), element);
    Value init = linalg::FillOp::create(rewriter, loc, fill.getInputs()[0], empty).getResult(0);
    SmallVector<AffineMap> maps = product.getIndexingMapsArray();
    maps.back() = permuteResults(maps.back(), permutation);
    auto replacement = linalg::GenericOp::create(rewriter, loc, TypeRange(init.getType()), product.getInputs(),
                                                 ValueRange(init), maps, product.getIteratorTypesArray());
    rewriter.cloneRegionBefore(product.getRegion(), replacement.getRegion(), replacement.getRegion().begin());
    // Parallel loops in the order of the result.
    SmallVector<unsigned> order;
    for (AffineExpr e : maps.back().getResults())
      if (auto dim = dyn_cast<AffineDimExpr>(e))
        order.push_back(dim.getPosition());
    for (unsigned loop = 0; loop < product.getNumLoops(); ++loop)
      if (!llvm::is_contained(order, loop))
        order.push_back(loop);
    FailureOr<linalg::GenericOp> ordered = linalg::interchangeGenericOp(rewriter, replacement, order);
    Value result = succeeded(ordered) ? ordered->getResult(0) : replacement.getResult(0);
    if (result.getType() != op->getResult(0).getType())
      result = tensor::CastOp::create(rewriter, loc, op->getResult(0).getType(), result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct PlanFoldTransposesPass : plan::impl::PlanFoldTransposesPassBase<PlanFoldTransposesPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldIntoOperand, FoldIntoResult>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
