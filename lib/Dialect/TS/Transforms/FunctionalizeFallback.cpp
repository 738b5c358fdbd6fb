//===- FunctionalizeFallback.cpp - operators that LibTorch runs ---------------===//
//
// A call takes references and gives references: those of arguments that the caller gave
// and nothing has written are lent as they are, other tensors as new ones.
//
//===----------------------------------------------------------------------===//
#include "Functionalizer.h"
#include "ObjectImage.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

FailureOr<Value> Functionalizer::lend(Value value, Operation *user) {
  Value original = lookThroughCasts(value);
  if (table.contains(original)) {
    Value identity = table.getIdentity(original);
    bool isUnchanged = state.bases.find(table.getBase(identity))->second.version == state.held.lookup(identity);
    if (Value reference = mapping.lookupOrNull(identity); reference && (isUnchanged || shared.contains(identity)))
      return reference;
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

LogicalResult Functionalizer::translateFallback(FallbackOp op) {
  writeExternals(op.getLoc()); // It may raise.
  IRMapping operands;
  for (Value argument : op.getArguments()) {
    FailureOr<Value> lent = lend(argument, op);
    if (failed(lent))
      return failure();
    operands.map(argument, *lent);
  }
  Operation *copy = builder.clone(*op, operands);
  for (auto [before, after] : llvm::zip(op->getResults(), copy->getResults())) {
    mapping.map(before, after);
    auto tensor = dyn_cast<ts::TensorType>(before.getType());
    if (!tensor)
      continue;
    if (!tensor.isTyped())
      return op.emitError() << "the dtype and rank of what '" << cast<StringAttr>(op.getOperators()[0]).getValue()
                            << "' returns are not known";
    addBase(before, ReadOp::create(builder, op.getLoc(), tensor.getValueType(), after));
    table.setOrdered(before);
    // A result may be a view of an argument: neither may be written while the other is used.
    for (int64_t alias : op.getAliases()) {
      Value source = lookThroughCasts(op.getArguments()[alias]);
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
