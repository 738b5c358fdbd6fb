//===- FunctionalizeFallback.cpp - operators that LibTorch runs ---------------===//
//
// A call takes references and gives references: those of arguments that the caller gave
// and nothing has written are lent as they are, other tensors as new ones.
//
//===----------------------------------------------------------------------===//
#include "Functionalizer.h"
#include "ObjectImage.h"

#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

FailureOr<Value> Functionalizer::lend(Value value, Operation *user) {
  Value original = table.findReference(value);
  if (table.contains(original)) {
    Value identity = table.getIdentity(original);
    bool isUnchanged = state.bases.find(table.getBase(identity))->second.version == state.held.lookup(identity);
    if (Value reference = mapping.lookupOrNull(identity); reference && (isUnchanged || shared.contains(identity)))
      return reference;
    if (shared.contains(table.getBase(identity))) {
      FailureOr<Value> view = referToView(identity, user);
      if (failed(view) || *view)
        return view;
    }
    FailureOr<Value> contents = read(original, user);
    if (failed(contents))
      return failure();
    return FromValueOp::create(builder, user->getLoc(), original.getType(), *contents).getResult();
  }
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  if (Value mapped = mapping.lookupOrNull(original))
    return mapped;
  Operation *op = original.getDefiningOp();
  if (!op || !isa<TupleConstructOp, ListConstructOp, DictConstructOp>(op))
    return user->emitError() << "an operand of type " << value.getType() << " is known only at run time";
  IRMapping parts;
  for (Value operand : op->getOperands()) {
    FailureOr<Value> part = lend(operand, user);
    if (failed(part))
      return failure();
    parts.map(operand, *part);
  }
  return builder.clone(*op, parts)->getResult(0);
}

/// What is no value and may show an argument shows its memory, where the argument must be then.
LogicalResult Functionalizer::shareAliased(FallbackOp op) {
  for (int64_t alias : op.getAliases()) {
    Value source = table.findReference(op.getArguments()[alias]);
    if (!table.contains(source))
      continue;
    Value identity = table.getIdentity(source), base = table.getBase(source);
    if (shared.contains(identity) || (shared.contains(base) && viewed.lookup(identity)))
      continue;
    if (demote(base))
      return failure();
    return op.emitError() << "what '" << cast<StringAttr>(op.getOperators()[0]).getValue()
                          << "' returns may be a view of which only run time knows the shape, in a method that writes "
                             "tensors; take a clone of its argument";
  }
  return success();
}

FailureOr<Operation *> Functionalizer::cloneLending(Operation *op) {
  writeExternals(op->getLoc()); // It may raise.
  IRMapping operands;
  for (Value operand : op->getOperands()) {
    FailureOr<Value> lent = lend(operand, op);
    if (failed(lent))
      return failure();
    operands.map(operand, *lent);
  }
  return builder.clone(*op, operands);
}

