//===- PackWeights.cpp - --plan-pack-weights --------------------------------===//
//
// The right-hand side of a contraction is read panel by panel, so one that is constant
// is stored that way: [..., N/width, K..., width], zero-padded. The graph gets a pack,
// which is computed once when compiling, and an unpack, which the strategies of
// contractions read through. The filters of 3x3 convolutions that are worth it are
// stored by their Winograd transform, in panels too.
//
//===----------------------------------------------------------------------===//
#include "TransformFilters.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANPACKWEIGHTSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

/// Whether a value depends on weights and constants only.
static bool isConstant(Value value, llvm::DenseMap<Value, bool> &known) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (isa<WeightRefOp>(op) || op->hasTrait<OpTrait::ConstantLike>())
    return true;
  if (auto it = known.find(value); it != known.end())
    return it->second;
  bool constant = isPure(op) && llvm::all_of(op->getOperands(), [&](Value v) { return isConstant(v, known); });
  if (constant && op->getNumRegions())
    op->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (!op->isAncestor(operand.getParentBlock()->getParentOp()))
          constant &= isConstant(operand, known);
    });
  return known[value] = constant;
}

namespace {
struct PlanPackWeightsPass : plan::impl::PlanPackWeightsPassBase<PlanPackWeightsPass> {
  using PlanPackWeightsPassBase::PlanPackWeightsPassBase;

  void runOnOperation() override {
    FailureOr<cpu::TargetInfo> info = cpu::TargetInfo::get(target);
    if (failed(info)) {
      emitError(getOperation().getLoc()) << "unknown target '" << target
                                         << "', expected x86-64-v2, x86-64-v3, x86-64-v4 or native";
      return signalPassFailure();
    }
    llvm::DenseMap<Value, bool> known;
    SmallVector<linalg::LinalgOp> roots;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.getNumReductionLoops() && cpu::isMultiplyAdd(op))
        roots.push_back(op);
    });
    for (linalg::LinalgOp root : roots) {
      std::optional<int64_t> tile = winograd ? cpu::chooseWinogradTile(*info, root) : std::nullopt;
      if (!tile || !isConstant(root.getDpsInputOperand(1)->get(), known)) {
        pack(root, *info, known);
        continue;
      }
      auto filter = cast<RankedTensorType>(root.getDpsInputOperand(1)->get().getType());
      int64_t channels = filter.getDimSize(2), filters = filter.getDimSize(3);
      transformFilter(root, cpu::Winograd(*tile),
                      cpu::choosePanelWidth(*info, filter.getElementType(), /*m=*/64, filters, channels));
    }
  }

  void pack(linalg::LinalgOp root, const cpu::TargetInfo &info, llvm::DenseMap<Value, bool> &known) {
    AffineMap out = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
    if (!out.isProjectedPermutation() || out.getNumResults() == 0)
      return;
    // Lanes run along the result's innermost dim; the operand that has it is the one to pack.
    AffineExpr lane = out.getResults().back();
    unsigned laneLoop = cast<AffineDimExpr>(lane).getPosition();
    OpOperand *lhs = root.getDpsInputOperand(0), *rhs = root.getDpsInputOperand(1);
    if (!root.getMatchingIndexingMap(rhs).isFunctionOfDim(laneLoop))
      std::swap(lhs, rhs);
    AffineMap lhsMap = root.getMatchingIndexingMap(lhs), rhsMap = root.getMatchingIndexingMap(rhs);
    auto type = cast<RankedTensorType>(rhs->get().getType());
    std::optional<unsigned> position = rhsMap.getResultPosition(lane);
    if (!rhsMap.isProjectedPermutation() || !position || lhsMap.isFunctionOfDim(laneLoop) || !type.hasStaticShape() ||
        !(type.getElementType().isF32() || type.getElementType().isF64()) || !isConstant(rhs->get(), known))
      return;
    // Outer dims of both operands stay outside, then the panels, then the reduction.
    SmallVector<int64_t> outer, inner;
    int64_t m = 1, k = 1;
    for (auto [dim, e] : llvm::enumerate(rhsMap.getResults())) {
      unsigned loop = cast<AffineDimExpr>(e).getPosition();
      bool reduced = root.getIteratorTypesArray()[loop] == utils::IteratorType::reduction;
      if (dim == *position)
        continue;
      if (!reduced && !lhsMap.isFunctionOfDim(loop))
        return; // More than one dim of the right-hand side alone.
      (reduced ? inner : outer).push_back(dim);
      if (reduced)
        k *= type.getDimSize(dim);
    }
    for (auto [dim, e] : llvm::enumerate(out.getResults())) {
      unsigned loop = cast<AffineDimExpr>(e).getPosition();
      int64_t size = cast<RankedTensorType>(root->getResultTypes()[0]).getDimSize(dim);
      if (!rhsMap.isFunctionOfDim(loop))
        m *= ShapedType::isDynamic(size) ? 64 : size;
    }
    int64_t n = type.getDimSize(*position), width = cpu::choosePanelWidth(info, type.getElementType(), m, n, k);
    if (n == 0 || k == 0)
      return;
    SmallVector<int64_t> order(outer);
    order.push_back(*position);
    order.append(inner);
    SmallVector<int64_t> shape;
    for (int64_t dim : order)
      shape.push_back(dim == static_cast<int64_t>(*position) ? llvm::divideCeil(n, width) : type.getDimSize(dim));
    shape.push_back(width);

    OpBuilder b(root);
    Location loc = root.getLoc();
    Value empty = tensor::EmptyOp::create(b, loc, shape, type.getElementType());
    std::optional<Value> padding;
    if (n % width)
      padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
    SmallVector<OpFoldResult> tiles = {b.getIndexAttr(width)};
    SmallVector<int64_t> dims = {static_cast<int64_t>(*position)};
    Value packed = linalg::PackOp::create(b, loc, rhs->get(), empty, dims, tiles, padding, order)->getResult(0);
    Value whole = tensor::EmptyOp::create(b, loc, type.getShape(), type.getElementType());
    rhs->set(linalg::UnPackOp::create(b, loc, packed, whole, dims, tiles, order)->getResult(0));
  }
};
} // namespace
