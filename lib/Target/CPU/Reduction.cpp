//===- Reduction.cpp - the reduction strategy -------------------------------===//
//
// Takes kernels with one reduction of any kind - sums, extrema, arg max, pooling
// windows, products of integers - over elementwise expressions, with elementwise ops
// behind it. The tile dims are the merged dims of the result, then the merged
// reduction dims.
//
//===----------------------------------------------------------------------===//
#include "ReductionLoops.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick::cpu;

/// Steps that one work item should have at least.
static constexpr int64_t stepsPerItem = 1 << 15;

namespace {
struct ReductionKernel {
  FusedKernel kernel;
  VectorEmitter &v;
  std::string &reason;
  Reduction root;
  SmallVector<AffineExpr> results;
  bool alongRows = false;

  ReductionKernel(func::FuncOp func, const TargetInfo &target, std::string &reason)
      : kernel(func, target), v(kernel.emitter()), reason(reason) {}

  LogicalResult fail(const Twine &why) {
    reason = why.str();
    return failure();
  }

  LogicalResult findRoot() {
    for (Operation &op : kernel.tensors().front()) {
      auto candidate = dyn_cast<linalg::LinalgOp>(op);
      if (!candidate || candidate.getNumReductionLoops() == 0)
        continue;
      if (root.op)
        return fail("the kernel has more than one reduction");
      root.op = candidate;
    }
    if (!root.op)
      return fail("the kernel has no reduction");
    AffineMap out = root.op.getMatchingIndexingMap(root.op.getDpsInitOperand(0));
    for (OpOperand &init : root.op.getDpsInitsMutable())
      if (root.op.getMatchingIndexingMap(&init) != out)
        return fail("results of the reduction differ in shape");
    if (!out.isProjectedPermutation() || out.getNumResults() != root.op.getNumParallelLoops())
      return fail("the map of the result is not a projected permutation");
    return kernel.checkBody(root.op, reason);
  }

  LogicalResult analyze() {
    if (failed(findRoot()))
      return failure();
    for (OpOperand &operand : root.op->getOpOperands()) {
      if (!isa<RankedTensorType>(operand.get().getType()) || !root.op.payloadUsesValueFromOperand(&operand))
        continue;
      // A pad has to stand in memory.
      if (operand.get().getDefiningOp<tensor::PadOp>() ? failed(kernel.viewOrScratch(operand.get(), reason))
                                                       : failed(kernel.checkReadable(operand.get(), reason)))
        return failure();
    }
    FailureOr<SmallVector<AffineExpr>> sizes = loopSizes(kernel, root.op);
    if (failed(sizes))
      return fail("the size of a loop does not show in an operand");

    AffineMap out = root.op.getMatchingIndexingMap(root.op.getDpsInitOperand(0));
    SmallVector<unsigned> parallel, reduced;
    for (AffineExpr e : out.getResults())
      parallel.push_back(cast<AffineDimExpr>(e).getPosition());
    root.op.getReductionDims(reduced);
    auto select = [&](ArrayRef<unsigned> loops) {
      return llvm::map_to_vector(loops, [&](unsigned loop) { return (*sizes)[loop]; });
    };
    SmallVector<AffineExpr> loops(root.op.getNumLoops()), accesses;
    for (auto [dim, loop] : llvm::enumerate(llvm::concat<unsigned>(parallel, reduced)))
      loops[loop] = v.dim(dim);
    if (failed(kernel.collectBodyAccesses(root.op, loops, accesses, reason)))
      return failure();
    SmallVector<AffineExpr> inputs(accesses);
    // What is fused behind the root reads other tensors at the result's dims: those only merge where all of them do.
    SmallVector<AffineExpr> position = applyMap(out, loops);
    if (failed(kernel.fuseConsumers(root.op->getResults(), position, reason)) ||
        failed(kernel.collectConsumerAccesses(accesses, reason)))
      return failure();
    LoopNest outer = mergeLoops(v, select(parallel), 0, accesses, 0);
    if (outer.sizes.empty())
      outer.sizes.push_back(v.expr(1));
    LoopNest inner = mergeLoops(v, select(reduced), parallel.size(), accesses, outer.sizes.size());
    results = outer.sizes;
    root.sizes = inner.sizes;
    root.loops.resize(loops.size());
    for (auto [dim, loop] : llvm::enumerate(parallel))
      root.loops[loop] = outer.position[dim];
    for (auto [dim, loop] : llvm::enumerate(reduced))
      root.loops[loop] = inner.position[dim];
    kernel.moveConsumers(outer.position);

    root.combiners = findCombiners(root.op);
    unsigned lastResult = results.size() - 1, lastReduced = results.size() + root.sizes.size() - 1;
    auto contiguous = [&](unsigned dim) {
      SmallVector<AffineExpr> here;
      (void)kernel.collectBodyAccesses(root.op, root.loops, here, reason);
      return llvm::count_if(here, [&](AffineExpr e) { return linearCoefficient(v, e, dim) == v.expr(1); });
    };
    alongRows = !root.combiners.empty() && !root.sizes.empty() &&
                (contiguous(lastReduced) > contiguous(lastResult) || results.back() == v.expr(1));
    return success();
  }

