//===- Contents.cpp - what is known of the tensors in containers ------------===//
#include "Contents.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/Facts.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Visits the tensors in a type in order, those in containers and plain ones.
static void forEachTensor(Type type, bool isHeld, llvm::function_ref<void(ts::TensorType, bool)> visit) {
  if (auto tensor = dyn_cast<ts::TensorType>(type))
    return visit(tensor, isHeld);
  for (Type part : getPartTypes(type))
    forEachTensor(part, isHeld || isa<ListType, DictType>(type), visit);
}

static unsigned countHeld(Type type) {
  unsigned count = 0;
  forEachTensor(type, false, [&](ts::TensorType, bool isHeld) { count += isHeld; });
  return count;
}

/// The type with other tensors in its containers, in order; null ones stay.
static Type replaceHeld(Type type, bool isHeld, ArrayRef<Type> &types) {
  MLIRContext *context = type.getContext();
  auto recurse = [&](Type inner, bool held) { return replaceHeld(inner, held, types); };
  return llvm::TypeSwitch<Type, Type>(type)
      .Case([&](ts::TensorType tensor) -> Type {
        if (!isHeld)
          return tensor;
        Type known = types.front();
        types = types.drop_front();
        return known ? known : tensor;
      })
      .Case([&](ListType list) { return ListType::get(context, recurse(list.getElementType(), true)); })
      .Case([&](DictType dict) {
        Type key = recurse(dict.getKeyType(), true);
        return DictType::get(context, key, recurse(dict.getValueType(), true));
      })
      .Case(
          [&](OptionalType optional) { return OptionalType::get(context, recurse(optional.getElementType(), isHeld)); })
      .Case<ts::TupleType, NamedTupleType>([&](auto tuple) {
        SmallVector<Type> elements;
        for (Type element : tuple.getElementTypes())
          elements.push_back(recurse(element, isHeld));
        return getTupleType(tuple, elements);
      })
      .Default([](Type other) { return other; });
}

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

int Contents::newClass() {
  classes.emplace_back();
  parents.push_back(parents.size());
  return parents.back();
}

int Contents::find(int held) {
  while (parents[held] != held)
    held = parents[held] = parents[parents[held]];
  return held;
}

void Contents::merge(int a, int b) {
  int into = find(a), from = find(b);
  if (into == from)
    return;
  parents[from] = into;
  classes[into].all.add(classes[from].all);
  classes[into].unkeyed.add(classes[from].unkeyed);
  for (auto &[key, stored] : classes[from].keyed)
    classes[into].keyed[key].add(stored);
}

void Contents::Stored::add(Type tensor) {
  if (cast<ts::TensorType>(tensor).isNarrowed())
    type = joinTypes(type, dropSymbols(tensor));
  else
    hasUnknown = true;
}

void Contents::Stored::add(const Stored &other) {
  type = joinTypes(type, other.type);
  hasUnknown |= other.hasUnknown;
  mayHoldNone |= other.mayHoldNone;
}

void Contents::store(int held, Type type) {
  Class &stored = classes[find(held)];
  stored.all.add(type);
  stored.unkeyed.add(type);
  stored.unkeyed.mayHoldNone = true;
}

void Contents::unify(ArrayRef<Tensor> as, ArrayRef<Tensor> bs) {
  for (auto [a, b] : llvm::zip(as, bs)) {
    if (a.held >= 0 && b.held >= 0)
      merge(a.held, b.held);
    else if (a.held >= 0 && b.plain)
      store(a.held, b.plain);
    else if (b.held >= 0 && a.plain)
      store(b.held, a.plain);
  }
}

ArrayRef<int> Contents::getHeld(Value value) {
  auto [found, isNew] = values.try_emplace(value);
  if (isNew) {
    SmallVector<int> held;
    for (unsigned i = countHeld(value.getType()); i > 0; --i)
      held.push_back(newClass());
    found->second = held;
  }
  return found->second;
}

