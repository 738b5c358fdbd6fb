//===- Lengths.cpp - how many ints there are in lists -----------------------===//
#include "Lengths.h"

#include "Contents.h"
#include "OperatorRules.h"
#include "TypeInference.h"

#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// On an operation with results that are lists of ints: the number of the first result.
static constexpr StringLiteral kLengthSite = "ts.length_site";

static bool isInts(Type type) {
  auto list = dyn_cast<ListType>(type);
  return list && list.getElementType().isInteger(64);
}

/// Whether a type is a list of ints, or of what holds some.
static bool isFollowed(Type type) { return isInts(type) || llvm::any_of(getPartTypes(type), isFollowed); }

/// Whether values of a type hold lists of ints.
static bool holdsInts(Type type) { return !isInts(type) && isFollowed(type); }

/// Whether an operation makes a tuple only for the caller.
static bool isReturned(Operation *op) {
  return isa<TupleConstructOp>(op) &&
         llvm::all_of(op->getUsers(), [](Operation *user) { return isa<func::ReturnOp>(user) || isReturned(user); });
}

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

int LengthClasses::newClass() {
  classes.emplace_back();
  parents.push_back(parents.size());
  return parents.back();
}

int LengthClasses::find(int number) {
  while (parents[number] != number)
    number = parents[number] = parents[parents[number]];
  return number;
}

/// Of a list of ints, or of all those that a value holds.
int LengthClasses::getClass(Value value) {
  auto [found, isNew] = values.try_emplace(value);
  if (isNew)
    found->second = newClass();
  return find(found->second);
}

void LengthClasses::add(int number, int64_t length) {
  Class &cls = classes[find(number)];
  cls.mayBeEmpty |= length == 0;
  if (length == 0)
    return;
  cls.varies |= cls.length && *cls.length != length;
  cls.length = length;
}

void LengthClasses::vary(Value value) {
  if (isFollowed(value.getType()))
    classes[getClass(value)].varies = true;
}

void LengthClasses::merge(int a, int b) {
  int into = find(a), from = find(b);
  if (into == from)
    return;
  parents[from] = into;
  classes[into].varies |= classes[from].varies;
  classes[into].isStored |= classes[from].isStored;
  classes[into].mayBeEmpty |= classes[from].mayBeEmpty;
  if (classes[from].length)
    add(into, *classes[from].length);
}

void LengthClasses::unify(Value a, Value b) {
  if (isa<ts::NoneType>(a.getType()) || isa<ts::NoneType>(b.getType())) // which holds nothing
    return;
  if (isFollowed(a.getType()) && isFollowed(b.getType()))
    return merge(getClass(a), getClass(b));
  vary(a);
  vary(b);
}

void LengthClasses::store(AttrOp attribute, Value value) {
  if (!isFollowed(value.getType()))
    return;
  if (!attribute)
    return vary(value);
  auto [found, isNew] = attributes.try_emplace(attribute);
  if (isNew) {
    found->second = newClass();
    classes[found->second].isStored = true;
  }
  merge(found->second, getClass(value));
}

void LengthClasses::collectRegions(Operation *op) {
  auto unifyAll = [&](ValueRange as, ValueRange bs) {
    for (auto [a, b] : llvm::zip_equal(as, bs))
      unify(a, b);
  };
  if (!forEachFlow(op, unifyAll)) {
    auto varyAll = [&](ValueRange values) { llvm::for_each(values, [&](Value value) { vary(value); }); };
    varyAll(op->getOperands());
    varyAll(op->getResults());
    for (Region &region : op->getRegions())
      for (Block &block : region) {
        varyAll(block.getArguments());
        varyAll(block.getTerminator()->getOperands());
      }
  }
}

void LengthClasses::collectOperator(OperatorOp op) {
  StringRef name = getBaseName(op);
  ValueRange operands = op.getOperands();
  Value result = op->getNumResults() == 1 ? op->getResult(0) : Value();
  // What is taken out of a container, or put into one, is of its class.
  if (llvm::any_of(op->getOperandTypes(), holdsInts)) {
    Value whole = *llvm::find_if(operands, [](Value operand) { return holdsInts(operand.getType()); });
    for (ValueRange values : {operands, ValueRange(op->getResults())})
      for (Value value : values)
        if (isFollowed(value.getType()))
          unify(whole, value);
    return;
  }
  bool isOfInts = !operands.empty() && isInts(operands[0].getType());
  std::optional<ListSlice> slice = ListSlice::match(op);
  if (isOfInts && result && isInts(result.getType()) && (name == "aten::list" || name == "aten::add" || slice)) {
    Derived derived = {getClass(result), {}, slice};
    for (Value operand : operands)
      if (isInts(operand.getType()))
        derived.parts.push_back(getClass(operand));
    this->derived.push_back(derived);
    return;
  }
  // What is replaced or moved leaves the length as it is.
  if (isOfInts && (name == "aten::_set_item" || name == "aten::sort" || name == "aten::reverse")) {
    if (result)
      unify(operands[0], result);
    return;
  }
  for (OpOperand &use : op->getOpOperands())
    if (classifyContainerUse(use) != ContainerUse::Read)
      vary(use.get());
  for (Value given : op->getResults())
    vary(given);
}

