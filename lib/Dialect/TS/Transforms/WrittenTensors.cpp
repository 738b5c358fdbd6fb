//===- WrittenTensors.cpp - which tensors of the archive code may change -----===//
#include "Contents.h"
#include "ObjectImage.h"
#include "References.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

bool wick::ts::mayGiveBackOperand(Operation *op) {
  // In another memory format it is a copy.
  return llvm::is_contained({"aten.to", "aten.alias", "aten.contiguous"}, op->getName().getStringRef()) &&
         !op->hasAttr(aten::kMemoryFormatAttr);
}

bool wick::ts::updatesStatistics(Operation *op) {
  StringRef name = op->getName().getStringRef();
  BoolAttr training;
  if ((name != "aten.batch_norm" && name != "aten.instance_norm") ||
      isa<ts::NoneType>(lookThroughCasts(op->getOperand(3)).getType()))
    return false;
  return !matchPattern(op->getOperand(5), m_Constant(&training)) || training.getValue();
}

/// The class of an object; empty where it is not known.
static StringAttr getClassName(Value object) {
  auto type = dyn_cast<ObjectType>(lookThroughCasts(object).getType());
  return type ? type.getClassSymbol().getAttr() : StringAttr::get(object.getContext());
}

/// The slot that a tensor or container was read from, perhaps out of a container.
static GetAttrOp findSlot(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto get = dyn_cast<GetAttrOp>(op))
      return get;
    if (!isa<OperatorOp, ListUnpackOp, TupleUnpackOp, TupleIndexOp, UpcastOp, UncheckedCastOp, RefineOp>(op) ||
        op->getNumOperands() == 0)
      break;
    value = op->getOperand(0);
  }
  return {};
}

/// The reads of a slot, by all functions.
static SmallVector<GetAttrOp> findReads(Operation *at, Value object, StringAttr name) {
  SmallVector<GetAttrOp> reads;
  StringAttr cls = getClassName(object);
  at->getParentOfType<ModuleOp>().walk([&](GetAttrOp get) {
    StringAttr other = getClassName(get.getObject());
    if (get.getNameAttr() == name && (other == cls || other.empty() || cls.empty()))
      reads.push_back(get);
  });
  return reads;
}

/// What is taken out of a container.
static void followElements(Value container, SmallVectorImpl<Value> &same) {
  for (OpOperand &use : container.getUses()) {
    auto registry = dyn_cast<OperatorOp>(use.getOwner());
    StringRef name = registry ? registry.getSchema().split('.').first : StringRef();
    if (use.getOperandNumber() == 0 &&
        llvm::is_contained({"aten::__getitem__", "aten::pop", "aten::get", "aten::setdefault"}, name))
      llvm::append_range(same, registry.getResults());
  }
}

/// What a use makes of a tensor: whether it writes, and which values may be the same memory.
static bool followUse(OpOperand &use, SmallVectorImpl<Value> &same, bool byNorms) {
  Operation *op = use.getOwner();
  unsigned index = use.getOperandNumber();
  if (isa<WriteOp>(op))
    return index == 0;
  if (updatesStatistics(op))
    return byNorms && (index == 3 || index == 4);
  if (auto registry = dyn_cast<OperatorOp>(op)) {
    auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, registry.getSchemaAttr());
    if (!schema || llvm::is_contained(schema.getWrites(), index))
      return schema != nullptr;
    bool isContainer = !isa<ts::TensorType>(lookThroughCasts(use.get()).getType());
    if (isContainer || llvm::is_contained(schema.getAliases(), index))
      llvm::copy_if(op->getResults(), std::back_inserter(same),
                    [](Value result) { return holdsTensor(result.getType()); });
    // What a container is given, others take out of it.
    if (isa<ts::TensorType>(lookThroughCasts(use.get()).getType()) && index > 0 &&
        llvm::is_contained(schema.getWrites(), 0)) {
      followElements(op->getOperand(0), same);
      if (GetAttrOp get = findSlot(op->getOperand(0)))
        for (GetAttrOp read : findReads(op, get.getObject(), get.getNameAttr()))
          followElements(read.getResult(), same);
    }
    return false;
  }
  if (auto set = dyn_cast<SetAttrOp>(op);
      set && index == 1 && isa<ts::TensorType>(lookThroughCasts(use.get()).getType()))
    for (GetAttrOp read : findReads(op, set.getObject(), set.getNameAttr()))
      same.push_back(read.getResult());
  // The parts of a tensor, as of `chunk` or `unbind`.
  if (index == 0 && isa<aten::AtenDialect>(op->getDialect()) && isa<ListType>(op->getResult(0).getType()))
    same.push_back(op->getResult(0));
  if (index == 0 && (isa<aten::ViewInterface>(op) || mayGiveBackOperand(op)))
    llvm::append_range(same, op->getResults());
  if (isa<UpcastOp, UncheckedCastOp, RefineOp, TupleConstructOp, TupleUnpackOp, TupleIndexOp, ListConstructOp,
          ListUnpackOp, DictConstructOp>(op))
    llvm::append_range(same, op->getResults());
  Operation *parent = op->getParentOp();
  if (isa<scf::YieldOp>(op) && isa<scf::IfOp>(parent))
    same.push_back(parent->getResult(index));
  // The condition comes first among what a loop yields, and trip count and condition before what it starts with.
  if (auto loop = dyn_cast<LoopOp>(parent); loop && isa<YieldOp>(op) && index > 0) {
    same.push_back(loop.getResult(index - 1));
    same.push_back(loop.getBody().getArgument(index));
  }
  if (auto loop = dyn_cast<LoopOp>(op); loop && index > 1) {
    same.push_back(loop.getResult(index - 2));
    same.push_back(loop.getBody().getArgument(index - 1));
  }
  return false;
}

