//===- References.cpp - what references show --------------------------------===//
#include "References.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

Value ReferenceTable::findReference(Value value) const {
  while (Operation *op = value.getDefiningOp()) {
    if (contains(value) || !isa<UpcastOp, UncheckedCastOp, RefineOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

Value ReferenceTable::getIdentity(Value reference) const {
  while (true) {
    const Reference &entry = lookup(reference);
    if (!entry.source || entry.view)
      return reference;
    reference = entry.source;
  }
}

void ReferenceTable::addRivals(Value a, Value b) {
  if (a == b || llvm::is_contained(rivals[a], b))
    return;
  ++numRivals;
  rivals[a].push_back(b);
  rivals[b].push_back(a);
}

ArrayRef<Value> ReferenceTable::getRivals(Value base) const {
  auto it = rivals.find(base);
  return it == rivals.end() ? ArrayRef<Value>() : ArrayRef<Value>(it->second);
}

/// Whether `user` may run after `op`: it stands later, or both are in a loop that does
/// not create the value anew in each iteration.
static bool mayRunAfter(Value value, Operation *user, Operation *op) {
  for (Operation *ancestor = op; ancestor; ancestor = ancestor->getParentOp()) {
    Block *block = ancestor->getBlock();
    if (!block)
      return false;
    bool isInside = value.getParentRegion()->isAncestor(block->getParent());
    if (!isInside)
      return false;
    // Made anew after `op`, each time: what is read of it was there.
    if (Operation *made = value.getDefiningOp(); made && made->getBlock() == block && ancestor->isBeforeInBlock(made))
      return false;
    if (Operation *other = block->findAncestorOpInBlock(*user); other && other != ancestor)
      if (ancestor->isBeforeInBlock(other))
        return true;
    Operation *parent = block->getParentOp();
    bool isLoop = isa_and_nonnull<scf::ForOp, scf::WhileOp>(parent);
    if (isLoop && parent->isProperAncestor(user) && !parent->isAncestor(value.getParentRegion()->getParentOp()))
      return true;
  }
  return false;
}

/// Whether what runs after `op` uses a value, or a tuple or list that was made of it.
static bool isValueUsedAfter(Value value, Operation *op) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (user != op && mayRunAfter(value, user, op))
      return true;
    return isContainerOrCast(user) && isValueUsedAfter(user->getResult(0), op);
  });
}

bool ReferenceTable::isUsedAfter(Value base, Operation *op) const {
  return llvm::any_of(references,
                      [&](auto &entry) { return entry.second.base == base && isValueUsedAfter(entry.first, op); });
}

/// Whether a view of ordered elements is ordered.
static bool keepsOrder(Operation *view) {
  StringRef name = view->getName().stripDialect();
  if (llvm::is_contained({"view", "view_as", "reshape", "reshape_as", "flatten", "unflatten", "unsqueeze", "squeeze"},
                         name))
    return true;
  // A part along the first dim is one stretch of memory.
  IntegerAttr dim, step;
  bool isPart = name == "select" || name == "narrow" ||
                (name == "slice" && matchPattern(view->getOperands().back(), m_Constant(&step)) && step.getInt() == 1);
  return isPart && matchPattern(view->getOperand(1), m_Constant(&dim)) && dim.getInt() == 0;
}

bool ReferenceTable::isOrdered(Value reference) const {
  while (true) {
    const Reference &entry = lookup(reference);
    if (!entry.source)
      return ordered.contains(reference);
    if (entry.view && !keepsOrder(entry.view))
      return false;
    reference = entry.source;
  }
}
