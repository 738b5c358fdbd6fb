//===- FunctionalizeRegions.cpp - branches and loops on values --------------===//
//
// A branch yields, besides its results, the values of the bases written in it; a loop
// carries them. A reference that leaves a region is a base of its own, and a rival of
// every base outside that it may be. A reference that a loop only hands around is the
// one that it started with.
//
//===----------------------------------------------------------------------===//
#include "Functionalizer.h"
#include "ObjectImage.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// The type in the new function.
static Type getValueType(Type type) {
  return isReferenceType(type) ? Type(llvm::cast<ts::TensorType>(type).getValueType()) : type;
}

SmallVector<Value> Functionalizer::findWritten(const MemoryState &before, const MemoryState &after) {
  SmallVector<Value> written;
  for (auto &[base, snapshot] : before.bases)
    if (after.bases.find(base)->second.version != snapshot.version)
      written.push_back(base);
  return written;
}

SmallVector<Value> Functionalizer::getCarried(const llvm::SetVector<Value> &written, const MemoryState &now) {
  SmallVector<Value> values;
  for (Value base : written)
    if (!shared.contains(base))
      values.push_back(now.bases.find(base)->second.value);
  return values;
}

void Functionalizer::setCarried(const llvm::SetVector<Value> &written, ValueRange values, Location loc) {
  for (Value base : written) {
    bool isShared = shared.contains(base);
    setValue(base, isShared ? Value() : values.front(), loc);
    if (isShared)
      state.held[base] = versions;
    else
      values = values.drop_front();
  }
}

void Functionalizer::joinResult(Value reference, Value value, ArrayRef<Value> incoming, Operation *op) {
  addBase(reference, value);
  auto isOutside = [&](Value base) { return !op->isAncestor(base.getParentBlock()->getParentOp()); };
  for (Value source : incoming) {
    if (!table.contains(source))
      continue;
    Value base = table.getBase(source);
    SmallVector<Value> candidates(table.getRivals(base));
    candidates.push_back(base);
    for (Value candidate : candidates) {
      if (isOutside(candidate))
        table.addRivals(reference, candidate);
      if (shared.contains(candidate) || maybeShared.contains(candidate))
        maybeShared.insert(reference);
    }
  }
}

