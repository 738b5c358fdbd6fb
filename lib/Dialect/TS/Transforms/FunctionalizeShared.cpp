//===- FunctionalizeShared.cpp - tensors that containers and objects hold ----===//
//
// A tensor that is read out of a slot or container, or stored in one, is *shared*: it
// keeps its reference in the new function, and other references may be the same memory.
// So a write to a shared tensor happens at once, and all others are read anew where they
// are used after it.
//
//===----------------------------------------------------------------------===//
#include "Functionalizer.h"
#include "ObjectImage.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether a value can be used where the builder stands.
static bool isVisible(Value value, OpBuilder &builder) {
  return value.getParentRegion()->isAncestor(builder.getInsertionBlock()->getParent());
}

LogicalResult Functionalizer::addShared(Value before, Value after, Location loc) {
  auto type = llvm::cast<ts::TensorType>(before.getType()).getValueType();
  if (!type)
    return emitError(loc) << "the dtype and rank of a tensor that an object or container holds are not known";
  mapping.map(before, after);
  addBase(before, Value());
  shared.insert(before);
  return success();
}

void Functionalizer::addToShared(Value base) {
  shared.insert(base);
  for (Value rival : table.getRivals(base))
    maybeShared.insert(rival);
}

void Functionalizer::share(Value before, Location loc) {
  if (!demoted.contains(before))
    return;
  mapping.map(before, FromValueOp::create(builder, loc, before.getType(), state.bases.find(before)->second.value));
  addToShared(before);
}

bool Functionalizer::mayHaveHeldRival(Value base, Operation *user) {
  return maybeShared.contains(base) || llvm::any_of(table.getRivals(base), [&](Value rival) {
           return shared.contains(rival) || externals.contains(rival) || table.isUsedAfter(rival, user);
         });
}

bool Functionalizer::mayBeSame(Value held, Value tensor) const {
  auto x = dyn_cast<ts::TensorType>(held.getType()), y = dyn_cast<ts::TensorType>(tensor.getType());
  if (!x || !y)
    return true;
  // Complex numbers are pairs of real ones, seen so.
  auto getPart = [](Type dtype) {
    auto complex = dyn_cast_or_null<ComplexType>(dtype);
    return complex ? complex.getElementType() : dtype;
  };
  if (x.getDtype() && y.getDtype() && getPart(x.getDtype()) != getPart(y.getDtype()))
    return false;
  if (!x.getHasRank() || !y.getHasRank() || findings.hasHeldViews)
    return true;
  auto mayBeEqual = [](auto pair) {
    auto m = dyn_cast_or_null<AffineConstantExpr>(std::get<0>(pair));
    auto n = dyn_cast_or_null<AffineConstantExpr>(std::get<1>(pair));
    return !m || !n || m == n;
  };
  return x.getRank() == y.getRank() && llvm::all_of(llvm::zip(x.getDims(), y.getDims()), mayBeEqual);
}

bool Functionalizer::mayChange(Value base, Value identity) const {
  auto reaches = [&](Value tensor) { return mayBeSame(tensor, base) || mayBeSame(tensor, identity); };
  auto isWritten = [&](Value tensor) {
    auto isSame = [&](Value held) { return mayBeSame(held, tensor) || mayBeSame(held, identity); };
    return written.contains(tensor) || (llvm::any_of(writtenHeld, isSame) && mayBeHeld(tensor));
  };
  if (isWritten(base) || llvm::any_of(table.getRivals(base), isWritten))
    return true;
  return (shared.contains(base) || maybeShared.contains(base)) &&
         (llvm::any_of(writtenHeld, reaches) ||
          llvm::any_of(written, [&](Value tensor) { return reaches(tensor) && mayBeHeld(tensor); }));
}

