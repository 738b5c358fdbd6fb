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
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](GetAttrOp get) { collectWritten(image, get); });
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](GetAttrOp get) { freeze(image, written, get); });
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

  void freeze(ObjectImage &image, WrittenSlots &written, GetAttrOp get) {
    Value object = image.resolve(get.getObject());
    if (!object || written.contains(object.getType(), get.getNameAttr()))
      return;
    Value slot = image.lookupSlot(object, get.getNameAttr());
    if (WeightRefOp weight = getWeight(image, get); weight && writtenWeights.contains(weight.getWeightAttr()))
      return;
    if (!slot || written.containsContainer(lookThroughCasts(slot).getType()))
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
