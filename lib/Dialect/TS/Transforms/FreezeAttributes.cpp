//===- FreezeAttributes.cpp - --ts-freeze-attributes ------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"

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
      func.walk(markList);
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](GetAttrOp get) { freeze(image, written, get); });
  }

  /// Whether a value is a constant of the code, or computed of such.
  static bool isConstantOfCode(Value value) {
    Operation *op = value.getDefiningOp();
    return op && (op->hasTrait<OpTrait::ConstantLike>() || (op->getNumOperands() != 0 && isMemoryEffectFree(op) &&
                                                            llvm::all_of(op->getOperands(), isConstantOfCode)));
  }

  /// To LibTorch attributes stay unknown, which shows in the errors of what it unpacks.
  static void markList(aten::ChunkOp chunk) {
    if (!isConstantOfCode(chunk.getChunks()) || !isConstantOfCode(chunk.getDim()))
      chunk->setAttr(aten::kGivesListAttr, UnitAttr::get(chunk.getContext()));
  }

  static Value getSlot(const ObjectImage &image, GetAttrOp get) {
    Value object = image.resolve(get.getObject());
    return object ? image.lookupSlot(object, get.getNameAttr()) : Value();
  }

  /// The tensors of the archive that a value is made of: itself, or the elements of its containers.
  static SmallVector<Attribute> getWeights(Value slot) {
    SmallVector<Attribute> weights;
    SmallVector<Value> worklist{slot};
    while (!worklist.empty()) {
      Operation *op = worklist.pop_back_val().getDefiningOp();
      if (auto weight = dyn_cast<WeightRefOp>(op))
        weights.push_back(weight.getWeightAttr());
      llvm::append_range(worklist, op->getOperands());
    }
    return weights;
  }

  /// Whatever shares memory with a tensor that is written is state.
  void collectWritten(const ObjectImage &image, GetAttrOp get) {
    Value slot = getSlot(image, get);
    if (slot && mayBeWritten(get.getResult()))
      writtenWeights.insert_range(getWeights(slot));
  }

  /// Whether only one slot of the archive, or container in one, holds a container and each that it holds.
  static bool isHeldOnce(Value value) {
    bool isContainer = isa<ListType, DictType>(value.getType());
    return (!isContainer || value.hasOneUse()) && llvm::all_of(value.getDefiningOp()->getOperands(), isHeldOnce);
  }

  /// Whether functions change a container of the slot's type, and the slot's may be it.
  static bool mayBeChanged(const WrittenSlots &written, GetAttrOp get, Value slot) {
    return written.containsContainer(slot.getType()) &&
           (written.sharesContainer(lookThroughCasts(get.getObject()).getType(), get.getNameAttr()) ||
            !isHeldOnce(slot));
  }

  void freeze(ObjectImage &image, WrittenSlots &written, GetAttrOp get) {
    Value object = image.resolve(get.getObject());
    if (!object || written.contains(object.getType(), get.getNameAttr()))
      return;
    Value slot = image.lookupSlot(object, get.getNameAttr());
    if (!slot || mayBeChanged(written, get, lookThroughCasts(slot)) ||
        llvm::any_of(getWeights(slot), [&](Attribute weight) { return writtenWeights.contains(weight); }))
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