void LengthClasses::collect(Operation *op) {
  if (auto construct = dyn_cast<ListConstructOp>(op); construct && isInts(construct.getType())) {
    add(getClass(construct), construct.getElements().size());
  } else if (isa<ListConstructOp, DictConstructOp, TupleConstructOp, TupleUnpackOp, TupleIndexOp, ListUnpackOp>(op)) {
    if (isReturned(op)) // callers cannot change what they get before they get it
      return;
    bool takesApart = isa<TupleUnpackOp, TupleIndexOp, ListUnpackOp>(op);
    Value whole = takesApart ? op->getOperand(0) : op->getResult(0);
    for (Value part : takesApart ? ValueRange(op->getResults()) : ValueRange(op->getOperands()))
      if (isFollowed(part.getType()))
        unify(whole, part);
  } else if (auto sizes = dyn_cast<SizesOp>(op)) {
    auto tensor = dyn_cast<ts::TensorType>(sizes.getTensor().getType());
    if (tensor && tensor.getHasRank())
      add(getClass(sizes), tensor.getRank());
    else
      vary(sizes);
  } else if (auto call = dyn_cast<OperatorOp>(op); call && call.getBlocks().empty()) {
    collectOperator(call);
  } else if (isa<UpcastOp, UncheckedCastOp, RefineOp>(op)) {
    unify(op->getOperand(0), op->getResult(0));
  } else if (op->getNumRegions()) {
    collectRegions(op);
  } else if (!isa<UninitializedOp>(op) && !op->hasTrait<OpTrait::IsTerminator>()) { // nothing reads what is not set
    for (OpOperand &use : op->getOpOperands())
      if (isFollowed(use.get().getType()) && classifyContainerUse(use) != ContainerUse::Read)
        vary(use.get());
    llvm::for_each(op->getResults(), [&](Value result) { vary(result); });
  }
}

void LengthClasses::collect(func::FuncOp func, llvm::function_ref<AttrOp(Value, StringRef)> lookup) {
  values.clear();
  llvm::for_each(func.getArguments(), [&](Value argument) { vary(argument); });
  func.getBody().walk([&](Operation *op) {
    if (auto get = dyn_cast<GetAttrOp>(op))
      store(lookup(get.getObject(), get.getName()), get);
    else if (auto set = dyn_cast<SetAttrOp>(op))
      store(lookup(set.getObject(), set.getName()), set.getValue());
    else
      collect(op);
  });
}

void LengthClasses::settleDerived() {
  // Each round settles one, or all have settled.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Derived &list : derived) {
      Class &result = classes[find(list.result)];
      if (result.varies)
        continue;
      int64_t length = 0;
      bool isSeen = true;
      for (int part : list.parts) {
        const Class &cls = classes[find(part)];
        std::optional<Length> known = get(part);
        bool isUnseen = !cls.varies && !cls.length && !cls.mayBeEmpty;
        result.varies |= !known && !isUnseen;
        result.isStored |= cls.isStored;
        isSeen &= known.has_value();
        length += known ? known->value : 0;
      }
      if (list.slice)
        length = list.slice->getPositions(length).size();
      std::optional<Length> before = get(list.result);
      if (!result.varies && isSeen && (!before || before->value != length))
        add(list.result, length);
      else if (!result.varies)
        continue;
      changed = true;
    }
  }
}

std::optional<LengthClasses::Length> LengthClasses::get(int number) {
  const Class &cls = classes[find(number)];
  if (cls.varies || (cls.length && cls.mayBeEmpty && !cls.isStored) || (!cls.length && !cls.mayBeEmpty))
    return {};
  return Length{cls.length.value_or(0), cls.isStored};
}

//===----------------------------------------------------------------------===//
// Rounds
//===----------------------------------------------------------------------===//

void Lengths::addSites(func::FuncOp func) {
  Builder builder(func.getContext());
  func.walk([&](Operation *op) {
    if (llvm::any_of(op->getResultTypes(), isInts)) {
      op->setAttr(kLengthSite, builder.getI64IntegerAttr(numSites));
      numSites += op->getNumResults();
      needed |= isa<GetAttrOp>(op) || op->getNumRegions();
    }
    auto write = dyn_cast<OperatorOp>(op);
    needed |= write && getBaseName(write) == "aten::_set_item" && isInts(op->getOperand(0).getType());
    needed |= llvm::any_of(op->getResultTypes(), holdsInts);
  });
}

void Lengths::removeSites(func::FuncOp func) {
  func.walk([](Operation *op) { op->removeAttr(kLengthSite); });
}

