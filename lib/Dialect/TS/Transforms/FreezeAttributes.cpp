//===- FreezeAttributes.cpp - --ts-freeze-attributes ------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSFREEZEATTRIBUTESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether a container is new: made by an op, or by an operator whose result shares nothing with its arguments, as
/// `aten::copy.t`.
static bool isNewContainer(Value container) {
  Operation *op = container.getDefiningOp();
  auto made = dyn_cast_or_null<OperatorOp>(op);
  if (!made)
    return isa_and_nonnull<ListConstructOp, DictConstructOp, SizesOp>(op);
  auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(made, made.getSchemaAttr());
  return schema && schema.getSymName().starts_with("aten::") && schema.getAliases().empty() &&
         schema.getWrites().empty();
}

/// Types of lists and dicts that an operator may change where the container was not
/// made by the function itself. A container in a slot of such a type is state.
static llvm::DenseSet<Type> collectMutatedContainers(ModuleOp module) {
  llvm::DenseSet<Type> types;
  module.walk([&](OperatorOp op) {
    auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr());
    if (!schema)
      return;
    for (int64_t index : schema.getWrites()) {
      Value operand = lookThroughCasts(op.getArguments()[index]);
      if (isa<ListType, DictType>(operand.getType()) && !isNewContainer(operand))
        types.insert(operand.getType());
    }
  });
  return types;
}

namespace {
struct TSFreezeAttributesPass : wick::ts::impl::TSFreezeAttributesPassBase<TSFreezeAttributesPass> {
  using TSFreezeAttributesPassBase::TSFreezeAttributesPassBase;

  void runOnOperation() override {
    ImageOp op = ObjectImage::find(getOperation());
    if (!op)
      return;
    ObjectImage image(op);
    writtenWeights.clear();
    WrittenSlots written(getOperation());
    llvm::DenseSet<Type> mutated = collectMutatedContainers(getOperation());
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](GetAttrOp get) { collectWritten(image, get); });
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](GetAttrOp get) { freeze(image, written, mutated, get); });
  }

  static WeightRefOp getWeight(const ObjectImage &image, GetAttrOp get) {
    Value object = image.resolve(get.getObject());
    Value slot = object ? image.lookupSlot(object, get.getNameAttr()) : Value();
    return slot ? lookThroughCasts(slot).getDefiningOp<WeightRefOp>() : WeightRefOp();
  }

  /// Whatever shares memory with a tensor that is written is state.
  void collectWritten(const ObjectImage &image, GetAttrOp get) {
    if (WeightRefOp weight = getWeight(image, get); weight && mayBeWritten(get.getResult()))
      writtenWeights.insert(weight.getWeightAttr());
  }

  void freeze(ObjectImage &image, WrittenSlots &written, llvm::DenseSet<Type> &mutated, GetAttrOp get) {
    Value object = image.resolve(get.getObject());
    if (!object || written.contains(object.getType(), get.getNameAttr()))
      return;
    Value slot = image.lookupSlot(object, get.getNameAttr());
    if (WeightRefOp weight = getWeight(image, get); weight && writtenWeights.contains(weight.getWeightAttr()))
      return;
    if (!slot || mutated.contains(lookThroughCasts(slot).getType()))
      return;
    OpBuilder builder(get);
    Value value = image.materialize(builder, get.getLoc(), slot);
    if (!value)
      return;
    get.replaceAllUsesWith(castTo(builder, get.getLoc(), value, get.getType()));
    get.erase();
  }

  llvm::DenseSet<Attribute> writtenWeights;
};
} // namespace
