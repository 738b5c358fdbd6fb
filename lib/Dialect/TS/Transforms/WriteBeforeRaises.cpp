//===- WriteBeforeRaises.cpp - --ts-write-before-raises ----------------------===//
//
// Walks the function in program order with the writes that are deferred at each point. A branch or loop hands out no
// knowledge of its own: where it changes a value, another `ts.defer_write` stands behind it.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/MapVector.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSWRITEBEFORERAISESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
/// What a tensor is to hold, and whether its memory does.
struct Contents {
  Value value;
  bool isWritten = false;
};

using Tensors = llvm::SmallMapVector<Value, Contents, 4>;

bool mayRaise(Operation *op) { return isa<RaiseOp, FallbackOp, plan::RoutineOp>(op); }

/// Whether a loop calls what may raise itself: what is not written yet is written once, before it.
bool mayRaiseRepeatedly(Operation *op) {
  return isa<LoopLikeOpInterface>(op) && op->walk([](Operation *inner) {
                                             return mayRaise(inner) && !isa<RaiseOp>(inner) ? WalkResult::interrupt()
                                                                                            : WalkResult::advance();
                                           }).wasInterrupted();
}

void writeDeferred(Operation *before, Tensors &tensors) {
  OpBuilder builder(before);
  for (auto &[reference, contents] : tensors)
    if (!std::exchange(contents.isWritten, true))
      WriteOp::create(builder, before->getLoc(), reference, contents.value, /*strict=*/false);
}

void walk(Block &block, Tensors tensors) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto deferred = dyn_cast<DeferWriteOp>(op)) {
      tensors[deferred.getReference()] = {deferred.getValue()};
      deferred.erase();
    } else if (auto write = dyn_cast<WriteOp>(op)) {
      auto known = tensors.find(write.getReference());
      if (known == tensors.end())
        continue;
      bool isRepeated = known->second.isWritten && known->second.value == write.getValue();
      known->second = {write.getValue(), true};
      if (isRepeated)
        write.erase();
    } else if (mayRaise(&op) || mayRaiseRepeatedly(&op)) {
      writeDeferred(&op, tensors);
    }
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        walk(inner, tensors);
  }
}

struct TSWriteBeforeRaisesPass : wick::ts::impl::TSWriteBeforeRaisesPassBase<TSWriteBeforeRaisesPass> {
  void runOnOperation() override {
    if (!getOperation().isExternal())
      walk(getOperation().front(), {});
  }
};
} // namespace
