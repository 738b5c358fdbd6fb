//===- ControlInference.cpp - types through branches and loops --------------===//
#include "ObjectImage.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
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

bool wick::ts::areDivided(Type a, Type b) {
  auto tensor = dyn_cast<ts::TensorType>(a), other = dyn_cast<ts::TensorType>(b);
  if (tensor && other)
    return tensor.isTyped() && other.isTyped() && !cast<ts::TensorType>(joinTypes(tensor, other)).isTyped();
  SmallVector<Type> parts = getPartTypes(a), others = getPartTypes(b);
  return parts.size() == others.size() && llvm::any_of(llvm::zip(parts, others), [](auto pair) {
           return areDivided(std::get<0>(pair), std::get<1>(pair));
         });
}

/// The type of a value with what is known of the elements of a list that has just been made.
static Type getMadeType(Value value) {
  auto list = value.getDefiningOp<ListConstructOp>();
  if (!list || list.getElements().empty())
    return getJoinedType(value);
  Type element;
  for (Value part : list.getElements())
    element = joinTypes(element, getMadeType(part));
  return element ? Type(ListType::get(value.getContext(), element)) : value.getType();
}

/// Whether the branches of `op` give tensors of different ranks or dtypes.
static bool isDivided(scf::IfOp op, unsigned index) {
  Type types[2];
  for (auto [type, region] : llvm::zip(types, op->getRegions())) {
    if (region.empty() || endsInRaise(region.front()))
      return false;
    type = getMadeType(region.front().getTerminator()->getOperand(index));
    if (!type)
      return false;
  }
  return areDivided(types[0], types[1]);
}

/// Code after a branch may be for one of two ranks or dtypes. What uses such results is moved into both branches, where
/// it is for one of them, up to where what it gives is the same again. False where there is nothing to move.
bool TypeInference::moveUsersInto(scf::IfOp op) {
  constexpr int64_t kMaxOperations = 20000;
  Block *block = op->getBlock();
  Operation *last = nullptr;
  std::function<void(Value)> addUsers = [&](Value value) {
    for (Operation *user : value.getUsers()) {
      Operation *place = block->findAncestorOpInBlock(*user);
      if (!place->hasTrait<OpTrait::IsTerminator>() && (!last || last->isBeforeInBlock(place)))
        last = place;
      // A list that is only read is there for its readers.
      if (isa<ListConstructOp>(user) && facts.getList(user->getResult(0)))
        addUsers(user->getResult(0));
    }
  };
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (isDivided(op, i))
      addUsers(op.getResult(i));
  if (!last)
    return false;
  SmallVector<Operation *> moved;
  SmallVector<Value> live;
  int64_t size = 0;
  for (Operation *next = op->getNextNode();; next = next->getNextNode()) {
    next->walk([&](Operation *) { ++size; });
    moved.push_back(next);
    for (Value result : next->getResults())
      if (llvm::any_of(result.getUsers(),
                       [&](Operation *user) { return last->isBeforeInBlock(block->findAncestorOpInBlock(*user)); }))
        live.push_back(result);
    if (next == last)
      break;
  }
  if (size > kMaxOperations)
    return false;
  SmallVector<Type> types(op.getResultTypes());
  llvm::append_range(types, ValueRange(live).getTypes());
  rewriter.setInsertionPoint(op);
  auto divided = scf::IfOp::create(rewriter, op.getLoc(), types, op.getCondition(), /*addThenBlock=*/false,
                                   /*addElseBlock=*/false);
  for (auto [region, old] : llvm::zip(divided->getRegions(), op->getRegions())) {
    Operation *yield = old.front().getTerminator();
    region.takeBody(old);
    rewriter.setInsertionPoint(yield);
    IRMapping mapping;
    mapping.map(op.getResults(), yield->getOperands());
    for (Operation *next : moved)
      rewriter.clone(*next, mapping);
    SmallVector<Value> yielded(yield->getOperands());
    for (Value value : live)
      yielded.push_back(mapping.lookup(value));
    rewriter.replaceOpWithNewOp<scf::YieldOp>(yield, yielded);
  }
  rewriter.replaceAllUsesWith(live, divided.getResults().drop_front(op.getNumResults()));
  for (Operation *next : llvm::reverse(moved))
    rewriter.eraseOp(next);
  rewriter.replaceOp(op, divided.getResults().take_front(op.getNumResults()));
  return true;
}

