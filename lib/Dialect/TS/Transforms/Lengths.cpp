//===- Lengths.cpp - how many ints there are in lists -----------------------===//
#include "Lengths.h"

#include "Contents.h"
#include "OperatorRules.h"
#include "TypeInference.h"

#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// On an operation that gives a list of ints.
static constexpr StringLiteral kLengthSite = "ts.length_site";

static bool isInts(Type type) {
  auto list = dyn_cast<ListType>(type);
  return list && list.getElementType().isInteger(64);
}

static bool isListOfInts(Type type) {
  auto list = dyn_cast<ListType>(type);
  return list && isInts(list.getElementType());
}

/// Whether an operation makes a tuple only for the caller.
static bool isReturned(Operation *op) {
  return isa<TupleConstructOp>(op) &&
         llvm::all_of(op->getUsers(), [](Operation *user) { return isa<func::ReturnOp>(user) || isReturned(user); });
}

/// The list of ints that an operation gives, or null.
static Value getGiven(Operation *op) {
  return op->getNumResults() == 1 && op->getNumRegions() == 0 && isInts(op->getResult(0).getType()) ? op->getResult(0)
                                                                                                    : Value();
}

namespace {
/// The classes of the lists of one function.
class LengthClasses {
public:
  explicit LengthClasses(func::FuncOp func);
  /// The length of a list; none where it varies.
  std::optional<int64_t> get(Value list);

private:
  struct Class {
    std::optional<int64_t> length; // of what has been seen
    bool varies = false;
  };
  /// A new list that is as long as others together.
  struct Sum {
    int result;
    SmallVector<int, 2> parts;
  };

  /// Of a list of ints, and of those in a list of lists.
  int getClass(Value value);
  int find(int number);
  void unify(Value a, Value b);
  void add(int number, int64_t length);
  void vary(Value value);
  void collect(Operation *op);
  void collectOperator(OperatorOp op);
  void collectRegions(Operation *op);
  bool isFollowed(Value value) const { return isInts(value.getType()) || isListOfInts(value.getType()); }

  SmallVector<Class> classes;
  SmallVector<int> parents;
  DenseMap<Value, int> values;
  std::vector<Sum> sums;
};
} // namespace

int LengthClasses::find(int number) {
  while (parents[number] != number)
    number = parents[number] = parents[parents[number]];
  return number;
}

int LengthClasses::getClass(Value value) {
  auto [found, isNew] = values.try_emplace(value, classes.size());
  if (isNew) {
    classes.emplace_back();
    parents.push_back(found->second);
  }
  return find(found->second);
}

void LengthClasses::add(int number, int64_t length) {
  Class &cls = classes[find(number)];
  cls.varies |= cls.length && *cls.length != length;
  cls.length = length;
}

void LengthClasses::vary(Value value) {
  if (isFollowed(value))
    classes[getClass(value)].varies = true;
}

void LengthClasses::unify(Value a, Value b) {
  if (!isFollowed(a) || !isFollowed(b)) {
    vary(a);
    vary(b);
    return;
  }
  int into = getClass(a), from = getClass(b);
  if (into == from)
    return;
  parents[from] = into;
  classes[into].varies |= classes[from].varies;
  if (classes[from].length)
    add(into, *classes[from].length);
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
  bool isOfInts = !operands.empty() && isInts(operands[0].getType());
  bool isOfLists = !operands.empty() && isListOfInts(operands[0].getType());
  if (isOfLists && (name == "aten::__getitem__" || name == "aten::slice" || name == "aten::list"))
    return unify(operands[0], result);
  if (isOfLists && (name == "aten::append" || name == "aten::insert" || name == "aten::_set_item")) {
    unify(operands[0], operands.back());
    if (result)
      unify(operands[0], result);
    return;
  }
  if (isOfInts && result && isInts(result.getType()) && (name == "aten::list" || name == "aten::add")) {
    Sum sum = {getClass(result), {}};
    for (Value operand : operands)
      sum.parts.push_back(getClass(operand));
    sums.push_back(sum);
    return;
  }
  // What is replaced or moved leaves the length as it is.
  if (isOfInts && (name == "aten::_set_item" || name == "aten::sort" || name == "aten::reverse")) {
    if (result)
      unify(operands[0], result);
    return;
  }
  for (OpOperand &use : op->getOpOperands())
    if (isListOfInts(use.get().getType()) ? name != "aten::len" : classifyContainerUse(use) != ContainerUse::Read)
      vary(use.get());
  if (result)
    vary(result);
}