SmallVector<Contents::Tensor> Contents::getTensors(Value value) {
  ArrayRef<int> held = getHeld(value);
  SmallVector<Tensor> tensors;
  bool isNone = isa<ts::NoneType>(lookThroughCasts(value).getType()); // in which there are none
  forEachTensor(value.getType(), false, [&](ts::TensorType tensor, bool isHeld) {
    if (isHeld) {
      tensors.push_back({held.front(), Type()});
      held = held.drop_front();
    } else {
      tensors.push_back({-1, isNone ? Type() : Type(tensor)});
    }
  });
  return tensors;
}

void Contents::unify(Value a, Value b) {
  if (isa<ts::NoneType>(a.getType()) || isa<ts::NoneType>(b.getType())) // which holds nothing
    return;
  SmallVector<Tensor> as = getTensors(a), bs = getTensors(b);
  auto plain = [](Value value) {
    auto optional = dyn_cast<OptionalType>(value.getType());
    return eraseTensorTypes(optional ? optional.getElementType() : value.getType());
  };
  if (plain(a) == plain(b))
    return unify(as, bs);
  // What is taken out of a value of any kind has been put into one.
  if (isa_and_nonnull<UncheckedCastOp>(b.getDefiningOp()))
    for (Tensor &tensor : bs)
      tensor.plain = Type();
  escape(as);
  escape(bs);
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

/// Visits the tensors in an element as `forEachTensor`; `isNeeded` are those that it cannot be without.
static void forEachNeeded(Type type, bool isNeeded, llvm::function_ref<void(bool)> visit) {
  if (isa<ts::TensorType>(type))
    return visit(isNeeded);
  for (Type part : getPartTypes(type))
    forEachNeeded(part, isNeeded && !isa<OptionalType, ListType, DictType>(type), visit);
}

bool wick::ts::needsTensors(Type type) {
  bool result = false;
  forEachNeeded(type, true, [&](bool isNeeded) { result |= isNeeded; });
  return result;
}

/// Whether `op` takes an element out of a list or dict.
static bool isElement(Operation *op) {
  auto read = dyn_cast<OperatorOp>(op);
  StringRef name = read ? getBaseName(read) : "";
  return (name == "aten::__getitem__" || name == "aten::pop") && op->getNumResults() == 1 &&
         (op->getNumOperands() == 1 || op->getNumOperands() == 2) &&
         isa<ListType, DictType>(op->getOperand(0).getType());
}

/// Whether `op` makes one tensor of those in a list, which must not be empty.
static bool isReduction(Operation *op) {
  return isa<aten::CatOp, aten::StackOp>(op) && isa<ListType>(op->getOperand(0).getType()) &&
         !aten::StaticFacts().getList(op->getOperand(0));
}

/// Whether `op` reads tensors of a container, or takes an optional element of one that it says is there.
static bool isRead(Operation *op) {
  if (isa<UncheckedCastOp>(op)) {
    Operation *element = op->getOperand(0).getDefiningOp();
    auto optional = dyn_cast<OptionalType>(op->getOperand(0).getType());
    return (element && isElement(element) && optional && needsTensors(optional.getElementType())) ||
           (isOpenCast(op) && needsTensors(op->getResult(0).getType()));
  }
  return isReduction(op) || (isElement(op) && needsTensors(getPartTypes(op->getOperand(0).getType()).back()));
}

/// Whether `op` takes an element out of a record.
static bool isField(Operation *op) {
  return isElement(op) && op->getNumOperands() == 2 && isRecord(op->getOperand(0).getType());
}

/// The site of a read of a record under a constant key.
IntegerAttr Contents::getReadSite(Operation *op) {
  auto site = op->getAttrOfType<IntegerAttr>(kSite);
  return site && isField(op) && getConstantKey(op->getOperand(1)) ? site : IntegerAttr();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// What a container, tuple or optional holds, in order.
SmallVector<Contents::Part> Contents::getParts(const Part &whole) {
  SmallVector<Part> parts;
  ArrayRef<Tensor> rest = whole.tensors;
  for (Type part : getPartTypes(whole.type)) {
    unsigned count = 0;
    forEachTensor(part, false, [&](ts::TensorType, bool) { ++count; });
    parts.push_back({part, rest.take_front(count)});
    rest = rest.drop_front(count);
  }
  return parts;
}

/// Takes a part for those of its type in a whole; false where there are none.
bool Contents::unifyWithin(const Part &whole, const Part &part) {
  if (whole.type == part.type) {
    unify(whole.tensors, part.tensors);
    return true;
  }
  bool isFound = false;
  for (const Part &inner : getParts(whole))
    isFound |= unifyWithin(inner, part);
  return isFound;
}

void Contents::unifyParts(const Part &a, const Part &b) {
  if (a.tensors.empty() || b.tensors.empty() || unifyWithin(a, b) || unifyWithin(b, a))
    return;
  for (const Part &part : getParts(a))
    unifyParts(part, b);
}

/// An operator on containers: largest parts of its operands and results that have the same type are taken for the same.
void Contents::collectOperator(Operation *op) {
  SmallVector<SmallVector<Tensor>> tensors;
  SmallVector<Type> types;
  for (Value operand : op->getOperands()) {
    tensors.push_back(getTensors(operand));
    types.push_back(eraseTensorTypes(operand.getType()));
  }
  for (Value result : op->getResults()) {
    tensors.push_back(getTensors(result));
    types.push_back(eraseTensorTypes(result.getType()));
    for (Tensor &tensor : tensors.back())
      tensor.plain = Type();
  }
  // A table of words and numbers has many operands, and none of these.
  SmallVector<Part> parts;
  for (auto [type, held] : llvm::zip_equal(types, tensors))
    if (!held.empty())
      parts.push_back({type, held});
  for (auto [i, part] : llvm::enumerate(parts))
    for (const Part &other : ArrayRef(parts).drop_front(i + 1))
      unifyParts(part, other);
  // Elements of any kind are found in values of such a kind.
  if (llvm::any_of(types, isOpen))
    for (Value operand : op->getOperands())
      escape(getTensors(operand));
  // None leaves no trace among the tensors.
  for (OpOperand &use : op->getOpOperands())
    if (isRecord(use.get().getType()) && classifyContainerUse(use) != ContainerUse::Read)
      classes[find(getHeld(use.get()).back())].unkeyed.mayHoldNone = true;
  if (auto construct = dyn_cast<DictConstructOp>(op); construct && isRecord(construct.getType()))
    classes[find(getHeld(construct.getResult()).back())].unkeyed.mayHoldNone |= !construct.getKeys().empty();
}

void Contents::collectRead(Operation *op) {
  auto site = op->getAttrOfType<IntegerAttr>(kSite);
  if (!site)
    return;
  if (isOpenCast(op)) {
    reads.push_back({int(site.getInt()), {getOpen()}, {}});
    return;
  }
  bool isCast = isa<UncheckedCastOp>(op);
  Operation *taken = isCast ? op->getOperand(0).getDefiningOp() : op;
  Value container = taken->getOperand(0);
  if (getReadSite(taken)) {
    reads.push_back({int(site.getInt()), {getHeld(container).back()}, getConstantKey(taken->getOperand(1))});
    return;
  }
  // The classes of the values of a dict come after those of its keys.
  ArrayRef<int> held = getHeld(container);
  Type element = getPartTypes(container.getType()).back();
  if (isCast)
    element = cast<OptionalType>(element).getElementType();
  Read read = {int(site.getInt()), {}, {}};
  unsigned count = 0;
  forEachNeeded(element, true, [&](bool) { ++count; });
  held = held.take_back(count);
  forEachNeeded(element, true, [&](bool isNeeded) {
    if (isNeeded)
      read.held.push_back(held.front());
    held = held.drop_front();
  });
  reads.push_back(read);
}

void Contents::storeKeyed(int held, Attribute key, Type tensor, bool mayBeNone) {
  Class &stored = classes[find(held)];
  Stored &own = stored.keyed[key];
  own.mayHoldNone |= mayBeNone;
  if (!tensor)
    return;
  stored.all.add(tensor);
  own.add(tensor);
}

void Contents::storeKeyed(int held, Attribute key, Value value) {
  storeKeyed(held, key, Type(), isa<OptionalType, ts::NoneType>(value.getType()));
  for (const Tensor &tensor : getTensors(value))
    storeKeyed(held, key, tensor.plain, false);
}

/// What is done under keys that are constant; false of other operations.
bool Contents::collectKeyed(Operation *op) {
  if (auto construct = dyn_cast<DictConstructOp>(op)) {
    if (!isRecord(construct.getType()) || !llvm::all_of(construct.getKeys(), getConstantKey))
      return false;
    for (auto [key, value] : llvm::zip(construct.getKeys(), construct.getValues()))
      storeKeyed(getHeld(construct.getResult()).front(), getConstantKey(key), value);
    return true;
  }
  auto access = dyn_cast<OperatorOp>(op);
  Attribute key = access && op->getNumOperands() > 1 && isRecord(op->getOperand(0).getType())
                      ? getConstantKey(op->getOperand(1))
                      : Attribute();
  if (!key)
    return false;
  int held = getHeld(op->getOperand(0)).front();
  if (getBaseName(access) == "aten::_set_item" && op->getNumOperands() == 3) {
    storeKeyed(held, key, op->getOperand(2));
    return true;
  }
  IntegerAttr site = getReadSite(op);
  if (!site)
    return false;
  reads.push_back({int(site.getInt()), {held}, key, isa<OptionalType>(op->getResult(0).getType())});
  return true;
}

bool wick::ts::forEachFlow(Operation *op, llvm::function_ref<void(ValueRange, ValueRange)> visit) {
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    for (Region &region : branch->getRegions())
      if (!region.empty())
        visit(op->getResults(), region.front().getTerminator()->getOperands());
  } else if (auto loop = dyn_cast<scf::ForOp>(op)) {
    visit(loop.getInitArgs(), loop.getRegionIterArgs());
    visit(loop.getResults(), loop.getRegionIterArgs());
    visit(loop.getResults(), loop.getBody()->getTerminator()->getOperands());
  } else if (auto loop = dyn_cast<scf::WhileOp>(op)) {
    visit(loop.getInits(), loop.getBeforeArguments());
    visit(loop.getYieldOp().getOperands(), loop.getBeforeArguments());
    visit(loop.getConditionOp().getArgs(), loop.getAfterArguments());
    visit(loop.getConditionOp().getArgs(), loop.getResults());
  } else if (auto loop = dyn_cast<LoopOp>(op)) {
    Block &body = loop.getBody().front();
    visit(loop.getInits(), body.getArguments().drop_front());
    visit(loop.getResults(), body.getArguments().drop_front());
    visit(loop.getResults(), body.getTerminator()->getOperands().drop_front());
  } else {
    return false;
  }
  return true;
}

void Contents::collectRegions(Operation *op) {
  forEachFlow(op, [&](ValueRange as, ValueRange bs) {
    for (auto [a, b] : llvm::zip_equal(as, bs))
      if (countHeld(a.getType()))
        unify(a, b);
  });
}

/// What a caller passes is what its type says; in containers that it is known to pass empty there is nothing.
void Contents::storeGiven(BlockArgument argument, func::FuncOp func) {
  if (isOpen(argument.getType()))
    storeUnknown(func.getContext());
  ArrayRef<int> held = getHeld(argument);
  auto absent = func.getArgAttrOfType<DenseBoolArrayAttr>(argument.getArgNumber(), kAbsentAttr);
  unsigned index = 0;
  forEachTensor(argument.getType(), false, [&](ts::TensorType tensor, bool isHeld) {
    if (!isHeld)
      return;
    if (!absent || !absent[index])
      store(held[index], tensor);
    ++index;
  });
}

template <typename Key>
void Contents::collectPlace(llvm::MapVector<Key, SmallVector<int>> &places, Key key, ArrayRef<int> held) {
  auto [place, isNew] = places.insert({key, SmallVector<int>(held)});
  if (!isNew)
    for (auto [a, b] : llvm::zip(place->second, held))
      merge(a, b);
}

/// What others store in an attribute.
void Contents::storeGiven(Operation *attribute, Type type) {
  auto records = attribute->getAttrOfType<ArrayAttr>(kGivenRecordsAttr);
  SmallVector<int> held;
  forEachTensor(type, false, [&](ts::TensorType tensor, bool isHeld) {
    if (!isHeld)
      return;
    auto record = records ? cast<ArrayAttr>(records[held.size()]) : ArrayAttr();
    held.push_back(newClass());
    if (!record || record.empty()) {
      if (tensor.isNarrowed())
        store(held.back(), tensor);
      return;
    }
    for (auto entry : record.getAsRange<ArrayAttr>()) {
      Type own = cast<TypeAttr>(entry[1]).getValue();
      if (isa<StringAttr>(entry[0]))
        storeKeyed(held.back(), entry[0], own, /*mayBeNone=*/true);
      else
        store(held.back(), own);
    }
  });
  collectPlace(attributes, attribute, held);
}

/// See kRecordsAttr.
ArrayAttr Contents::getRecords(MLIRContext *context, ArrayRef<int> held) {
  Builder b(context);
  SmallVector<Attribute> records;
  auto addTo = [&](SmallVectorImpl<Attribute> &record, Attribute key, const Stored &stored) {
    if (!stored.hasTensors())
      return;
    Type known = stored.hasUnknown || !stored.type ? ts::TensorType::get(context) : stored.type;
    record.push_back(b.getArrayAttr({key, TypeAttr::get(known)}));
  };
  for (int number : held) {
    const Class &stored = classes[find(number)];
    SmallVector<Attribute> record;
    Stored others = stored.unkeyed;
    for (auto &[key, own] : stored.keyed) {
      if (isa<StringAttr>(key))
        addTo(record, key, own);
      else
        others.add(own);
    }
    if (!record.empty())
      addTo(record, b.getUnitAttr(), others);
    records.push_back(b.getArrayAttr(record));
  }
  return b.getArrayAttr(records);
}

void Contents::collect(func::FuncOp func, llvm::function_ref<AttrOp(Value, StringRef)> lookup) {
  values.clear();
  lengths.collect(func, lookup);
  auto storeOwn = [&](Value value) {
    ArrayRef<int> held = getHeld(value);
    forEachTensor(value.getType(), false, [&](ts::TensorType tensor, bool isHeld) {
      if (!isHeld)
        return;
      store(held.front(), tensor);
      held = held.drop_front();
    });
  };
  for (BlockArgument argument : func.getArguments()) {
    storeGiven(argument, func);
    if (auto site = func.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kSite))
      collectPlace(sites, int(site.getInt()), getHeld(argument));
  }
  for (auto &[attr, type] : given)
    storeGiven(attr, type);
  func.walk([&](Operation *op) {
    if (auto site = op->getAttrOfType<IntegerAttr>(kSite); site && isa<ListConstructOp, DictConstructOp>(op))
      collectPlace(sites, int(site.getInt()), getHeld(op->getResult(0)));
    if (auto get = dyn_cast<GetAttrOp>(op)) {
      if (AttrOp attr = lookup(get.getObject(), get.getName()); attr && countHeld(get.getType()))
        collectPlace(attributes, attr.getOperation(), getHeld(get.getResult()));
      hasOpenAttributes |= isOpen(get.getType());
    } else if (auto set = dyn_cast<SetAttrOp>(op)) {
      if (AttrOp attr = lookup(set.getObject(), set.getName()); attr && countHeld(set.getValue().getType()))
        collectPlace(attributes, attr.getOperation(), getHeld(set.getValue()));
    } else if (isa<UpcastOp, UncheckedCastOp, RefineOp>(op)) {
      unify(op->getOperand(0), op->getResult(0));
    } else if (isa<TupleConstructOp>(op)) {
      SmallVector<Tensor> elements;
      for (Value element : op->getOperands())
        llvm::append_range(elements, getTensors(element));
      unify(getTensors(op->getResult(0)), elements);
    } else if (isa<TupleUnpackOp>(op)) {
      SmallVector<Tensor> elements;
      for (Value element : op->getResults())
        llvm::append_range(elements, getTensors(element));
      unify(getTensors(op->getOperand(0)), elements);
    } else if (auto index = dyn_cast<TupleIndexOp>(op)) {
      SmallVector<Tensor> tensors = getTensors(index.getTuple());
      ArrayRef<Tensor> rest = tensors;
      for (auto [i, type] : llvm::enumerate(getTupleElementTypes(index.getTuple().getType()))) {
        unsigned count = 0;
        forEachTensor(type, false, [&](ts::TensorType, bool) { ++count; });
        if (i == index.getIndex())
          unify(rest.take_front(count), getTensors(index.getResult()));
        rest = rest.drop_front(count);
      }
    } else if (op->getNumRegions()) {
      collectRegions(op);
    } else if (collectKeyed(op)) {
      return;
    } else if (isa<ListConstructOp, DictConstructOp, ListUnpackOp>(op) || isRuntimeOperation(op)) {
      collectOperator(op);
    } else if (!isa<UninitializedOp>(op)) { // which nothing reads
      for (Value result : op->getResults()) {
        storeOwn(result);
        if (isOpen(result.getType()))
          storeUnknown(op->getContext());
      }
    }
    if (isOpenCast(op))
      if (auto site = op->getAttrOfType<IntegerAttr>(kSite)) {
        SmallVector<int> tensors;
        forEachTensor(op->getResult(0).getType(), false, [&](ts::TensorType, bool) { tensors.push_back(getOpen()); });
        sites.insert({int(site.getInt()), tensors});
      }
    bool standsIn = isa<OperatorOp>(op) && getBaseName(cast<OperatorOp>(op)) == "aten::len";
    if (isRead(op) || standsIn)
      collectRead(op);
  });
}

