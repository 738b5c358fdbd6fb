//===- ControlInference.cpp - types through branches and loops --------------===//
#include "ObjectImage.h"
#include "TypeInference.h"

#include "wick/Dialect/TS/IR/Raise.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Gives the operands of a branch or loop, or of its terminators, the types of what they become.
static void generalizeOperands(Operation *op, MutableArrayRef<OpOperand> operands, ValueRange targets) {
  OpBuilder builder(op);
  bool isDead = op->hasTrait<OpTrait::IsTerminator>() && endsInRaise(*op->getBlock());
  for (auto [operand, target] : llvm::zip(operands, targets)) {
    Type type = target.getType();
    if (operand.get().getType() == type)
      continue;
    Value value = isDead ? Value(UninitializedOp::create(builder, op->getLoc(), type))
                         : generalize(builder, op->getLoc(), operand.get(), type);
    operand.set(value);
  }
}

Type wick::ts::getJoinedType(Value value) {
  if (value.getDefiningOp<UninitializedOp>())
    return {};
  Type type = lookThroughCasts(value).getType();
  return isa<ts::NoneType>(type) ? type : value.getType();
}

/// The types of values, each a part of a join.
static SmallVector<Type> getJoinedTypes(ValueRange values) {
  return llvm::map_to_vector(values, [](Value value) { return getJoinedType(value); });
}

void wick::ts::setJoinedTypes(ValueRange values, ArrayRef<Type> types) {
  for (auto [value, type] : llvm::zip(values, types)) {
    if (type && (!isa<ts::NoneType>(type) || isa<ts::NoneType>(value.getType()))) {
      value.setType(type);
      continue;
    }
    if (value.use_empty())
      continue;
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(value);
    Location loc = value.getLoc();
    Value known = type ? UpcastOp::create(builder, loc, value.getType(), NoneOp::create(builder, loc)).getResult()
                       : UninitializedOp::create(builder, loc, value.getType()).getResult();
    value.replaceAllUsesWith(known);
  }
}

TypeInference::Progress TypeInference::visitIf(scf::IfOp op) {
  if (std::optional<bool> condition = facts.getBool(op.getCondition())) {
    // Only the live branch exists.
    Region &region = *condition ? op.getThenRegion() : op.getElseRegion();
    if (region.empty()) {
      rewriter.eraseOp(op);
      return Progress::Rewritten;
    }
    Block &block = region.front();
    Operation *terminator = block.getTerminator();
    SmallVector<Value> results(terminator->getOperands());
    rewriter.inlineBlockBefore(&block, op);
    rewriter.replaceOp(op, results);
    rewriter.eraseOp(terminator);
    return Progress::Rewritten;
  }
  SmallVector<Type> types(op.getNumResults());
  for (Region &region : op->getRegions()) {
    if (region.empty())
      continue;
    if (failed(inferBlock(region.front())))
      return Progress::Failed;
    if (endsInRaise(region.front()))
      continue;
    for (auto [type, value] : llvm::zip(types, region.front().getTerminator()->getOperands()))
      type = joinTypes(type, getJoinedType(value));
  }
  if (llvm::all_of(op->getRegions(), [](Region &region) { return !region.empty() && endsInRaise(region.front()); }) &&
      succeeded(applicator.matchAndRewrite(op, rewriter))) // The code after it never runs.
    return Progress::Rewritten;
  if (moveUsersInto(op, [&](unsigned i) { return isDivided(op, i); }))
    return Progress::Rewritten;
  setJoinedTypes(op.getResults(), types);
  for (Region &region : op->getRegions())
    if (!region.empty()) {
      Operation *terminator = region.front().getTerminator();
      generalizeOperands(terminator, terminator->getOpOperands(), op.getResults());
    }
  return Progress::Done;
}

LogicalResult TypeInference::findStableTypes(Operation *loop, SmallVectorImpl<Type> &types,
                                             llvm::function_ref<FailureOr<SmallVector<Type>>(Operation *)> infer) {
  // Each round can only make types more general, and there are few steps between the types of a tensor.
  while (true) {
    rewriter.setInsertionPoint(loop);
    Operation *clone = rewriter.clone(*loop);
    ++numTrials;
    FailureOr<SmallVector<Type>> next = infer(clone);
    --numTrials;
    bool stable = true;
    if (succeeded(next))
      for (auto [type, other] : llvm::zip(types, *next)) {
        Type joined = joinTypes(type, other);
        stable &= joined == type;
        type = joined;
      }
    rewriter.eraseOp(clone);
    if (failed(next))
      return failure();
    if (stable)
      return success();
  }
}

