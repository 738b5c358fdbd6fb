//===- RaiseLoops.cpp - --ts-raise-loops ------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSRAISELOOPSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static bool isTrue(Value value) {
  BoolAttr constant;
  return matchPattern(value, m_Constant(&constant)) && constant.getValue();
}

/// Moves the body of a loop into `block`, whose arguments stand for its arguments, and
/// returns the yielded condition and values.
static SmallVector<Value> moveBody(IRRewriter &rewriter, LoopOp loop, Block *block, ValueRange arguments) {
  Block &body = loop.getBody().front();
  SmallVector<Value> yielded(body.getTerminator()->getOperands());
  rewriter.eraseOp(body.getTerminator());
  // Yielded block arguments have to follow the move.
  for (Value &value : yielded)
    if (auto argument = dyn_cast<BlockArgument>(value); argument && argument.getOwner() == &body)
      value = arguments[argument.getArgNumber()];
  rewriter.inlineBlockBefore(&body, block, block->end(), arguments);
  return yielded;
}

/// `for i in range(n)`: the condition is true throughout.
static void raiseToFor(IRRewriter &rewriter, LoopOp loop) {
  Location loc = loop.getLoc();
  Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
  Value one = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(1));
  auto raised = scf::ForOp::create(rewriter, loc, zero, loop.getTripCount(), one, loop.getInits());
  Block *block = raised.getBody();
  if (loop.getInits().empty())
    rewriter.eraseOp(block->getTerminator());
  SmallVector<Value> yielded = moveBody(rewriter, loop, block, block->getArguments());
  rewriter.setInsertionPointToEnd(block);
  scf::YieldOp::create(rewriter, loc, ArrayRef(yielded).drop_front());
  rewriter.replaceOp(loop, raised.getResults());
}

/// Any other loop: counter, condition and carried values go around.
static void raiseToWhile(IRRewriter &rewriter, LoopOp loop) {
  Location loc = loop.getLoc();
  IntegerAttr trips;
  bool isCounted = !(matchPattern(loop.getTripCount(), m_Constant(&trips)) && trips.getInt() == INT64_MAX);
  bool needsCounter = isCounted || !loop.getBody().front().getArgument(0).use_empty();
  Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
  Value one = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(1));
  SmallVector<Value> inits{loop.getCondition()};
  if (needsCounter)
    inits.push_back(zero);
  unsigned first = inits.size();
  llvm::append_range(inits, loop.getInits());
  TypeRange types = ValueRange(inits).getTypes();
  SmallVector<Location> locations(inits.size(), loc);
  auto raised = scf::WhileOp::create(rewriter, loc, types, inits);

  Block *before = rewriter.createBlock(&raised.getBefore(), {}, types, locations);
  Value condition = before->getArgument(0);
  if (isCounted) {
    Value more =
        arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::slt, before->getArgument(1), loop.getTripCount());
    condition = arith::AndIOp::create(rewriter, loc, condition, more);
  }
  scf::ConditionOp::create(rewriter, loc, condition, before->getArguments());

  Block *after = rewriter.createBlock(&raised.getAfter(), {}, types, locations);
  SmallVector<Value> arguments{needsCounter ? after->getArgument(1) : zero};
  llvm::append_range(arguments, after->getArguments().drop_front(first));
  SmallVector<Value> yielded = moveBody(rewriter, loop, after, arguments);
  rewriter.setInsertionPointToEnd(after);
  SmallVector<Value> next{yielded.front()};
  if (needsCounter)
    next.push_back(arith::AddIOp::create(rewriter, loc, after->getArgument(1), one));
  llvm::append_range(next, ArrayRef(yielded).drop_front());
  scf::YieldOp::create(rewriter, loc, next);
  rewriter.replaceOp(loop, raised.getResults().drop_front(first));
}

namespace {
struct TSRaiseLoopsPass : wick::ts::impl::TSRaiseLoopsPassBase<TSRaiseLoopsPass> {
  using TSRaiseLoopsPassBase::TSRaiseLoopsPassBase;

  void runOnOperation() override {
    SmallVector<LoopOp> loops;
    getOperation().walk([&](LoopOp loop) { loops.push_back(loop); });
    IRRewriter rewriter(&getContext());
    for (LoopOp loop : loops) {
      rewriter.setInsertionPoint(loop);
      if (isTrue(loop.getCondition()) && isTrue(loop.getBody().front().getTerminator()->getOperand(0)))
        raiseToFor(rewriter, loop);
      else
        raiseToWhile(rewriter, loop);
    }
  }
};
} // namespace