//===----------------------------------------------------------------------===//
// Rounds
//===----------------------------------------------------------------------===//

void Contents::addSites(func::FuncOp func) {
  lengths.addSites(func);
  Builder builder(func.getContext());
  auto holds = [](Type type) { return countHeld(type) != 0; };
  for (BlockArgument argument : func.getArguments())
    if (holds(argument.getType()) && isShared(argument))
      func.setArgAttr(argument.getArgNumber(), kSite, builder.getI64IntegerAttr(numSites++));
  func.walk([&](Operation *op) {
    if (isa<ListConstructOp, DictConstructOp>(op) && holds(op->getResult(0).getType()))
      op->setAttr(kSite, builder.getI64IntegerAttr(numSites++));
    else if (isRead(op) || isField(op) || isOpenCast(op))
      op->setAttr(kSite, builder.getI64IntegerAttr(numSites++));
    needed |= isReduction(op) || isOpenCast(op);
    needed |= isa<OperatorOp, SetAttrOp>(op) && llvm::any_of(op->getOperandTypes(), holds);
    needed |= op->getNumRegions() && llvm::any_of(op->getResultTypes(), holds);
  });
}

void Contents::standIn(Operation *op, Operation *read) {
  if (Attribute site = read->getAttr(kSite))
    op->setAttr(kSite, site);
}

