//===- OutlineWork.cpp - --plan-outline-work
//--------------------------------===//
//
// The chunks of a parallel loop run on any thread, so its body must be a
// function. What the body captures travels through memory; views and index
// arithmetic are cheaper to repeat than to pass, and repeating them lets LLVM
// see plain pointers.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"
#include "mlir/Transforms/RegionUtils.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANOUTLINEWORKPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick::plan;

/// Whether an op is repeated in the work function rather than its result
/// captured.
static bool isCheap(Operation *op) {
  if (op->getNumRegions() != 0 || !isMemoryEffectFree(op))
    return false;
  if (isa<ViewLikeOpInterface, memref::DimOp, memref::CollapseShapeOp, memref::ExpandShapeOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return true;
  return llvm::all_of(op->getResultTypes(), llvm::IsaPred<IndexType>);
}

/// Clones the cheap producers of the values that `loop` uses from outside into
/// its body, repeatedly, until only captures remain.
static void sinkProducers(scf::ParallelOp loop) {
  Block *body = loop.getBody();
  for (bool changed = true; changed;) {
    changed = false;
    llvm::SetVector<Value> used;
    getUsedValuesDefinedAbove(loop.getRegion(), used);
    OpBuilder b = OpBuilder::atBlockBegin(body);
    for (Value value : used) {
      Operation *producer = value.getDefiningOp();
      if (!producer || !isCheap(producer))
        continue;
      Operation *clone = b.clone(*producer);
      b.setInsertionPointToStart(body);
      for (auto [from, to] : llvm::zip(producer->getResults(), clone->getResults()))
        replaceAllUsesInRegionWith(from, to, loop.getRegion());
      changed = true;
    }
  }
}

static bool isDistributed(scf::ParallelOp loop) {
  auto func = dyn_cast<func::FuncOp>(loop->getParentOp());
  return func && func->hasAttr(kKernelAttr) && loop.getNumLoops() == 1 && loop.getNumResults() == 0;
}

/// Loops of a work item run in order.
static void serialize(scf::ParallelOp loop) {
  IRRewriter rewriter(loop);
  SmallVector<Value> indices;
  OpBuilder::InsertionGuard guard(rewriter);
  for (auto [lower, upper, step] : llvm::zip(loop.getLowerBound(), loop.getUpperBound(), loop.getStep())) {
    auto inner = scf::ForOp::create(rewriter, loop.getLoc(), lower, upper, step);
    indices.push_back(inner.getInductionVar());
    rewriter.setInsertionPointToStart(inner.getBody());
  }
  Operation *terminator = loop.getBody()->getTerminator();
  rewriter.eraseOp(terminator);
  rewriter.inlineBlockBefore(loop.getBody(), rewriter.getInsertionBlock(), rewriter.getInsertionPoint(), indices);
  rewriter.eraseOp(loop);
}

static void outline(scf::ParallelOp loop, StringRef name, SymbolTable &symbols) {
  Location loc = loop.getLoc();
  OpBuilder b(loop);
  // The items are 0 to count; the induction variable is computed from them.
  Value lower = loop.getLowerBound()[0], upper = loop.getUpperBound()[0], step = loop.getStep()[0];
  Value count = upper;
  if (!matchPattern(lower, m_Zero()))
    count = arith::SubIOp::create(b, loc, upper, lower);
  if (!matchPattern(step, m_One()))
    count = arith::CeilDivSIOp::create(b, loc, count, step);
  sinkProducers(loop);
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(loop.getRegion(), used);
  bool isPlain = count == upper;
  if (!isPlain)
    for (Value bound : {lower, step})
      if (!getConstantIntValue(bound))
        used.insert(bound);

  SmallVector<Type> types = llvm::map_to_vector(used, [](Value value) { return value.getType(); });
  types.append(2, b.getIndexType());
  auto work = func::FuncOp::create(loc, name, b.getFunctionType(types, {}));
  work.setPrivate();
  work->setAttr(kWorkAttr, b.getUnitAttr());
  symbols.insert(work, std::next(loop->getParentOfType<func::FuncOp>()->getIterator()));
  ParallelOp::create(b, loc, work.getSymName(), count, used.getArrayRef());

  Block *entry = work.addEntryBlock();
  OpBuilder inner = OpBuilder::atBlockEnd(entry);
  IRMapping mapping;
  for (auto [value, argument] : llvm::zip(used, entry->getArguments()))
    mapping.map(value, argument);
  auto inside = [&](Value bound) -> Value {
    if (std::optional<int64_t> constant = getConstantIntValue(bound))
      return arith::ConstantIndexOp::create(inner, loc, *constant);
    return mapping.lookup(bound);
  };
  Value begin = entry->getArgument(used.size()), end = entry->getArgument(used.size() + 1);
  Value one = arith::ConstantIndexOp::create(inner, loc, 1);
  Value scale = isPlain ? Value() : inside(step), base = isPlain ? Value() : inside(lower);
  auto items = scf::ForOp::create(inner, loc, begin, end, one);
  func::ReturnOp::create(inner, loc);
  inner.setInsertionPoint(items.getBody()->getTerminator());
  Value index = items.getInductionVar();
  if (!isPlain)
    index = arith::AddIOp::create(inner, loc, base, arith::MulIOp::create(inner, loc, index, scale));
  mapping.map(loop.getInductionVars()[0], index);
  for (Operation &op : loop.getBody()->without_terminator())
    inner.clone(op, mapping);
  loop.erase();
}

namespace {
struct PlanOutlineWorkPass : wick::plan::impl::PlanOutlineWorkPassBase<PlanOutlineWorkPass> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<scf::ParallelOp> distributed, serial;
    getOperation().walk([&](scf::ParallelOp loop) { (isDistributed(loop) ? distributed : serial).push_back(loop); });
    for (scf::ParallelOp loop : serial) {
      if (loop.getNumResults() != 0) {
        loop.emitError() << "parallel loop with reductions is not supported in a kernel";
        return signalPassFailure();
      }
      serialize(loop);
    }
    for (scf::ParallelOp loop : distributed)
      outline(loop, (loop->getParentOfType<func::FuncOp>().getName() + "_work").str(), symbols);
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func->hasAttr(kWorkAttr))
        hoistInvariants(func);
  }

  /// What does not depend on the item is computed once a chunk.
  static void hoistInvariants(func::FuncOp work) {
    for (auto loop : llvm::make_early_inc_range(work.getOps<scf::ForOp>()))
      moveLoopInvariantCode(loop);
  }
};
} // namespace
