//===- ChooseLayouts.cpp - --plan-choose-layouts ----------------------------===//
//
// Convolutions work on channels-last images and programs on channels-first ones, so a
// transpose stands before and behind each. Those behind sink through whatever
// follows - elementwise ops, pads, slices, concatenations - until they meet the
// transpose in front of the next convolution and both vanish, or a reduction takes
// them up into its indexing map. In a network of convolutions one transpose remains
// at its entry and one where the layout shows in a result.
//
// Sinking is the only direction: a transpose that moves down past an op is one that
// the op's other operands, if transposed alike, lose too.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANCHOOSELAYOUTSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

/// Whether a transpose makes a channels-last image channels-first: the last dim becomes the second. Not with one
/// dim of space, where the transpose is its own inverse and what is undone on one operand would sink again.
static bool isToChannelsFirst(ArrayRef<int64_t> permutation) {
  int64_t rank = permutation.size();
  if (rank < 4 || permutation[0] != 0 || permutation[1] != rank - 1)
    return false;
  for (int64_t dim = 2; dim < rank; ++dim)
    if (permutation[dim] != dim - 1)
      return false;
  return true;
}

/// The permutation of a tensor that a transpose to channels-first computes, or none.
static std::optional<SmallVector<int64_t>> sinkingPermutation(Value value) {
  auto transpose = value.getDefiningOp<linalg::TransposeOp>();
  if (!transpose || !isToChannelsFirst(transpose.getPermutation()))
    return std::nullopt;
  return SmallVector<int64_t>(transpose.getPermutation());
}

static Value createTranspose(OpBuilder &b, Location loc, Value value, ArrayRef<int64_t> permutation) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, value);
  Value empty =
      tensor::EmptyOp::create(b, loc, applyPermutation(sizes, permutation), getElementTypeOrSelf(value.getType()));
  return linalg::TransposeOp::create(b, loc, value, empty, permutation)->getResult(0);
}

/// The tensor whose transpose `value` is: the transpose's operand, or a transpose of its own.
static Value undo(OpBuilder &b, Location loc, Value value, ArrayRef<int64_t> permutation) {
  if (auto transpose = value.getDefiningOp<linalg::TransposeOp>();
      transpose && transpose.getPermutation() == permutation)
    return transpose.getInput();
  return createTranspose(b, loc, value, invertPermutationVector(permutation));
}

namespace {
/// transpose(transpose(x)) is one transpose or none; one that moves only dims of size one is a reshape.
struct FoldTranspose : OpRewritePattern<linalg::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::TransposeOp op, PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> permutation = op.getPermutation();
    if (isIdentityPermutation(permutation)) {
      rewriter.replaceOp(op, op.getInput());
      return success();
    }
    if (auto inner = op.getInput().getDefiningOp<linalg::TransposeOp>()) {
      SmallVector<int64_t> both = applyPermutation(inner.getPermutation(), permutation);
      if (isIdentityPermutation(both)) {
        rewriter.replaceOp(op, inner.getInput());
        return success();
      }
      rewriter.replaceOpWithNewOp<linalg::TransposeOp>(op, inner.getInput(), op.getInit(), both);
      return success();
    }
    return asReshape(op, rewriter);
  }

  LogicalResult asReshape(linalg::TransposeOp op, PatternRewriter &rewriter) const {
    auto source = cast<RankedTensorType>(op.getInput().getType()),
         target = cast<RankedTensorType>(op->getResultTypes()[0]);
    SmallVector<int64_t> moved;
    for (int64_t dim : op.getPermutation())
      if (source.getDimSize(dim) != 1)
        moved.push_back(dim);
    if (!llvm::is_sorted(moved))
      return rewriter.notifyMatchFailure(op, "dims of more than one element change places");
    // Dims of size one join the dim of more elements before them, the leading ones the one behind.
    auto groups = [](RankedTensorType type) {
      SmallVector<ReassociationIndices> result;
      bool open = true;
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        bool one = type.getDimSize(dim) == 1;
        if (result.empty())
          result.emplace_back();
        else if (!one && !open)
          result.emplace_back();
        open &= one;
        result.back().push_back(dim);
      }
      return result;
    };
    if (moved.empty() || source.getRank() == static_cast<int64_t>(moved.size()))
      return failure();
    SmallVector<int64_t> shape;
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, op.getLoc(), op.getInput());
    for (int64_t dim : moved)
      shape.push_back(source.getDimSize(dim));
    auto flat = RankedTensorType::get(shape, source.getElementType());
    Value collapsed = tensor::CollapseShapeOp::create(rewriter, op.getLoc(), flat, op.getInput(), groups(source));
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, target, collapsed, groups(target),
                                                       applyPermutation(sizes, op.getPermutation()));
    return success();
  }
};