FailureOr<SmallVector<Value>> Functionalizer::translateYielded(ValueRange values, ArrayRef<Value> results,
                                                               Operation *user) {
  SmallVector<Value> result;
  for (auto [value, target] : llvm::zip_equal(values, results)) {
    Type type = target.getType();
    Value original = lookThroughCasts(value);
    Type valueType = getValueType(type);
    if (isReferenceType(type) && original.getDefiningOp<UninitializedOp>()) {
      // Never read; it only has to have the type.
      auto tensor = llvm::cast<RankedTensorType>(valueType);
      Value zero = arith::ConstantOp::create(builder, user->getLoc(), builder.getIndexAttr(0));
      SmallVector<Value> sizes(tensor.getNumDynamicDims(), zero);
      Value any = tensor::EmptyOp::create(builder, user->getLoc(), tensor, sizes);
      if (demoted.contains(target))
        any = FromValueOp::create(builder, user->getLoc(), type, any);
      result.push_back(any);
      continue;
    }
    if (isReferenceType(type) && !table.contains(value))
      return user->emitError() << "a tensor that leaves a branch or loop is known only at run time";
    if (!isReferenceType(type) || demoted.contains(target)) {
      FailureOr<Value> stored = store(value, user, findings.chosen.contains(target));
      if (failed(stored))
        return failure();
      result.push_back(*stored);
      continue;
    }
    FailureOr<Value> translated = translateOperand(value, user);
    if (failed(translated))
      return failure();
    result.push_back(cast(user->getLoc(), *translated, valueType));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// The reference that all of several are, or null.
static Value getCommonIdentity(const ReferenceTable &table, ArrayRef<Value> references) {
  Value common;
  for (Value reference : references) {
    Value identity = table.contains(reference) ? table.getIdentity(reference) : Value();
    if (!identity || (common && common != identity))
      return {};
    common = identity;
  }
  return common;
}

/// Results that may be the same memory that was made inside are rivals of each other.
static void addInnerRivals(ReferenceTable &table, ArrayRef<std::pair<Value, SmallVector<Value>>> joined) {
  for (auto [i, first] : llvm::enumerate(joined))
    for (auto &second : joined.drop_front(i + 1))
      for (Value a : first.second)
        for (Value b : second.second)
          if (table.contains(a) && table.contains(b) && table.getBase(a) == table.getBase(b))
            table.addRivals(first.first, second.first);
}

LogicalResult Functionalizer::translateIf(scf::IfOp op) {
  Location loc = op.getLoc();
  const MemoryState before = state;
  // Built without results first; how many there are follows from the bodies.
  auto shell = scf::IfOp::create(builder, loc, TypeRange(), mapping.lookup(op.getCondition()), true, true);
  SmallVector<MemoryState, 2> states;
  for (auto [from, to] : llvm::zip(op->getRegions(), shell->getRegions())) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&to.front());
    state = before;
    if (!from.empty() && failed(translateBlock(from.front())))
      return failure();
    states.push_back(state);
  }
  // A result that is one tensor in both branches is that tensor.
  SmallVector<unsigned> kept;
  for (unsigned i = 0; i < op.getNumResults(); ++i) {
    Value result = op.getResult(i);
    Value common;
    if (isa<ts::TensorType>(result.getType()))
      common = getCommonIdentity(table, {op.thenYield().getOperand(i), op.elseYield().getOperand(i)});
    if (common)
      table.addView(result, common, nullptr);
    else
      kept.push_back(i);
  }
  SmallVector<SmallVector<Value>, 2> yielded;
  for (unsigned branch = 0; branch < 2; ++branch) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&shell->getRegion(branch).front());
    SmallVector<Value> values, results;
    for (unsigned i : kept) {
      values.push_back(op->getRegion(branch).front().getTerminator()->getOperand(i));
      results.push_back(op.getResult(i));
    }
    state = states[branch];
    Operation *yield = kept.empty() ? op : op->getRegion(branch).front().getTerminator();
    FailureOr<SmallVector<Value>> translated = translateYielded(values, results, yield);
    if (failed(translated))
      return failure();
    yielded.push_back(*translated);
  }
  llvm::SetVector<Value> written;
  for (const MemoryState &after : states)
    for (Value base : findWritten(before, after))
      written.insert(base);
  SmallVector<Type> types;
  for (Value value : yielded[0])
    types.push_back(value.getType());
  SmallVector<Value> carried = getCarried(written, before);
  llvm::append_range(types, ValueRange(carried).getTypes());
  auto branch = scf::IfOp::create(builder, loc, types, shell.getCondition(), false, false);
  for (unsigned i = 0; i < 2; ++i) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&shell->getRegion(i).front());
    for (auto [value, initial] : llvm::zip(getCarried(written, states[i]), carried))
      yielded[i].push_back(cast(loc, value, initial.getType()));
    scf::YieldOp::create(builder, loc, yielded[i]);
    branch->getRegion(i).takeBody(shell->getRegion(i));
  }
  shell.erase();

  state = before;
  setCarried(written, branch.getResults().take_back(carried.size()), loc);
  SmallVector<std::pair<Value, SmallVector<Value>>> joined;
  for (auto [i, value] : llvm::zip(kept, branch.getResults())) {
    Value result = op.getResult(i);
    if (!isReferenceType(result.getType())) {
      mapping.map(result, value);
      continue;
    }
    if (demoted.contains(result)) {
      if (failed(addShared(result, value, loc)))
        return failure();
      continue;
    }
    SmallVector<Value> incoming{op.thenYield().getOperand(i), op.elseYield().getOperand(i)};
    joinResult(result, value, incoming, op);
    joined.emplace_back(result, incoming);
  }
  addInnerRivals(table, joined);
  return success();
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// What goes around a loop may be a tensor of outside, or another that goes around; what
/// the body makes anew is neither.
static void addLoopRivals(ReferenceTable &table, ArrayRef<std::pair<Value, SmallVector<Value>>> joined, Operation *op) {
  for (auto &[argument, incoming] : joined) {
    if (!table.contains(incoming.front()))
      continue;
    Value base = table.getBase(incoming.front());
    SmallVector<Value> candidates(table.getRivals(base));
    candidates.push_back(base);
    for (Value candidate : candidates) {
      Operation *owner = candidate.getParentBlock()->getParentOp();
      bool isMadeInside = op->isProperAncestor(owner) || (owner == op && !isa<BlockArgument>(candidate));
      if (!isMadeInside)
        table.addRivals(argument, candidate);
    }
  }
}

bool Functionalizer::addMaybeShared(ArrayRef<std::pair<Value, SmallVector<Value>>> joined) {
  bool grew = false;
  for (auto &[argument, incoming] : joined)
    for (Value value : incoming)
      if (table.contains(value) &&
          (shared.contains(table.getBase(value)) || maybeShared.contains(table.getBase(value))))
        grew |= maybeShared.insert(argument);
  return grew;
}