  int64_t elementBits() {
    int64_t bits = 32;
    for (Value result : root.op->getResults())
      bits = std::max<int64_t>(bits, getElementTypeOrSelf(result.getType()).getIntOrFloatBitWidth());
    return bits;
  }

  int64_t widthFor(AffineExpr size) {
    int64_t known = staticProduct(size);
    return std::min<int64_t>(v.target.lanes(elementBits()), llvm::PowerOf2Ceil(std::max<int64_t>(known, 1)));
  }

  /// Each row's lanes share one result.
  void emitRows() {
    int64_t steps = std::max<int64_t>(1, staticProduct(root.sizes));
    distributeRows(v, results, std::max<int64_t>(1, stepsPerItem / steps), [&](SmallVector<Value> row) {
      SmallVector<Value> sums = reduceRow(kernel, root, row, widthFor(root.sizes.back()));
      TilePoint at;
      at.dims = row;
      at.laneDim = row.size() - 1;
      SmallVector<Value> vectors = llvm::map_to_vector(sums, [&](Value sum) { return v.splat(sum, 1); });
      kernel.storeResults(kernel.evaluate(vectors, at), at);
    });
  }

  /// Each lane is another result.
  void emitColumns() {
    int64_t width = widthFor(results.back());
    int64_t steps = std::max<int64_t>(1, staticProduct(root.sizes) * staticProduct(results.back()));
    unsigned resultCount = root.op->getNumResults();
    int64_t blocks = staticProduct(results.back()) / width;
    int64_t unroll = blocks >= 4 && resultCount == 1 ? 4 : blocks >= 2 && resultCount == 1 ? 2 : 1;
    auto tile = [&](ArrayRef<TilePoint> points) {
      SmallVector<Value> sums;
      for (const TilePoint &at : points)
        for (OpOperand &init : root.op.getDpsInitsMutable())
          sums.push_back(
              kernel.read(init.get(), applyMap(root.op.getMatchingIndexingMap(&init), withoutReduced()), at));
      std::function<SmallVector<Value>(SmallVector<Value>, ValueRange)> nest =
          [&](SmallVector<Value> indices, ValueRange carried) -> SmallVector<Value> {
        size_t level = indices.size();
        if (level < root.sizes.size())
          return v.forLoop(v.constant(0), v.emit(root.sizes[level], {}), 1, carried,
                           [&](Value index, ValueRange inner) {
                             SmallVector<Value> next(indices);
                             next.push_back(index);
                             return nest(next, inner);
                           });
        SmallVector<Value> next;
        for (auto [i, point] : llvm::enumerate(points)) {
          TilePoint at = point;
          at.dims.append(indices);
          next.append(reduceStep(kernel, root, at, carried.slice(i * resultCount, resultCount)));
        }
        return next;
      };
      sums = nest({}, sums);
      for (auto [i, at] : llvm::enumerate(points))
        kernel.storeResults(kernel.evaluate(ArrayRef(sums).slice(i * resultCount, resultCount), at), at);
    };
    SmallVector<AffineExpr> outer = llvm::to_vector(ArrayRef(results).drop_back());
    Value count = v.emit(results.back(), {});
    if (outer.empty()) {
      // Lanes are all there is to distribute.
      int64_t chunk = llvm::alignTo(
          std::max<int64_t>(1, stepsPerItem / std::max<int64_t>(1, staticProduct(root.sizes))), width * unroll);
      auto constant = dyn_cast<AffineConstantExpr>(results.back());
      if (constant && constant.getValue() <= chunk)
        return emitLanes(v, {}, v.constant(0), count, width, unroll, tile);
      return v.workItems(v.ceilDiv(count, v.constant(chunk)), [&](Value item) {
        Value first = v.mul(item, chunk);
        emitLanes(v, {}, first, v.min(v.add(first, chunk), count), width, unroll, tile);
      });
    }
    distributeRows(v, outer, std::max<int64_t>(1, stepsPerItem / steps),
                   [&](SmallVector<Value> row) { emitLanes(v, row, v.constant(0), count, width, unroll, tile); });
  }

  /// The loops at the first step of the reduction.
  SmallVector<AffineExpr> withoutReduced() {
    SmallVector<AffineExpr> loops(root.loops), replacement;
    for (unsigned dim = 0; dim < results.size() + root.sizes.size(); ++dim)
      replacement.push_back(dim < results.size() ? v.dim(dim) : v.expr(0));
    for (AffineExpr &loop : loops)
      loop = loop.replaceDims(replacement);
    return loops;
  }

  void emit() {
    kernel.emitScratch();
    alongRows ? emitRows() : emitColumns();
    kernel.commit();
  }
};
} // namespace

static LogicalResult run(func::FuncOp func, const TargetInfo &target, std::string &reason, bool emit) {
  if (failed(FusedKernel::checkOps(func, reason)))
    return failure();
  ReductionKernel kernel(func, target, reason);
  if (failed(kernel.analyze()))
    return failure();
  if (emit)
    kernel.emit();
  return success();
}

Strategy wick::cpu::getReductionStrategy() {
  auto bound = [](bool emit) {
    return [=](func::FuncOp func, const TargetInfo &target, std::string &reason) {
      return run(func, target, reason, emit);
    };
  };
  return {"reduction", bound(true), bound(false)};
}