LogicalResult TypeInference::visitFor(scf::ForOp op) {
  SmallVector<Type> types = getJoinedTypes(op.getInitArgs());
  LogicalResult stable = findStableTypes(op, types, [&](Operation *clone) -> FailureOr<SmallVector<Type>> {
    auto loop = cast<scf::ForOp>(clone);
    setJoinedTypes(loop.getRegionIterArgs(), types);
    divideArguments(*loop.getBody());
    if (failed(inferBlock(*loop.getBody())))
      return failure();
    return getJoinedTypes(loop.getBody()->getTerminator()->getOperands());
  });
  if (failed(stable))
    return failure();
  setJoinedTypes(op.getRegionIterArgs(), types);
  divideArguments(*op.getBody());
  if (failed(inferBlock(*op.getBody())))
    return failure();
  setJoinedTypes(op.getResults(), types);
  generalizeOperands(op.getBody()->getTerminator(), op.getBody()->getTerminator()->getOpOperands(), op.getResults());
  generalizeOperands(op, op.getInitArgsMutable(), op.getResults());
  return success();
}

LogicalResult TypeInference::visitWhile(scf::WhileOp op) {
  SmallVector<Type> types = getJoinedTypes(op.getInits());
  // Visits both regions and gives the types after the body.
  auto inferBody = [&](scf::WhileOp loop) -> FailureOr<SmallVector<Type>> {
    setJoinedTypes(loop.getBeforeArguments(), types);
    divideArguments(*loop.getBeforeBody());
    if (failed(inferBlock(*loop.getBeforeBody())))
      return failure();
    setJoinedTypes(loop.getAfterArguments(), getJoinedTypes(loop.getConditionOp().getArgs()));
    divideArguments(*loop.getAfterBody());
    if (failed(inferBlock(*loop.getAfterBody())))
      return failure();
    return getJoinedTypes(loop.getYieldOp().getOperands());
  };
  if (failed(findStableTypes(op, types, [&](Operation *clone) { return inferBody(cast<scf::WhileOp>(clone)); })) ||
      failed(inferBody(op)))
    return failure();
  generalizeOperands(op.getYieldOp(), op.getYieldOp()->getOpOperands(), op.getBeforeArguments());
  generalizeOperands(op, op.getInitsMutable(), op.getBeforeArguments());
  setJoinedTypes(op.getResults(), getJoinedTypes(op.getConditionOp().getArgs()));
  return success();
}

TypeInference::Progress TypeInference::visitLoop(LoopOp op) {
  SmallVector<Type> types = getJoinedTypes(op.getInits());
  auto inferBody = [&](LoopOp loop) -> FailureOr<SmallVector<Type>> {
    Block &body = loop.getBody().front();
    setJoinedTypes(body.getArguments().drop_front(), types);
    divideArguments(body);
    if (failed(inferBlock(body)))
      return failure();
    return getJoinedTypes(body.getTerminator()->getOperands().drop_front());
  };
  SmallVector<Type> before = types, afterFirst;
  LogicalResult stable = findStableTypes(op, types, [&](Operation *clone) -> FailureOr<SmallVector<Type>> {
    FailureOr<SmallVector<Type>> next = inferBody(cast<LoopOp>(clone));
    if (afterFirst.empty() && succeeded(next))
      afterFirst = *next;
    return next;
  });
  if (failed(stable))
    return Progress::Failed;
  if (peel(op, before, types, afterFirst))
    return Progress::Rewritten;
  if (failed(inferBody(op)))
    return Progress::Failed;
  Operation *yield = op.getBody().front().getTerminator();
  setJoinedTypes(op.getResults(), types);
  generalizeOperands(yield, yield->getOpOperands().drop_front(), op.getResults());
  generalizeOperands(op, op->getOpOperands().drop_front(2), op.getResults());
  endPeeling(op);
  return Progress::Done;
}
