//===- FunctionalizeReturn.cpp - results of functions -------------------------===//
//
// Results are references again. One that is an argument, or what a slot or container holds, is that tensor, and a view
// of what the caller sees is a view in the runtime; what nothing else shows is made anew.
//
//===----------------------------------------------------------------------===//
#include "Functionalizer.h"
#include "ObjectImage.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Adds to `demoted` the results of branches that pass on what callers may see elsewhere, for they may be that tensor.
static bool demoteBranches(Value value, function_ref<bool(Value)> mayBeSeen, function_ref<bool(Value)> demote) {
  auto branch = value.getDefiningOp<scf::IfOp>();
  if (!branch || !mayBeSeen(value))
    return false;
  unsigned number = cast<OpResult>(value).getResultNumber();
  bool isNew = demote(value);
  for (scf::YieldOp yield : {branch.thenYield(), branch.elseYield()})
    isNew |= demoteBranches(lookThroughCasts(yield.getOperand(number)), mayBeSeen, demote);
  return isNew;
}

void Functionalizer::findReturned(Value value) {
  Value reference = table.findReference(value);
  if (table.contains(reference)) {
    Value identity = table.getIdentity(reference);
    returnedParts[table.getBase(identity)].insert(identity);
  } else if (Operation *op = value.getDefiningOp(); isContainerOrCast(op) && !mapping.contains(value)) {
    llvm::for_each(op->getOperands(), [&](Value operand) { findReturned(operand); });
  }
}

LogicalResult Functionalizer::translateReturn(func::ReturnOp op) {
  writeExternals(op.getLoc());
  llvm::for_each(op.getOperands(), [&](Value operand) { findReturned(operand); });
  auto isSeen = [&](Value base) {
    return externals.contains(base) || shared.contains(base) || returnedParts.contains(base);
  };
  auto mayBeSeen = [&](Value base) { return table.contains(base) && llvm::any_of(table.getRivals(base), isSeen); };
  bool isAnyNew = false;
  for (auto &[base, parts] : returnedParts)
    isAnyNew |= demoteBranches(base, mayBeSeen, [&](Value value) { return demote(value); });
  if (isAnyNew)
    return failure();
  SmallVector<Value> results;
  for (auto [operand, type] : llvm::zip(op.getOperands(), func.getResultTypes())) {
    FailureOr<Value> value = materialize(operand, op);
    if (failed(value))
      return failure();
    results.push_back(*value);
  }
  func::ReturnOp::create(builder, op.getLoc(), results);
  return success();
}

FailureOr<Value> Functionalizer::referToReturned(Value identity, Operation *user) {
  Value base = table.getBase(identity);
  bool isSeen = externals.contains(base) || shared.contains(base) || returnedParts.lookup(base).size() > 1;
  if (identity == base || !isSeen || !isReferenceType(base.getType()))
    return Value();
  FailureOr<Value> whole = materialize(base, user);
  if (failed(whole))
    return failure();
  viewed[base] = *whole;
  return referToView(identity, user);
}

FailureOr<Value> Functionalizer::materialize(Value value, Operation *user) {
  if (table.contains(value)) {
    Value identity = table.getIdentity(value);
    // So has what LibTorch returned, and nothing has written since.
    Value reference = mapping.lookupOrNull(identity);
    bool isUnchanged = reference && state.bases.find(identity)->second.version == state.held.lookup(identity);
    if (externals.contains(identity) || shared.contains(identity) || isUnchanged)
      return castTo(builder, user->getLoc(), reference, value.getType());
    if (Value known = returned.lookup(identity); known && known.getType() == value.getType())
      return known;
    FailureOr<Value> view = referToReturned(identity, user);
    if (failed(view))
      return failure();
    if (*view)
      return castTo(builder, user->getLoc(), *view, value.getType());
    // Less may be known of what is returned than of the tensor that it is.
    Value whole = isReferenceType(value.getType()) ? value : identity;
    FailureOr<Value> contents = read(whole, user);
    if (failed(contents))
      return failure();
    Value created = FromValueOp::create(builder, user->getLoc(), whole.getType(), *contents);
    if (whole != value)
      created = RefineOp::create(builder, user->getLoc(), value.getType(), created);
    returned[identity] = created;
    return created;
  }
  if (Value made = state.stored.lookup(value))
    return made;
  Operation *op = value.getDefiningOp();
  if (isContainerOrCast(op) && !mapping.contains(value)) {
    IRMapping inner;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> part = materialize(operand, user);
      if (failed(part))
        return failure();
      inner.map(operand, *part);
    }
    return builder.clone(*op, inner)->getResult(0);
  }
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  if (isa_and_nonnull<UninitializedOp>(op)) // Control does not get here.
    return builder.clone(*op)->getResult(0);
  return user->emitError() << "cannot return a value of type " << value.getType();
}
