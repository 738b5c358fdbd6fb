//===- RunForks.cpp - --ts-run-forks ----------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "wick/Dialect/TS/IR/Forks.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/PatternMatch.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSRUNFORKSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// What a future is once its computation has run.
static Type getFinished(FutureType future) {
  Type type = future.getElementType();
  while (auto inner = dyn_cast<FutureType>(type))
    type = inner.getElementType();
  return type;
}

/// Whether None could be no future, or one that gives None.
static bool isAmbiguous(Type type) {
  AttrTypeWalker walker;
  walker.addWalk([](OptionalType optional) {
    auto future = dyn_cast<FutureType>(optional.getElementType());
    bool mayGiveNone = future && isSubtype(ts::NoneType::get(future.getContext()), getFinished(future));
    return mayGiveNone ? WalkResult::interrupt() : WalkResult::advance();
  });
  return walker.walk(type).wasInterrupted();
}

/// Puts the body where the fork stands; its operations remember which fork that was.
static void run(ForkOp fork, int64_t number) {
  IRRewriter rewriter(fork);
  Block *body = &fork.getBody().front();
  body->walk([&](Operation *op) { op->setLoc(addFork(op->getLoc(), number)); });
  auto yield = cast<YieldOp>(body->getTerminator());
  rewriter.inlineBlockBefore(body, fork, fork.getCaptures());
  Value value = castTo(rewriter, fork.getLoc(), yield->getOperand(0), fork.getType().getElementType());
  // The types disagree until all are replaced.
  fork.getResult().replaceAllUsesWith(value);
  rewriter.eraseOp(fork);
  rewriter.eraseOp(yield);
}

namespace {
struct TSRunForksPass : wick::ts::impl::TSRunForksPassBase<TSRunForksPass> {
  using TSRunForksPassBase::TSRunForksPassBase;

  void runOnOperation() override {
    SmallVector<ForkOp> forks;
    getOperation().walk<WalkOrder::PreOrder>([&](ForkOp fork) { forks.push_back(fork); });
    if (forks.empty())
      return;
    WalkResult checked = getOperation().walk([&](Operation *op) {
      if (llvm::none_of(op->getResultTypes(), isAmbiguous))
        return WalkResult::advance();
      op->emitError() << "an optional future of what may be None is not supported";
      return WalkResult::interrupt();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();
    // Outer ones first: each is in place before what it yields is.
    for (auto [number, fork] : llvm::enumerate(forks))
      run(fork, number);
    AttrTypeReplacer replacer;
    replacer.addReplacement(getFinished);
    replacer.recursivelyReplaceElementsIn(getOperation(), /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
  }
};
} // namespace