bool wick::ts::mayBeWritten(Value tensor, bool byNorms) {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist{tensor};
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    for (OpOperand &use : value.getUses())
      if (followUse(use, worklist, byNorms))
        return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

/// Whether a type is that of something which a container of another holds, at any depth.
static bool isHeldIn(Type type, Type container) {
  return llvm::any_of(getPartTypes(container), [&](Type part) { return part == type || isHeldIn(type, part); });
}

/// Whether a container is new: made by an op, or by an operator whose result shares nothing with its arguments, as
/// `aten::copy.t`, and is no element of one, as that of `aten::__getitem__.t` may be.
static bool isNewContainer(Value container) {
  Operation *op = container.getDefiningOp();
  auto made = dyn_cast_or_null<OperatorOp>(op);
  if (!made)
    return isa_and_nonnull<ListConstructOp, DictConstructOp, SizesOp>(op);
  if (llvm::any_of(made.getArguments(), [&](Value from) { return isHeldIn(container.getType(), from.getType()); }))
    return false;
  auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(made, made.getSchemaAttr());
  return schema && schema.getSymName().starts_with("aten::") && schema.getAliases().empty() &&
         schema.getWrites().empty();
}

static bool mayHoldContainer(Type type) {
  return isa<ListType, DictType, ObjectType, AnyType, UnionType>(type) ||
         llvm::any_of(getPartTypes(type), mayHoldContainer);
}

/// Whether a use of a container, or of one that it holds, does more than read it; results are followed that may hold
/// it.
static bool sharesContainer(OpOperand &use, SmallVectorImpl<Value> &same) {
  Operation *op = use.getOwner();
  if (auto registry = dyn_cast<OperatorOp>(op)) {
    auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, registry.getSchemaAttr());
    if (!schema || !schema.getWrites().empty())
      return true;
    bool isAliased = llvm::is_contained(schema.getAliases(), use.getOperandNumber());
    if (!isAliased && llvm::none_of(getPartTypes(use.get().getType()), mayHoldContainer))
      return false;
  } else if (!isa<UpcastOp, UncheckedCastOp, ListUnpackOp, TupleUnpackOp, TupleIndexOp>(op) &&
             !isa<aten::AtenDialect>(op->getDialect())) {
    return true;
  }
  llvm::copy_if(op->getResults(), std::back_inserter(same),
                [](Value result) { return mayHoldContainer(result.getType()); });
  return false;
}

bool wick::ts::isShared(Value container) {
  if (isa<ObjectType>(container.getType()) || !mayHoldContainer(container.getType()))
    return false;
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist{container};
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (seen.insert(value).second)
      for (OpOperand &use : value.getUses())
        if (sharesContainer(use, worklist))
          return true;
  }
  return false;
}

static constexpr StringLiteral kWrittenAttr = "ts.written_slots", kSharedAttr = "ts.shared_slots",
                               kInPlaceAttr = "ts.slots_written_in_place";

WrittenSlots::WrittenSlots(ModuleOp module, bool inPlace) {
  if (auto stored = module->getAttrOfType<ArrayAttr>(kWrittenAttr))
    for (Attribute known : stored) {
      if (auto type = dyn_cast<TypeAttr>(known))
        containers.insert(type.getValue());
      else if (auto name = dyn_cast<StringAttr>(known))
        anyClass.insert(name);
      else if (auto slot = cast<ArrayAttr>(known))
        slots.insert({cast<StringAttr>(slot[0]), cast<StringAttr>(slot[1])});
    }
  if (auto stored = module->getAttrOfType<ArrayAttr>(kSharedAttr))
    for (auto slot : stored.getAsRange<ArrayAttr>())
      shared.insert({cast<StringAttr>(slot[0]), cast<StringAttr>(slot[1])});
  collect(module, inPlace, /*byNorms=*/false);
}