void Contents::removeSites(func::FuncOp func) {
  Lengths::removeSites(func);
  func.walk([](Operation *op) { op->removeAttr(kSite); });
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    func.removeArgAttr(i, kSite);
    func.removeArgAttr(i, kAbsentAttr);
  }
}

void Contents::setArgumentTypes(func::FuncOp func) const {
  for (BlockArgument argument : func.getArguments())
    if (auto site = func.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kSite))
      argument.setType(getType(site, argument.getType()));
}

Type Contents::getType(IntegerAttr site, Type type) const {
  auto found = site ? types.find(site.getInt()) : types.end();
  if (found == types.end())
    return type;
  ArrayRef<Type> held = found->second;
  return replaceHeld(type, false, held);
}

Type Contents::getReadType(Operation *op) const {
  IntegerAttr site = getReadSite(op);
  if (!site)
    return {};
  auto found = types.find(site.getInt());
  Type known = found == types.end() ? Type() : found->second.front();
  if (!known)
    known = ts::TensorType::get(op->getContext());
  if (openReads.contains(site.getInt()) && cast<ts::TensorType>(known).isTyped())
    known = ts::TensorType::get(op->getContext(), /*hasRank=*/false, {}, Type(), known);
  return isa<OptionalType>(op->getResult(0).getType()) ? Type(OptionalType::get(op->getContext(), known)) : known;
}