bool Functionalizer::storesInWritten(Operation *user) const {
  llvm::DenseSet<Operation *> seen;
  SmallVector<Operation *> worklist{user};
  auto follow = [&](Value container) { llvm::append_range(worklist, container.getUsers()); };
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (!seen.insert(op).second)
      continue;
    if (auto set = dyn_cast<SetAttrOp>(op)) {
      if (findings.writtenSlots.contains(set.getObject(), set.getNameAttr()))
        return true;
    } else if (isa<OperatorOp>(op) && op->getNumOperands() > 0) {
      // What is stored in a container is where that is stored.
      Value container = op->getOperand(0);
      if (findings.writtenSlots.containsSource(container))
        return true;
      if (op == user && holdsTensor(container.getType()) && !isa<ts::TensorType>(container.getType()))
        follow(container);
    } else if (isContainerOrCast(op)) {
      follow(op->getResult(0));
    }
  }
  return false;
}

bool Functionalizer::mayBeWrittenByOthers(Value base, Value identity, Operation *user) const {
  if (weights.contains(base))
    return false;
  bool isTarget = storesInWritten(user);
  // Even where nothing else holds what it shows, a view keeps its strides, which tell what is a view of it.
  bool isView = table.lookup(identity).source != nullptr;
  bool isHeld = shared.contains(base) || maybeShared.contains(base) ||
                llvm::any_of(table.getRivals(base), [&](Value rival) { return externals.contains(rival); });
  if (isTarget && (isView || isHeld))
    return true;
  // It, or what branches and loops choose it from.
  SmallVector<Value> worklist{base};
  llvm::DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (shared.contains(value) && findings.writtenSlots.containsSource(value))
      return true;
    for (Value source : getSources(value))
      if (table.contains(source))
        worklist.push_back(table.getBase(source));
  }
  return false;
}

FailureOr<Value> Functionalizer::referToView(Value reference, Operation *user) {
  if (Value known = viewed.lookup(reference); known && isVisible(known, builder))
    return known;
  const Reference entry = table.lookup(reference);
  if (!entry.source) {
    Value made = shared.contains(reference) ? mapping.lookupOrNull(reference) : Value();
    return made && isVisible(made, builder) ? made : Value();
  }
  FailureOr<Value> source = referToView(entry.source, user);
  if (failed(source) || !*source || !entry.view)
    return source;
  checkWhereMade(reference);
  FailureOr<Value> value = read(entry.source, user);
  if (failed(value))
    return failure();
  auto view = llvm::cast<aten::ViewInterface>(cloneView(entry.view, *value));
  FailureOr<Value> made = view.buildReference(builder, *source);
  return viewed[reference] = succeeded(made) ? *made : Value();
}

FailureOr<Value> Functionalizer::referToCopy(Operation *copy, Value source, Operation *user) {
  Value base = table.getBase(source);
  FailureOr<Value> from = shared.contains(base) ? referToView(source, user) : Value();
  if (failed(from))
    return failure();
  if (!*from) {
    if (demote(base))
      return failure();
    return user->emitError() << "this is a view or a copy, as only run time knows; take a clone";
  }
  if (auto view = dyn_cast<aten::ViewInterface>(copy))
    return view.buildReference(builder, *from);
  return createOperator(builder, user->getLoc(), "wick::contiguous", {"self"}, user->getResult(0).getType(), *from);
}