void WrittenSlots::collect(ModuleOp module, bool inPlace, bool byNorms) {
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<ImageOp>(op))
      return WalkResult::skip();
    if (auto get = dyn_cast<GetAttrOp>(op); get && isShared(get.getResult()))
      shared.insert({getClassName(get.getObject()), get.getNameAttr()});
    if (auto set = dyn_cast<SetAttrOp>(op))
      addSlot(getClassName(set.getObject()), set.getNameAttr());
    else if (auto get = dyn_cast<GetAttrOp>(op); get && inPlace && mayBeWritten(get.getResult(), byNorms)) {
      addSlot(getClassName(get.getObject()), get.getNameAttr());
      writtenInPlace.add(SlotsWrittenInPlace::getSlot(get.getObject(), get.getNameAttr()));
    }
    auto registry = dyn_cast<OperatorOp>(op);
    auto schema = registry ? SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, registry.getSchemaAttr()) : SchemaOp();
    if (schema)
      for (int64_t index : schema.getWrites()) {
        Value operand = lookThroughCasts(registry.getArguments()[index]);
        if (isa<ListType, DictType>(operand.getType()) && !isNewContainer(operand))
          containers.insert(operand.getType());
      }
    return WalkResult::advance();
  });
  if (!inPlace)
    return;
  writtenInPlace.addAliases(module);
  for (auto [cls, name] : writtenInPlace.getSlots())
    addSlot(cls, name);
}

void WrittenSlots::addSlot(StringAttr cls, StringAttr name) {
  if (!cls.empty())
    slots.insert({cls, name});
  else
    anyClass.insert(name);
}

/// Leaves slots in the module under a name.
static void storeSlots(ModuleOp module, StringRef name, const auto &slots) {
  Builder b(module.getContext());
  auto pair = [&](auto slot) -> Attribute { return b.getArrayAttr({slot.first, slot.second}); };
  if (!slots.empty())
    module->setAttr(name, b.getArrayAttr(llvm::map_to_vector(slots, pair)));
}

void WrittenSlots::store(ModuleOp module) const {
  Builder b(module.getContext());
  SmallVector<Attribute> all;
  for (auto [cls, name] : slots)
    all.push_back(b.getArrayAttr({cls, name}));
  llvm::append_range(all, anyClass);
  for (Type type : containers)
    all.push_back(TypeAttr::get(type));
  module->setAttr(kWrittenAttr, b.getArrayAttr(all));
  storeSlots(module, kSharedAttr, shared);
  writtenInPlace.store(module);
}

SlotsWrittenInPlace::Slot SlotsWrittenInPlace::getSlot(Value object, StringAttr name) {
  return {getClassName(object), name};
}

void SlotsWrittenInPlace::store(ModuleOp module) const { storeSlots(module, kInPlaceAttr, slots); }

SlotsWrittenInPlace::SlotsWrittenInPlace(ModuleOp module) {
  if (auto stored = module->getAttrOfType<ArrayAttr>(kInPlaceAttr))
    for (auto slot : stored.getAsRange<ArrayAttr>())
      slots.insert({cast<StringAttr>(slot[0]), cast<StringAttr>(slot[1])});
}

void SlotsWrittenInPlace::addSource(Value tensor) {
  if (GetAttrOp get = findSlot(tensor))
    add(getSlot(get.getObject(), get.getNameAttr()));
}

bool SlotsWrittenInPlace::containsSource(Value tensor) const {
  GetAttrOp get = findSlot(tensor);
  return get && contains(get.getObject(), get.getNameAttr());
}

bool SlotsWrittenInPlace::contains(Value object, StringAttr name) const {
  return slots.contains(getSlot(object, name)) || slots.contains({StringAttr::get(name.getContext()), name});
}

bool WrittenSlots::sharesContainer(Type objectType, StringAttr name) const {
  auto object = dyn_cast<ObjectType>(objectType);
  return !object || shared.contains({object.getClassSymbol().getAttr(), name}) ||
         shared.contains({StringAttr::get(name.getContext()), name});
}

bool WrittenSlots::contains(Type objectType, StringAttr name) const {
  if (anyClass.contains(name))
    return true;
  auto object = dyn_cast<ObjectType>(objectType);
  return !object || slots.contains({object.getClassSymbol().getAttr(), name});
}
