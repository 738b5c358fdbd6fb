//===- SlotAliases.cpp - slots whose tensors may be the same memory ---------===//
//
// Whoever stores a tensor in a slot has to know whether others write it there, or through another slot that shows the
// same memory. Values that flow into one another, views and what they show, and containers and what they hold are one
// class (unification, as in Contents.h), and so are the slots in which values of one class are stored, by any function.
// What calls do with arguments is seen where they are inlined.
//
//===----------------------------------------------------------------------===//
#include "Contents.h"
#include "ObjectImage.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether a value of a type may be a tensor, or hold one.
static bool mayHoldTensor(Type type) {
  return isa<ts::TensorType, AnyType, UnionType>(type) || llvm::any_of(getPartTypes(type), mayHoldTensor);
}

namespace {
class SlotAliases {
public:
  using Slot = SlotsWrittenInPlace::Slot;

  void collect(Operation *op);
  void markWritten(const Slot &slot) { markWritten(getClass(slot)); }
  /// Calls `visit` with each slot whose tensors may be memory that is written.
  void forEachWritten(llvm::function_ref<void(const Slot &)> visit);

private:
  int makeClass() {
    parents.push_back(parents.size());
    return parents.back();
  }
  int getClass(Value value) {
    auto [found, isNew] = values.try_emplace(value, 0);
    return isNew ? found->second = makeClass() : found->second;
  }
  int getClass(const Slot &slot) {
    auto [found, isNew] = slots.insert({slot, 0});
    return isNew ? found->second = makeClass() : found->second;
  }
  int find(int number) {
    while (parents[number] != number)
      number = parents[number] = parents[parents[number]];
    return number;
  }
  void markWritten(int number) { written.push_back(number); }
  void unify(int a, int b) { parents[find(a)] = find(b); }
  void unify(Value a, Value b) {
    if (mayHoldTensor(a.getType()) && mayHoldTensor(b.getType()))
      unify(getClass(a), getClass(b));
  }
  void unifyAll(ValueRange as, ValueRange bs) {
    for (Value a : as)
      for (Value b : bs)
        unify(a, b);
  }
  void collectOperator(OperatorOp op);

  SmallVector<int> parents, written;
  DenseMap<Value, int> values;
  llvm::MapVector<Slot, int> slots;
  llvm::StringMap<int> weights; // by the storage that tensors of the archive lie in
};
} // namespace

void SlotAliases::collectOperator(OperatorOp op) {
  ValueRange operands = op.getArguments(), results = op->getResults();
  auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr());
  if (!schema)
    return;
  if (isRuntimeView(op))
    unifyAll(operands.front(), results);
  for (int64_t index : schema.getWrites()) {
    if (isa<ts::TensorType>(lookThroughCasts(operands[index]).getType()))
      markWritten(getClass(operands[index]));
    else // A container takes the others.
      unifyAll(operands[index], operands);
  }
  for (int64_t index : schema.getAliases())
    unifyAll(operands[index], results);
  for (Value operand : operands)
    if (!isa<ts::TensorType>(lookThroughCasts(operand).getType()))
      unifyAll(operand, results);
}

void SlotAliases::collect(Operation *op) {
  auto visitFlow = [&](ValueRange as, ValueRange bs) {
    for (auto [a, b] : llvm::zip_equal(as, bs))
      unify(a, b);
  };
  if (auto get = dyn_cast<GetAttrOp>(op)) {
    if (mayHoldTensor(get.getType()))
      unify(getClass(get.getResult()), getClass(SlotsWrittenInPlace::getSlot(get.getObject(), get.getNameAttr())));
  } else if (auto set = dyn_cast<SetAttrOp>(op)) {
    if (!mayHoldTensor(set.getValue().getType()))
      return;
    int slot = getClass(SlotsWrittenInPlace::getSlot(set.getObject(), set.getNameAttr()));
    unify(getClass(set.getValue()), slot);
    if (auto weight = lookThroughCasts(set.getValue()).getDefiningOp<WeightRefOp>())
      unify(slot, weights.try_emplace(weight.getWeight(), slot).first->second);
  } else if (auto write = dyn_cast<WriteOp>(op)) {
    markWritten(getClass(write.getReference()));
  } else if (auto call = dyn_cast<OperatorOp>(op)) {
    collectOperator(call);
  } else if (isa<aten::AtenDialect>(op->getDialect())) {
    bool isView = isa<aten::ViewInterface>(op) || mayGiveBackOperand(op) ||
                  llvm::any_of(op->getResultTypes(), llvm::IsaPred<ListType>);
    if (isView)
      unifyAll(op->getOperand(0), op->getResults());
  } else if (isa<ListConstructOp>(op) &&
             llvm::all_of(op->getUsers(), [](Operation *user) { return isa<aten::AtenDialect>(user->getDialect()); })) {
    // An operator takes the elements.
  } else if (auto fallback = dyn_cast<FallbackOp>(op)) {
    for (int64_t index : fallback.getAliases())
      unifyAll(fallback.getArguments()[index], op->getResults());
  } else if (isa<UpcastOp, UncheckedCastOp, RefineOp, TupleConstructOp, TupleUnpackOp, TupleIndexOp, ListConstructOp,
                 ListUnpackOp, DictConstructOp>(op)) {
    unifyAll(op->getOperands(), op->getResults());
  } else {
    forEachFlow(op, visitFlow);
  }
}

void SlotAliases::forEachWritten(llvm::function_ref<void(const Slot &)> visit) {
  // Of an object whose class is not known it may be the slot of any.
  for (auto &[slot, number] : slots)
    if (auto any = slots.find({StringAttr::get(slot.second.getContext()), slot.second}); any != slots.end())
      unify(number, any->second);
  llvm::DenseSet<int> classes;
  for (int number : written)
    classes.insert(find(number));
  for (auto &[slot, number] : slots)
    if (classes.contains(find(number)))
      visit(slot);
}

void SlotsWrittenInPlace::addAliases(ModuleOp module) {
  SlotAliases aliases;
  for (const Slot &slot : slots)
    aliases.markWritten(slot);
  module.walk([&](Operation *op) { aliases.collect(op); });
  aliases.forEachWritten([&](const Slot &slot) { slots.insert(slot); });
}