void Lengths::collect(func::FuncOp func, llvm::function_ref<AttrOp(Value, StringRef)> lookup) {
  if (!needed)
    return;
  classes.collect(func, lookup);
  func.walk([&](Operation *op) {
    if (auto site = op->getAttrOfType<IntegerAttr>(kLengthSite))
      for (OpResult result : op->getResults())
        if (isInts(result.getType()))
          found[site.getInt() + result.getResultNumber()].push_back(classes.getClass(result));
  });
}

bool Lengths::update() {
  bool changed = false;
  classes.settleDerived();
  for (auto &[site, numbers] : found) {
    std::optional<Length> length = classes.get(numbers.front());
    for (int number : numbers)
      if (classes.get(number) != length)
        length.reset();
    auto [before, isNew] = known.try_emplace(site, length);
    changed |= isNew;
    if (isNew || before->second == length)
      continue;
    std::optional<Length> &sofar = before->second;
    if (sofar && length && sofar->value == length->value) {
      changed |= !sofar->isStored;
      sofar->isStored = true;
      continue;
    }
    // Types may have to become known first; what was of one length and is of another varies for good.
    if (!sofar && settled.contains(site))
      continue;
    if (sofar)
      settled.insert(site);
    sofar = sofar ? std::nullopt : length;
    changed = true;
  }
  classes = LengthClasses();
  found.clear();
  return changed;
}

std::optional<Lengths::Length> Lengths::get(Value list) const {
  auto result = dyn_cast<OpResult>(list);
  auto site = result ? result.getOwner()->getAttrOfType<IntegerAttr>(kLengthSite) : IntegerAttr();
  auto length = site ? known.find(site.getInt() + result.getResultNumber()) : known.end();
  return length == known.end() ? std::nullopt : length->second;
}

/// Lists that others may change have the length of those that the program does, or the code is not for them.
static void checkLength(OpBuilder &builder, Location loc, Value list, int64_t length) {
  Type i64 = builder.getI64Type();
  Value own = createOperator(builder, loc, "aten::len.t", {"a"}, i64, list);
  Value expected = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(length));
  Value isOther = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, own, expected);
  raiseIf(builder, loc, isOther, "expected a list of {} ints, for which the model was compiled, got {}",
          {expected, own});
}

/// The length that code before `op`, or a branch around it, has asked of a list: it raises, or goes another way, where
/// the list has another one.
static std::optional<int64_t> getAskedLength(Value list, Operation *op) {
  for (Operation *user : list.getUsers()) {
    auto length = dyn_cast<OperatorOp>(user);
    if (!length || getBaseName(length) != "aten::len")
      continue;
    for (Operation *comparison : length->getUsers()) {
      auto compare = dyn_cast<arith::CmpIOp>(comparison);
      IntegerAttr expected;
      if (!compare || !matchPattern(compare.getRhs(), m_Constant(&expected)))
        continue;
      bool isEqual = compare.getPredicate() == arith::CmpIPredicate::eq;
      if (!isEqual && compare.getPredicate() != arith::CmpIPredicate::ne)
        continue;
      for (Operation *asked : compare->getUsers()) {
        auto branch = dyn_cast<scf::IfOp>(asked);
        if (!branch)
          continue;
        Region &holds = isEqual ? branch.getThenRegion() : branch.getElseRegion();
        Region &other = isEqual ? branch.getElseRegion() : branch.getThenRegion();
        Operation *place = branch->getBlock()->findAncestorOpInBlock(*op);
        bool isBehind = place && branch->isBeforeInBlock(place) && !other.empty() && endsInRaise(other.front());
        if (isBehind || holds.isAncestor(op->getParentRegion()))
          return expected.getInt();
      }
    }
  }
  return {};
}

/// Has tensor operators see the elements of lists whose length is known.
bool TypeInference::takeListsApart(Operation *op) {
  bool changed = false;
  rewriter.setInsertionPoint(op);
  for (OpOperand &use : op->getOpOperands()) {
    Value list = stripUpcasts(use.get());
    if (!isInts(list.getType()) || facts.getList(list))
      continue;
    std::optional<Lengths::Length> length = contents ? contents->getLength(list) : std::nullopt;
    if (!length)
      if (std::optional<int64_t> asked = getAskedLength(list, op))
        length = {*asked, /*isStored=*/true};
    if (!length)
      continue;
    Type i64 = rewriter.getI64Type();
    if (length->isStored)
      checkLength(rewriter, op->getLoc(), list, length->value);
    SmallVector<Value> elements;
    for (int64_t i = 0; i < length->value; ++i) {
      Value index = arith::ConstantOp::create(rewriter, op->getLoc(), rewriter.getI64IntegerAttr(i));
      elements.push_back(
          createOperator(rewriter, op->getLoc(), "aten::__getitem__.t", {"list", "idx"}, i64, {list, index}));
    }
    Value made = ListConstructOp::create(rewriter, op->getLoc(), list.getType(), elements);
    rewriter.modifyOpInPlace(op, [&] { use.set(made); });
    changed = true;
  }
  return changed;
}