/// A generic op reads a transposed operand where it stood before; if each of its elements is computed from single ones,
/// its results take the layout of that operand.
struct SinkThroughGeneric : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    auto isTransposed = [](Value operand) { return sinkingPermutation(operand).has_value(); };
    if (isa<linalg::TransposeOp, linalg::FillOp>(op.getOperation()) || llvm::none_of(op.getDpsInputs(), isTransposed))
      return rewriter.notifyMatchFailure(op, "no operand is transposed");
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    if (!generic) {
      // Named windows keep their names: transposes stand where they must.
      if (op.getNumReductionLoops())
        return rewriter.notifyMatchFailure(op, "a named reduction has a fixed layout");
      FailureOr<linalg::GenericOp> generalized = linalg::generalizeNamedOp(rewriter, op);
      return success(succeeded(generalized));
    }
    SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
    SmallVector<Value> inputs(generic.getInputs()), outputs(generic.getOutputs());
    std::optional<SmallVector<int64_t>> result;
    auto permuted = [](AffineMap map, ArrayRef<int64_t> permutation) {
      return AffineMap::get(map.getNumDims(), 0, applyPermutation(map.getResults(), permutation), map.getContext());
    };
    for (auto [index, input] : llvm::enumerate(inputs)) {
      std::optional<SmallVector<int64_t>> permutation = sinkingPermutation(input);
      if (!permutation)
        continue;
      // Where operand and result had one layout, the result follows the operand.
      if (!result && maps[index].isPermutation() && maps[index] == maps[inputs.size()])
        result = permutation;
      maps[index] = permuted(maps[index], invertPermutationVector(*permutation));
      input = input.getDefiningOp<linalg::TransposeOp>().getInput();
    }
    bool pointwise = generic.getNumReductionLoops() == 0 && result;
    for (unsigned i = 0; i < outputs.size() && pointwise; ++i)
      pointwise = maps[inputs.size() + i].isPermutation();
    rewriter.setInsertionPoint(op);
    SmallVector<Type> types(op->getResultTypes());
    if (pointwise)
      for (auto [index, output] : llvm::enumerate(outputs)) {
        SmallVector<int64_t> inverse = invertPermutationVector(*result);
        maps[inputs.size() + index] = permuted(maps[inputs.size() + index], inverse);
        BlockArgument argument = generic.getMatchingBlockArgument(generic.getDpsInitOperand(index));
        if (argument.use_empty()) {
          SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, op.getLoc(), output);
          output = tensor::EmptyOp::create(rewriter, op.getLoc(), applyPermutation(sizes, inverse),
                                           getElementTypeOrSelf(output.getType()));
        } else {
          output = undo(rewriter, op.getLoc(), output, *result);
        }
        types[index] = output.getType();
      }
    auto replacement =
        linalg::GenericOp::create(rewriter, op.getLoc(), types, inputs, outputs, maps, generic.getIteratorTypesArray());
    rewriter.cloneRegionBefore(generic.getRegion(), replacement.getRegion(), replacement.getRegion().begin());
    if (!pointwise) {
      rewriter.replaceOp(op, replacement);
      return success();
    }
    // Loops in the order of the first result.
    SmallVector<unsigned> order;
    for (AffineExpr e : maps[inputs.size()].getResults())
      order.push_back(cast<AffineDimExpr>(e).getPosition());
    rewriter.setInsertionPoint(replacement);
    FailureOr<linalg::GenericOp> ordered = linalg::interchangeGenericOp(rewriter, replacement, order);
    if (succeeded(ordered))
      replacement = *ordered;
    rewriter.setInsertionPointAfter(replacement);
    SmallVector<Value> results;
    for (Value value : replacement.getResults())
      results.push_back(createTranspose(rewriter, op.getLoc(), value, *result));
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct SinkThroughPad : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> permutation = sinkingPermutation(op.getSource());
    Value padding = op.getConstantPaddingValue();
    if (!permutation || !padding)
      return rewriter.notifyMatchFailure(op, "the source is not transposed or the padding is not constant");
    SmallVector<int64_t> inverse = invertPermutationVector(*permutation);
    SmallVector<int64_t> shape = applyPermutation(op.getResultType().getShape(), inverse);
    Value source = op.getSource().getDefiningOp<linalg::TransposeOp>().getInput();
    auto pad = tensor::PadOp::create(
        rewriter, op.getLoc(), RankedTensorType::get(shape, op.getResultType().getElementType()), source,
        applyPermutation(op.getMixedLowPad(), inverse), applyPermutation(op.getMixedHighPad(), inverse), padding);
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), pad, *permutation));
    return success();
  }
};