LogicalResult Functionalizer::translateFor(scf::ForOp op) {
  Location loc = op.getLoc();
  const MemoryState before = state;
  Block *body = op.getBody();
  ValueRange yields = body->getTerminator()->getOperands();
  auto isInvariant = [&](unsigned i) {
    return isa<ts::TensorType>(op.getResult(i).getType()) && lookThroughCasts(yields[i]) == op.getRegionIterArg(i) &&
           table.contains(op.getInitArgs()[i]);
  };
  SmallVector<unsigned> carried;
  SmallVector<Value> initial, final, handed;
  for (unsigned i = 0; i < op.getNumResults(); ++i) {
    if (isInvariant(i)) {
      table.addView(op.getRegionIterArg(i), op.getInitArgs()[i], nullptr);
      table.addView(op.getResult(i), op.getInitArgs()[i], nullptr);
      continue;
    }
    carried.push_back(i);
    initial.push_back(op.getInitArgs()[i]);
    final.push_back(yields[i]);
    handed.push_back(op.getResult(i));
  }
  FailureOr<SmallVector<Value>> inits = translateYielded(initial, handed, op);
  if (failed(inits))
    return failure();
  llvm::SetVector<Value> written;
  while (true) {
    SmallVector<Value> operands(*inits), initialValues = getCarried(written, before);
    llvm::append_range(operands, initialValues);
    auto loop = scf::ForOp::create(builder, loc, mapping.lookup(op.getLowerBound()), mapping.lookup(op.getUpperBound()),
                                   mapping.lookup(op.getStep()), operands);
    if (operands.empty())
      loop.getBody()->getTerminator()->erase();
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    state = before;
    unsigned rivals = table.getNumRivals();
    mapping.map(op.getInductionVar(), loop.getInductionVar());
    setCarried(written, ValueRange(loop.getRegionIterArgs()).take_back(initialValues.size()), loc);
    SmallVector<std::pair<Value, SmallVector<Value>>> joined;
    for (auto [i, argument] : llvm::zip(carried, loop.getRegionIterArgs())) {
      if (!isReferenceType(argument.getType()) && !isReferenceType(op.getResult(i).getType())) {
        mapping.map(op.getRegionIterArg(i), argument);
        continue;
      }
      if (demoted.contains(op.getResult(i))) {
        if (failed(addShared(op.getRegionIterArg(i), argument, loc)))
          return failure();
        continue;
      }
      joinResult(op.getRegionIterArg(i), argument, op.getInitArgs()[i], op);
      joined.emplace_back(op.getRegionIterArg(i), SmallVector<Value>{yields[i]});
    }
    const MemoryState entry = state;
    if (failed(translateBlock(*body)))
      return failure();
    FailureOr<SmallVector<Value>> results = translateYielded(final, handed, body->getTerminator());
    if (failed(results))
      return failure();
    addLoopRivals(table, joined, op);
    addInnerRivals(table, joined);
    bool grew = table.getNumRivals() != rivals || addMaybeShared(joined);
    for (Value base : findWritten(entry, state))
      if (before.bases.contains(base))
        grew |= written.insert(base);
    if (grew) {
      forgetShared(op);
      loop.erase();
      continue;
    }
    for (auto [value, first] : llvm::zip(getCarried(written, state), initialValues))
      results->push_back(cast(loc, value, first.getType()));
    scf::YieldOp::create(builder, loc, *results);
    builder.setInsertionPointAfter(loop);
    return leaveLoop(op, loop.getResults(), carried, yields, written, before);
  }
}

LogicalResult Functionalizer::leaveLoop(Operation *op, ValueRange results, ArrayRef<unsigned> carried,
                                        ValueRange yields, const llvm::SetVector<Value> &written,
                                        const MemoryState &before) {
  state = before;
  setCarried(written, results.drop_front(carried.size()), op->getLoc());
  auto inits = op->getOperands().take_back(op->getNumResults());
  SmallVector<std::pair<Value, SmallVector<Value>>> joined;
  for (auto [i, value] : llvm::zip(carried, results)) {
    Value result = op->getResult(i);
    if (!isReferenceType(result.getType())) {
      mapping.map(result, value);
      continue;
    }
    if (demoted.contains(result)) {
      if (failed(addShared(result, value, op->getLoc())))
        return failure();
      continue;
    }
    SmallVector<Value> incoming{inits[i], yields[i]};
    joinResult(result, value, incoming, op);
    joined.emplace_back(result, incoming);
  }
  addInnerRivals(table, joined);
  return success();
}

