//===- ObjectImage.cpp - what the slots of the archive's objects hold -------===//
#include "ObjectImage.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

ImageOp ObjectImage::find(ModuleOp module) {
  auto images = module.getOps<ImageOp>();
  return images.empty() ? ImageOp() : *images.begin();
}

ObjectImage::ObjectImage(ImageOp image) : image(image) {
  Block &body = image.getBody().front();
  root = body.getTerminator()->getOperand(0);
  for (auto set : body.getOps<SetAttrOp>()) {
    slots[{set.getObject(), set.getNameAttr()}] = set.getValue();
    slotNames[set.getObject()].push_back(set.getNameAttr());
  }
  assignPaths(root, "");
}

void ObjectImage::assignPaths(Value value, std::string path) {
  // Depth first with an explicit stack: archives nest as deep as they like.
  SmallVector<std::pair<Value, std::string>> stack{{value, std::move(path)}};
  while (!stack.empty()) {
    auto [current, name] = stack.pop_back_val();
    if (!isa<ObjectType, ListType, DictType>(current.getType()) || !paths.try_emplace(current, name).second)
      continue;
    valuesByPath[name] = current;
    auto it = slotNames.find(current);
    if (it == slotNames.end())
      continue;
    for (StringAttr slot : llvm::reverse(it->second)) {
      std::string child = name.empty() ? slot.str() : name + "." + slot.str();
      stack.emplace_back(lookThroughCasts(slots[{current, slot}]), std::move(child));
    }
  }
}

Value ObjectImage::lookupSlot(Value object, StringAttr name) const { return slots.lookup({object, name}); }

Value ObjectImage::resolve(Value reference) const {
  auto ref = lookThroughCasts(reference).getDefiningOp<ImageRefOp>();
  return ref ? valuesByPath.lookup(ref.getPath()) : Value();
}

Value ObjectImage::reference(OpBuilder &builder, Location loc, Value value) const {
  auto it = paths.find(value);
  if (it == paths.end())
    return {};
  auto symbol = FlatSymbolRefAttr::get(ImageOp(image).getSymNameAttr());
  return ImageRefOp::create(builder, loc, value.getType(), symbol, builder.getStringAttr(it->second));
}

Value ObjectImage::materialize(OpBuilder &builder, Location loc, Value value) const {
  Operation *op = value.getDefiningOp();
  if (isa<CreateObjectOp>(op))
    return reference(builder, loc, value);
  IRMapping mapping;
  for (Value operand : op->getOperands()) {
    Value copy = materialize(builder, loc, operand);
    if (!copy)
      return {};
    mapping.map(operand, copy);
  }
  Operation *copy = builder.clone(*op, mapping);
  copy->setLoc(loc);
  return copy->getResult(cast<OpResult>(value).getResultNumber());
}

Value wick::ts::castTo(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (isa<ts::TensorType>(value.getType()) && isa<ts::TensorType>(type))
    return RefineOp::create(builder, loc, type, value);
  if (isSubtype(type, value.getType()))
    return UncheckedCastOp::create(builder, loc, type, value);
  return UpcastOp::create(builder, loc, type, value);
}

Value wick::ts::lookThroughCasts(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<UpcastOp, UncheckedCastOp, RefineOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}