FailureOr<Value> Functionalizer::store(Value value, Operation *user, bool isChosen) {
  Value original = table.findReference(value);
  if (table.contains(original)) {
    Value identity = table.getIdentity(original);
    bool isKnown = externals.contains(identity) || shared.contains(identity);
    Value reference = isKnown ? mapping.lookup(identity) : Value();
    if (!reference || !isVisible(reference, builder)) {
      // A new reference for a tensor that had none; later writes to it must reach it, and so must those to what may
      // be the same memory.
      Value base = table.getBase(identity);
      bool isWhole = !table.lookup(identity).source;
      bool isHere = isWhole && base.getParentRegion() == user->getParentRegion();
      bool isHeld = shared.contains(base) || externals.contains(base) || table.isUsedAfter(base, user);
      bool byOthers = isChosen || mayBeWrittenByOthers(base, identity, user);
      bool mustShare = byOthers || (mayChange(base, identity) && ((!isHere && isHeld) || mayHaveHeldRival(base, user)));
      FailureOr<Value> view = mustShare && !isWhole && shared.contains(base) ? referToView(identity, user) : Value();
      if (failed(view) || (*view && !std::exchange(findings.hasHeldViews, true)))
        return failure();
      reference = *view;
      if (mustShare && !reference) {
        if (byOthers)
          findings.chosen.insert(base);
        if (demote(base))
          return failure();
        InFlightDiagnostic error = emitError(original.getLoc())
                                   << "this tensor is stored, and used later, and may be written, outside of this "
                                   << (isWhole ? "branch or loop" : "view") << "; store a clone";
        error.attachNote(user->getLoc()) << "it is stored here";
        return error;
      }
      if (!reference) {
        FailureOr<Value> contents = read(identity, user);
        if (failed(contents))
          return failure();
        reference = FromValueOp::create(builder, user->getLoc(), identity.getType(), *contents);
      }
      if (isHere) {
        mapping.map(base, reference);
        addToShared(base);
      }
    } else if (mayChange(identity, identity) && !shared.contains(identity)) {
      // An argument whose elements are written: from the start at once.
      demote(identity);
      return failure();
    }
    if (value.getType() == reference.getType())
      return reference;
    return isa<ts::TensorType>(value.getType())
               ? RefineOp::create(builder, user->getLoc(), value.getType(), reference).getResult()
               : UpcastOp::create(builder, user->getLoc(), value.getType(), reference).getResult();
  }
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  if (Value made = state.stored.lookup(value))
    return made;
  Operation *op = value.getDefiningOp();
  if (!isContainerOrCast(op))
    return user->emitError() << "a value of type " << value.getType() << " cannot be stored";
  IRMapping inner;
  for (Value operand : op->getOperands()) {
    FailureOr<Value> part = store(operand, user);
    if (failed(part))
      return failure();
    inner.map(operand, *part);
  }
  return state.stored[value] = builder.clone(*op, inner)->getResult(0);
}

/// Whether what an operation at run time gives is a tensor that nothing else holds.
static bool makesTensor(Operation *op) {
  std::optional<wick_function> function = isRuntimeOperation(op) ? getRuntimeFunction(op) : std::nullopt;
  return function && llvm::is_contained({WICK_FN_CAT, WICK_FN_STACK, WICK_FN_LIST_TO_TENSOR}, *function);
}

LogicalResult Functionalizer::translateShared(Operation *op) {
  IRMapping inner;
  for (Value operand : op->getOperands()) {
    FailureOr<Value> value = store(operand, op);
    if (failed(value))
      return failure();
    inner.map(operand, *value);
  }
  Operation *copy = builder.clone(*op, inner);
  for (auto [before, after] : llvm::zip(op->getResults(), copy->getResults())) {
    Type value = makesTensor(op) ? cast<ts::TensorType>(before.getType()).getValueType() : Type();
    if (value) {
      addBase(before, ReadOp::create(builder, op->getLoc(), value, after));
      table.setOrdered(before);
    } else if (!isReferenceType(before.getType()))
      mapping.map(before, after);
    else if (!before.use_empty() && failed(addShared(before, after, op->getLoc())))
      return failure();
  }
  return success();
}

void Functionalizer::forgetShared(Operation *loop) {
  viewed.clear();
  shared.remove_if([&](Value base) {
    return loop->isProperAncestor(base.getParentBlock()->getParentOp()) || base.getParentBlock()->getParentOp() == loop;
  });
}

void Functionalizer::writeShared(Value base, Location loc, bool mayRepeat) {
  writeReference(base, state.bases.find(base)->second.value, loc, mayRepeat);
  forgetValues(base);
}

void Functionalizer::forgetValues(Value written) {
  for (Value other : shared) {
    auto known = state.bases.find(other);
    bool isKept = other == written && (!findings.hasHeldOverlaps || isInOrder(mapping.lookup(other)));
    if (isKept || known == state.bases.end())
      continue;
    known->second = {Value(), ++versions};
    state.held[other] = versions;
  }
}