LogicalResult Functionalizer::translateWhile(scf::WhileOp op) {
  Location loc = op.getLoc();
  const MemoryState before = state;
  scf::ConditionOp condition = op.getConditionOp();
  scf::YieldOp yield = op.getYieldOp();
  if (op.getBeforeArguments().size() != op.getAfterArguments().size())
    return op.emitError() << "a loop whose condition changes what it carries is not supported";
  for (auto [argument, passed] : llvm::zip(op.getBeforeArguments(), condition.getArgs()))
    if (argument != passed)
      return op.emitError() << "a loop whose condition changes what it carries is not supported";
  auto isInvariant = [&](unsigned i) {
    return isa<ts::TensorType>(op.getResult(i).getType()) && table.contains(op.getInits()[i]) &&
           lookThroughCasts(yield.getOperand(i)) == op.getAfterArguments()[i];
  };
  SmallVector<unsigned> carried;
  SmallVector<Value> initial, final, handed;
  for (unsigned i = 0; i < op.getNumResults(); ++i) {
    if (isInvariant(i)) {
      for (Value value : {Value(op.getBeforeArguments()[i]), Value(op.getAfterArguments()[i]), Value(op.getResult(i))})
        table.addView(value, op.getInits()[i], nullptr);
      continue;
    }
    carried.push_back(i);
    initial.push_back(op.getInits()[i]);
    final.push_back(yield.getOperand(i));
    handed.push_back(op.getResult(i));
  }
  FailureOr<SmallVector<Value>> inits = translateYielded(initial, handed, op);
  if (failed(inits))
    return failure();
  llvm::SetVector<Value> written;
  while (true) {
    SmallVector<Value> operands(*inits), initialValues = getCarried(written, before);
    llvm::append_range(operands, initialValues);
    TypeRange operandTypes = ValueRange(operands).getTypes();
    SmallVector<Location> locations(operands.size(), loc);
    auto loop = scf::WhileOp::create(builder, loc, operandTypes, operands);
    OpBuilder::InsertionGuard guard(builder);
    unsigned rivals = table.getNumRivals();
    bool grew = false, hasTypes = true;
    auto enter = [&](Block *block, ArrayRef<BlockArgument> originals) {
      state = before;
      setCarried(written, ValueRange(block->getArguments()).take_back(initialValues.size()), loc);
      SmallVector<std::pair<Value, SmallVector<Value>>> joined;
      for (auto [i, argument] : llvm::zip(carried, block->getArguments())) {
        if (!isReferenceType(op.getResult(i).getType())) {
          mapping.map(originals[i], argument);
          continue;
        }
        if (demoted.contains(op.getResult(i))) {
          hasTypes &= succeeded(addShared(originals[i], argument, loc));
          continue;
        }
        joinResult(originals[i], argument, op.getInits()[i], op);
        joined.emplace_back(originals[i], SmallVector<Value>{yield.getOperand(i)});
      }
      return joined;
    };
    Block *test = builder.createBlock(&loop.getBefore(), {}, operandTypes, locations);
    enter(test, op.getBeforeArguments());
    MemoryState entry = state;
    if (failed(translateBlock(*op.getBeforeBody())))
      return failure();
    if (!findWritten(entry, state).empty())
      return op.emitError() << "a loop condition that writes tensors is not supported";
    scf::ConditionOp::create(builder, loc, mapping.lookup(condition.getCondition()), test->getArguments());

    Block *body = builder.createBlock(&loop.getAfter(), {}, operandTypes, locations);
    auto joined = enter(body, op.getAfterArguments());
    if (!hasTypes)
      return failure();
    entry = state;
    if (failed(translateBlock(*op.getAfterBody())))
      return failure();
    FailureOr<SmallVector<Value>> results = translateYielded(final, handed, yield);
    if (failed(results))
      return failure();
    addLoopRivals(table, joined, op);
    addInnerRivals(table, joined);
    grew |= table.getNumRivals() != rivals || addMaybeShared(joined);
    for (Value base : findWritten(entry, state))
      if (before.bases.contains(base))
        grew |= written.insert(base);
    if (grew) {
      forgetShared(op);
      loop.erase();
      continue;
    }
    for (auto [value, first] : llvm::zip(getCarried(written, state), initialValues))
      results->push_back(cast(loc, value, first.getType()));
    scf::YieldOp::create(builder, loc, *results);
    builder.setInsertionPointAfter(loop);
    return leaveLoop(op, loop.getResults(), carried, yield.getOperands(), written, before);
  }
}