LogicalResult Functionalizer::translateFallback(FallbackOp op) {
  FailureOr<Operation *> copy = cloneLending(op);
  if (failed(copy))
    return failure();
  for (auto [before, after] : llvm::zip(op->getResults(), (*copy)->getResults())) {
    mapping.map(before, after);
    if (!isReferenceType(before.getType())) {
      if ((!written.empty() || !writtenHeld.empty()) && holdsTensor(before.getType()) && failed(shareAliased(op)))
        return failure();
      continue;
    }
    if (demoted.contains(before)) {
      if (failed(addShared(before, after, op.getLoc())) || failed(shareAliased(op)))
        return failure();
      continue;
    }
    auto tensor = llvm::cast<ts::TensorType>(before.getType());
    addBase(before, readReference(before, tensor.getValueType(), op.getLoc()));
    if (op.getAliases().empty())
      table.setOrdered(before);
    // A result may be a view of an argument: neither may be written while the other is used.
    for (int64_t alias : op.getAliases()) {
      Value source = table.findReference(op.getArguments()[alias]);
      if (!table.contains(source))
        continue;
      SmallVector<Value> candidates(table.getRivals(table.getBase(source)));
      candidates.push_back(table.getBase(source));
      for (Value candidate : candidates)
        table.addRivals(before, candidate);
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Writes of tensors that only run time knows
//===----------------------------------------------------------------------===//

FallbackOp Functionalizer::callLibTorch(Location loc, StringRef name, ArrayRef<StringRef> names, ValueRange arguments,
                                        TypeRange results) {
  return FallbackOp::create(builder, loc, results, builder.getStrArrayAttr(name), builder.getStrArrayAttr(names),
                            /*aliases=*/ArrayRef<int64_t>(), arguments);
}

void Functionalizer::checkCast(Location loc, Value from, Value to) {
  auto dtype = [&](Value tensor) {
    return callLibTorch(loc, "prim::dtype", {"a"}, tensor, builder.getI64Type())->getResult(0);
  };
  // In an order that does not depend on how a C++ compiler evaluates arguments.
  Value given = dtype(from), needed = dtype(to);
  Value fits = callLibTorch(loc, "aten::can_cast", {"from_", "to"}, {given, needed}, builder.getI1Type())->getResult(0);
  Value yes = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
  Value refused = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, fits, yes);
  raiseIf(builder, loc, refused, "the dtype of a result cannot be stored in the dtype of its output");
}

bool Functionalizer::isOutput(WriteOp op) {
  auto call = op.getValue().getDefiningOp<FallbackOp>();
  if (!call)
    return false;
  auto isWritten = [](StringRef name) { return name.ends_with("!"); };
  auto names = call.getNames().getAsValueRange<StringAttr>();
  unsigned firstContents = call.getNumResults() - llvm::count_if(names, isWritten);
  return llvm::cast<OpResult>(op.getValue()).getResultNumber() >= firstContents && !isWritten(*names.begin());
}

LogicalResult Functionalizer::refuseResize(WriteOp op) {
  return op.emitError() << "an output of another shape than the result would get that shape, which is not supported; "
                           "use what the operator returns";
}

FailureOr<Value> Functionalizer::convertUnknown(WriteOp op) {
  if (isOutput(op))
    return refuseResize(op);
  writeExternals(op.getLoc()); // It may raise.
  FailureOr<Value> given = lend(op.getValue(), op);
  FailureOr<Value> target = lend(op.getReference(), op);
  if (failed(given) || failed(target))
    return failure();
  if (op.getStrict())
    checkCast(op.getLoc(), *given, *target);
  auto type = llvm::cast<ts::TensorType>(target->getType());
  Value contents = callLibTorch(op.getLoc(), "aten::copy", {"self", "src"}, {*target, *given}, type)->getResult(0);
  return ReadOp::create(builder, op.getLoc(), type.getValueType(), contents).getResult();
}

LogicalResult Functionalizer::translateUnknownWrite(WriteOp op) {
  if (isOutput(op))
    return refuseResize(op);
  // A tensor that may be in the same memory has to be there, to be read anew.
  for (Value rival : maybeShared)
    if (!shared.contains(rival) && table.isUsedAfter(rival, op)) {
      if (demote(rival))
        return failure();
      InFlightDiagnostic error = op.emitError() << "cannot tell which tensor is written";
      error.attachNote(rival.getLoc()) << "it may be this one, which is used later";
      return error;
    }
  writeExternals(op.getLoc()); // It may raise.
  FailureOr<Value> target = lend(op.getReference(), op);
  if (failed(target))
    return failure();
  FailureOr<Value> given = lend(op.getValue(), op);
  if (failed(given))
    return failure();
  if (op.getStrict())
    checkCast(op.getLoc(), *given, *target);
  callLibTorch(op.getLoc(), "aten::copy_", {"self&", "src"}, {*target, *given}, TypeRange());
  forgetValues(Value());
  return success();
}