struct SinkThroughSlice : OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractSliceOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> permutation = sinkingPermutation(op.getSource());
    if (!permutation || op.getSourceType().getRank() != op.getType().getRank())
      return rewriter.notifyMatchFailure(op, "the source is not transposed or a dim is dropped");
    SmallVector<int64_t> inverse = invertPermutationVector(*permutation);
    Value source = op.getSource().getDefiningOp<linalg::TransposeOp>().getInput();
    Value slice = tensor::ExtractSliceOp::create(
        rewriter, op.getLoc(), source, applyPermutation(op.getMixedOffsets(), inverse),
        applyPermutation(op.getMixedSizes(), inverse), applyPermutation(op.getMixedStrides(), inverse));
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), slice, *permutation));
    return success();
  }
};

/// Collapsing dims that are neighbours in the transposed order too, as the pixels of an image, can come first.
struct SinkThroughCollapse : OpRewritePattern<tensor::CollapseShapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::CollapseShapeOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> permutation = sinkingPermutation(op.getSrc());
    if (!permutation)
      return rewriter.notifyMatchFailure(op, "the source is not transposed");
    SmallVector<ReassociationIndices> groups;
    for (const ReassociationIndices &group : op.getReassociationIndices()) {
      groups.push_back(llvm::map_to_vector<2>(group, [&](int64_t dim) { return (*permutation)[dim]; }));
      for (size_t i = 1; i < group.size(); ++i)
        if (groups.back()[i] != groups.back()[i - 1] + 1)
          return rewriter.notifyMatchFailure(op, "dims are collapsed that are no neighbours without the transpose");
    }
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, groups.size()));
    llvm::sort(order, [&](int64_t a, int64_t b) { return groups[a].front() < groups[b].front(); });
    SmallVector<int64_t> shape;
    for (int64_t group : order)
      shape.push_back(op.getResultType().getDimSize(group));
    Value source = op.getSrc().getDefiningOp<linalg::TransposeOp>().getInput();
    Value collapsed = tensor::CollapseShapeOp::create(rewriter, op.getLoc(),
                                                      RankedTensorType::get(shape, op.getResultType().getElementType()),
                                                      source, applyPermutation(groups, order));
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), collapsed, invertPermutationVector(order)));
    return success();
  }
};

struct SinkThroughConcat : OpRewritePattern<tensor::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ConcatOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> permutation;
    for (Value input : op.getInputs())
      if (!permutation)
        permutation = sinkingPermutation(input);
    if (!permutation)
      return rewriter.notifyMatchFailure(op, "no operand is transposed");
    SmallVector<Value> inputs;
    for (Value input : op.getInputs())
      inputs.push_back(undo(rewriter, op.getLoc(), input, *permutation));
    int64_t dim = (*permutation)[op.getDim()];
    Value concat = tensor::ConcatOp::create(rewriter, op.getLoc(), dim, inputs);
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), concat, *permutation));
    return success();
  }
};

struct PlanChooseLayoutsPass : plan::impl::PlanChooseLayoutsPassBase<PlanChooseLayoutsPass> {
  using PlanChooseLayoutsPassBase::PlanChooseLayoutsPassBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldTranspose, SinkThroughGeneric, SinkThroughPad, SinkThroughSlice, SinkThroughCollapse,
                 SinkThroughConcat>(&getContext());
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
  }
};
} // namespace