void LengthClasses::collect(Operation *op) {
  if (auto construct = dyn_cast<ListConstructOp>(op)) {
    if (isInts(construct.getType()))
      add(getClass(construct), construct.getElements().size());
    else
      for (Value element : construct.getElements())
        isListOfInts(construct.getType()) ? unify(construct, element) : vary(element);
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
  } else if (!isa<UninitializedOp>(op) && !op->hasTrait<OpTrait::IsTerminator>() && !isReturned(op)) {
    // Nothing reads what is not set, and callers cannot change what they get before they get it.
    for (OpOperand &use : op->getOpOperands())
      if (isFollowed(use.get()) && classifyContainerUse(use) != ContainerUse::Read)
        vary(use.get());
    llvm::for_each(op->getResults(), [&](Value result) { vary(result); });
  }
}

LengthClasses::LengthClasses(func::FuncOp func) {
  llvm::for_each(func.getArguments(), [&](Value argument) { vary(argument); });
  func.getBody().walk([&](Operation *op) { collect(op); });
  // Each round settles a sum, or the sums have settled.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Sum &sum : sums) {
      Class &result = classes[find(sum.result)];
      if (result.varies)
        continue;
      int64_t length = 0;
      bool isSeen = true;
      for (int part : sum.parts) {
        const Class &cls = classes[find(part)];
        result.varies |= cls.varies;
        isSeen &= cls.length.has_value();
        length += cls.length.value_or(0);
      }
      if (!result.varies && isSeen && result.length != length)
        add(sum.result, length);
      else if (!result.varies)
        continue;
      changed = true;
    }
  }
}

std::optional<int64_t> LengthClasses::get(Value list) {
  const Class &cls = classes[getClass(list)];
  return cls.varies ? std::nullopt : cls.length;
}

//===----------------------------------------------------------------------===//
// Rounds
//===----------------------------------------------------------------------===//

void Lengths::addSites(func::FuncOp func) {
  Builder builder(func.getContext());
  func.walk([&](Operation *op) {
    if (getGiven(op))
      op->setAttr(kLengthSite, builder.getI64IntegerAttr(numSites++));
    needed |= llvm::any_of(op->getResultTypes(), isListOfInts);
  });
}

void Lengths::removeSites(func::FuncOp func) {
  func.walk([](Operation *op) { op->removeAttr(kLengthSite); });
}

void Lengths::collect(func::FuncOp func) {
  if (!needed)
    return;
  LengthClasses classes(func);
  func.walk([&](Operation *op) {
    auto site = op->getAttrOfType<IntegerAttr>(kLengthSite);
    Value list = getGiven(op);
    if (!site || !list)
      return;
    int64_t length = classes.get(list).value_or(kVarying);
    auto [seen, isNew] = found.try_emplace(site.getInt(), length);
    if (!isNew && seen->second != length)
      seen->second = kVarying;
  });
}

bool Lengths::update() {
  bool changed = false;
  for (auto [site, length] : found) {
    auto [before, isNew] = known.try_emplace(site, length);
    if (!isNew && before->second == length)
      continue;
    // Types may have to become known first; what was of one length and is of another varies for good.
    if (!isNew && before->second == kVarying && settled.contains(site))
      continue;
    if (!isNew && before->second != kVarying)
      settled.insert(site);
    before->second = isNew || before->second == kVarying ? length : kVarying;
    changed = true;
  }
  found.clear();
  return changed;
}

std::optional<int64_t> Lengths::get(Value list) const {
  Operation *op = list.getDefiningOp();
  auto site = op ? op->getAttrOfType<IntegerAttr>(kLengthSite) : IntegerAttr();
  auto length = site ? known.find(site.getInt()) : known.end();
  return length == known.end() || length->second == kVarying ? std::nullopt : std::optional(length->second);
}

/// Has tensor operators see the elements of lists whose length is known.
bool TypeInference::takeListsApart(Operation *op) {
  bool changed = false;
  rewriter.setInsertionPoint(op);
  for (OpOperand &use : op->getOpOperands()) {
    Value list = use.get();
    std::optional<int64_t> length = contents && isInts(list.getType()) ? contents->getLength(list) : std::nullopt;
    if (!length || facts.getList(list))
      continue;
    Type i64 = rewriter.getI64Type();
    SmallVector<Value> elements;
    for (int64_t i = 0; i < *length; ++i) {
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