Type Contents::getOpenType(UncheckedCastOp op) const {
  auto site = isOpenCast(op) ? op->getAttrOfType<IntegerAttr>(kSite) : IntegerAttr();
  auto found = site ? types.find(site.getInt()) : types.end();
  if (found == types.end())
    return {};
  ArrayRef<Type> tensors = found->second;
  if (!hasOpenAttributes)
    return replaceHeld(op.getType(), /*isHeld=*/true, tensors);
  // Callers and other modules may store other tensors there than this program does, which is asked of one at run time.
  Type stored = isa<ts::TensorType>(op.getType()) ? tensors.front() : Type();
  if (!stored || !cast<ts::TensorType>(stored).isTyped())
    return stored;
  return ts::TensorType::get(op.getContext(), /*hasRank=*/false, {}, Type(), stored);
}

bool Contents::isEmptyRead(Operation *op) const {
  if (hasOpenAttributes && isOpenCast(op)) // others may have stored there
    return false;
  auto site = isRead(op) ? op->getAttrOfType<IntegerAttr>(kSite) : getReadSite(op);
  return site && !isAbandoned && !filledReads.contains(site.getInt());
}

bool Contents::update() {
  bool changed = lengths.update();
  auto join = [&](Type &type, const Stored &stored) {
    Type joined = joinTypes(type, stored.type);
    changed |= joined != type;
    type = joined;
  };
  auto take = [&](SmallVector<Type> &known, ArrayRef<int> held) {
    known.resize(held.size());
    for (auto [type, number] : llvm::zip(known, held))
      join(type, classes[find(number)].all);
  };
  // What a read finds: of its key, or of a key that is not known.
  auto readStored = [&](const Read &read) {
    const Class &stored = classes[find(read.held.front())];
    Stored found = stored.unkeyed;
    if (auto keyed = stored.keyed.find(read.key); keyed != stored.keyed.end())
      found.add(keyed->second);
    return found;
  };
  llvm::SmallDenseSet<int> visible; // to callers
  for (auto &[attr, held] : attributes)
    for (int number : held)
      visible.insert(find(number));
  for (const Read &read : reads) {
    if (!read.key) {
      bool isFilled = llvm::all_of(read.held, [&](int held) {
        const Stored &stored = classes[find(held)].all;
        return stored.hasTensors();
      });
      if (isFilled)
        changed |= filledReads.insert(read.site).second;
      continue;
    }
    Stored stored = readStored(read);
    types[read.site].resize(1);
    join(types[read.site].front(), stored);
    if (stored.hasTensors() || (read.mayFindNone && stored.mayHoldNone))
      changed |= filledReads.insert(read.site).second;
    int cls = find(read.held.front());
    if (visible.contains(cls) && stored.type && stored.type != classes[cls].all.type)
      changed |= openReads.insert(read.site).second;
  }
  for (auto &[site, held] : sites)
    take(types[site], held);
  for (auto &[attr, held] : attributes)
    take(attributeTypes[attr], held);
  // Once all that can be known is, what is not counts.
  if (!changed) {
    auto forgetType = [&](Type &type, const Stored &stored) {
      if (!type || type == eraseTensorTypes(type) || !stored.hasUnknown)
        return;
      type = eraseTensorTypes(type);
      changed = true;
    };
    auto forget = [&](SmallVector<Type> &known, ArrayRef<int> held) {
      for (auto [type, number] : llvm::zip(known, held))
        forgetType(type, classes[find(number)].all);
    };
    for (const Read &read : reads)
      if (read.key)
        forgetType(types[read.site].front(), readStored(read));
    for (auto &[site, held] : sites)
      forget(types[site], held);
    for (auto &[attr, held] : attributes)
      forget(attributeTypes[attr], held);
  }
  for (auto &[op, held] : attributes)
    op->setAttr(kRecordsAttr, getRecords(op->getContext(), held));
  for (auto &[op, known] : attributeTypes) {
    auto attr = cast<AttrOp>(op);
    ArrayRef<Type> held = known;
    attr.setType(replaceHeld(attr.getType(), false, held));
  }
  classes.clear();
  parents.clear();
  open = -1;
  sites.clear();
  reads.clear();
  attributes.clear();
  values.clear();
  return changed;
}
