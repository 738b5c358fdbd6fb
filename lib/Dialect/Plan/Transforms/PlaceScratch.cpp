//===- PlaceScratch.cpp - --plan-place-scratch
//------------------------------===//
#include "ElementBytes.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANPLACESCRATCHPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick::plan;

/// Moves `value`'s definition into the entry block, with all it depends on.
static bool hoistToEntry(Value value, Block *entry, Operation *before) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return value.getParentBlock() == entry;
  if (op->getBlock() == entry && op->isBeforeInBlock(before))
    return true;
  if (op->getNumRegions() != 0 || !isPure(op))
    return false;
  for (Value operand : op->getOperands())
    if (!hoistToEntry(operand, entry, before))
      return false;
  op->moveBefore(before);
  return true;
}

/// A buffer that a loop carries into its next iteration is another one there.
static bool isCarried(memref::AllocOp alloc) {
  return llvm::any_of(alloc->getUsers(), [](Operation *user) { return user->hasTrait<OpTrait::IsTerminator>(); });
}

namespace {
struct PlanPlaceScratchPass : wick::plan::impl::PlanPlaceScratchPassBase<PlanPlaceScratchPass> {
  using PlanPlaceScratchPassBase::PlanPlaceScratchPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal() || !(func->hasAttr(kKernelAttr) || func->hasAttr(kWorkAttr)))
      return;
    Block *entry = &func.front();
    int64_t onStack = 0;
    SmallVector<memref::AllocOp> allocs;
    func.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
    for (memref::AllocOp alloc : allocs) {
      bool atEntry = alloc->getBlock() == entry;
      if (!atEntry && !isCarried(alloc)) {
        Operation *ancestor = entry->findAncestorOpInBlock(*alloc);
        atEntry = llvm::all_of(alloc->getOperands(), [&](Value size) { return hoistToEntry(size, entry, ancestor); });
        if (atEntry)
          alloc->moveBefore(ancestor);
      }
      OpBuilder b(alloc);
      MemRefType type = alloc.getType();
      if (atEntry && type.hasStaticShape()) {
        int64_t bytes = type.getNumElements() * getElementBytes(type.getElementType());
        if (onStack + bytes <= stackBytes) {
          onStack += bytes;
          auto local = memref::AllocaOp::create(b, alloc.getLoc(), type, b.getI64IntegerAttr(64));
          local->moveBefore(&entry->front());
          eraseDeallocs(alloc);
          alloc->replaceAllUsesWith(local);
          alloc.erase();
          continue;
        }
      }
      alloc.setAlignment(64);
      if (isCarried(alloc) || llvm::any_of(alloc->getUsers(), llvm::IsaPred<memref::DeallocOp>))
        continue;
      b.setInsertionPoint(alloc->getBlock()->getTerminator());
      memref::DeallocOp::create(b, alloc.getLoc(), alloc);
    }
  }

  static void eraseDeallocs(memref::AllocOp alloc) {
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
  }
};
} // namespace