/// Where only run time knows whether a size is one, so it does the rank of what is left: a branch for either.
bool TypeInference::divideSqueeze(Operation *squeeze) {
  auto op = dyn_cast<aten::SqueezeOp>(squeeze);
  if (!op)
    return false;
  constexpr size_t kMaxOpen = 2; // each makes two of all that follows
  ts::TensorType type = facts.getTensor(op.getSelf());
  std::optional<SmallVector<int64_t>> given;
  if (!type.isTyped() || (!facts.isNone(op.getDim()) && !(given = facts.getConstantIntList(op.getDim()))))
    return false;
  int64_t rank = type.getRank();
  SmallVector<int64_t> dims = given ? *given : llvm::to_vector(llvm::seq<int64_t>(0, rank));
  SmallVector<int64_t> open;
  for (int64_t &dim : dims) {
    dim += dim < 0 ? rank : 0;
    if (dim < 0 || dim >= rank)
      return false;
    AffineExpr size = type.getDims()[dim];
    std::optional<int64_t> least = aten::getLowerBound(size);
    if (!aten::getConstant(size) && (!least || *least < 2))
      open.push_back(dim);
  }
  if (open.empty() || open.size() > kMaxOpen)
    return false;
  Location loc = op.getLoc();
  int64_t first = open.front();
  llvm::erase(dims, first);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(value));
  };
  Type unknown = ts::TensorType::get(op.getContext());
  Value self = op.getSelf();
  auto yieldRest = [&](Value tensor) {
    if (!dims.empty())
      tensor = aten::SqueezeOp::create(rewriter, loc, unknown, tensor, aten::buildIntList(rewriter, loc, dims));
    scf::YieldOp::create(rewriter, loc, castTo(rewriter, loc, tensor, unknown));
  };
  rewriter.setInsertionPoint(op);
  Value size = SizeOp::create(rewriter, loc, rewriter.getI64Type(), self, constant(first));
  Value isOne = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq, size, constant(1));
  auto branch = scf::IfOp::create(rewriter, loc, unknown, isOne, /*addThenBlock=*/true, /*addElseBlock=*/true);
  rewriter.setInsertionPointToStart(branch.elseBlock());
  yieldRest(self);
  rewriter.setInsertionPointToStart(branch.thenBlock());
  for (int64_t &dim : dims)
    dim -= dim > first;
  yieldRest(aten::SelectOp::create(rewriter, loc, unknown, self, constant(first), constant(0)));
  rewriter.replaceOp(op, branch.getResults());
  return true;
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
  if (moveUsersInto(op))
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
    if (failed(inferBlock(*loop.getBody())))
      return failure();
    return getJoinedTypes(loop.getBody()->getTerminator()->getOperands());
  });
  if (failed(stable))
    return failure();
  setJoinedTypes(op.getRegionIterArgs(), types);
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
    if (failed(inferBlock(*loop.getBeforeBody())))
      return failure();
    setJoinedTypes(loop.getAfterArguments(), getJoinedTypes(loop.getConditionOp().getArgs()));
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

LogicalResult TypeInference::visitLoop(LoopOp op) {
  SmallVector<Type> types = getJoinedTypes(op.getInits());
  auto inferBody = [&](LoopOp loop) -> FailureOr<SmallVector<Type>> {
    Block &body = loop.getBody().front();
    setJoinedTypes(body.getArguments().drop_front(), types);
    if (failed(inferBlock(body)))
      return failure();
    return getJoinedTypes(body.getTerminator()->getOperands().drop_front());
  };
  if (failed(findStableTypes(op, types, [&](Operation *clone) { return inferBody(cast<LoopOp>(clone)); })) ||
      failed(inferBody(op)))
    return failure();
  Operation *yield = op.getBody().front().getTerminator();
  setJoinedTypes(op.getResults(), types);
  generalizeOperands(yield, yield->getOpOperands().drop_front(), op.getResults());
  generalizeOperands(op, op->getOpOperands().drop_front(2), op.getResults());
  return success();
}
