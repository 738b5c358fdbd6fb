//===- DictRules.cpp - dicts with keys that are known at compile time -------===//
//
// As for lists: a dict that the function builds is a sequence of entries while nothing
// writes it, and its first write makes a new dict for everything after. Insertion order
// is kept; overwriting an entry keeps its place.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "ObjectImage.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
struct Entry {
  Attribute constant; // The key, to compare.
  Value key, value;
};
} // namespace

/// The constant that a key is. Floats that are equal to others, or not to themselves, are for the runtime to find.
Attribute wick::ts::getConstantKey(Value key) {
  Attribute constant;
  if (!matchPattern(lookThroughCasts(key), m_Constant(&constant)))
    return {};
  auto isUnique = [](Attribute part) {
    auto number = dyn_cast<FloatAttr>(part);
    return !number || !(number.getValue().isNaN() || number.getValue().isNegZero());
  };
  auto parts = dyn_cast<ArrayAttr>(constant);
  return isUnique(constant) && (!parts || llvm::all_of(parts, isUnique)) ? constant : Attribute();
}

static Entry *findEntry(SmallVectorImpl<Entry> &entries, Attribute key) {
  auto *it = llvm::find_if(entries, [&](Entry &entry) { return entry.constant == key; });
  return it == entries.end() ? nullptr : it;
}

static std::optional<SmallVector<Entry>> getEntries(DictConstructOp dict) {
  SmallVector<Entry> entries;
  for (auto [key, value] : llvm::zip_equal(dict.getKeys(), dict.getValues())) {
    Attribute constant = getConstantKey(key);
    if (!constant)
      return std::nullopt;
    if (Entry *known = findEntry(entries, constant))
      known->value = value;
    else
      entries.push_back({constant, key, value});
  }
  return entries;
}

/// The entries of a dict as `reader` sees them.
static std::optional<SmallVector<Entry>> getEntriesAt(Value value, Operation *reader) {
  auto dict = value.getDefiningOp<DictConstructOp>();
  if (!dict)
    return std::nullopt;
  for (OpOperand &use : dict->getUses())
    if (classifyContainerUse(use) != ContainerUse::Read && !isAfter(use.getOwner(), reader, dict->getBlock()))
      return std::nullopt;
  return getEntries(dict);
}

static Value applyGetItem(OperatorMatch &m) {
  if (m.operands.size() < 2)
    return {};
  auto entries = getEntriesAt(m.operands[0], m.op);
  Attribute key = getConstantKey(m.operands[1]);
  Entry *entry = entries && key ? findEntry(*entries, key) : nullptr;
  if (entry)
    return lookThroughCasts(entry->value);
  // get(key, default) of a key that is not there.
  return entries && key && m.operands.size() == 3 ? m.operands[2] : Value();
}

static Value applyContains(OperatorMatch &m) {
  auto entries = m.operands.size() == 2 ? getEntriesAt(m.operands[0], m.op) : std::nullopt;
  Attribute key = entries ? getConstantKey(m.operands[1]) : Attribute();
  return key ? m.i1(findEntry(*entries, key) != nullptr) : Value();
}

static Value applyLength(OperatorMatch &m) {
  auto entries = m.operands.size() == 1 ? getEntriesAt(m.operands[0], m.op) : std::nullopt;
  return entries ? m.i64(entries->size()) : Value();
}

/// keys, values and items are lists made anew.
template <typename Project> static Value applyList(OperatorMatch &m, Project project) {
  auto entries = m.operands.size() == 1 ? getEntriesAt(m.operands[0], m.op) : std::nullopt;
  if (!entries)
    return {};
  SmallVector<Value> elements;
  for (Entry &entry : *entries)
    elements.push_back(project(entry));
  return ListConstructOp::create(m.rewriter, m.getLoc(), m.getType(), elements);
}

static Value applyKeys(OperatorMatch &m) {
  return applyList(m, [](Entry &entry) { return entry.key; });
}
static Value applyValues(OperatorMatch &m) {
  return applyList(m, [](Entry &entry) { return entry.value; });
}
static Value applyItems(OperatorMatch &m) {
  return applyList(m, [&](Entry &entry) -> Value {
    auto type = cast<ListType>(m.getType()).getElementType();
    return TupleConstructOp::create(m.rewriter, m.getLoc(), type, ValueRange{entry.key, entry.value});
  });
}

/// `dict()`, `dict(d)`, and `dict(l)` of a list of pairs.
static Value applyDict(OperatorMatch &m) {
  SmallVector<Value> keys, values;
  if (m.operands.size() == 1 && isa<ListType>(m.operands[0].getType())) {
    auto pairs = getListElements(m.operands[0], m.op);
    if (!pairs)
      return {};
    for (Value pair : *pairs) {
      ArrayRef<Type> types = getTupleElementTypes(pair.getType());
      keys.push_back(m.rewriter.createOrFold<TupleIndexOp>(m.getLoc(), types[0], pair, 0));
      values.push_back(m.rewriter.createOrFold<TupleIndexOp>(m.getLoc(), types[1], pair, 1));
    }
  } else if (!m.operands.empty()) {
    auto entries = m.operands.size() == 1 ? getEntriesAt(m.operands[0], m.op) : std::nullopt;
    if (!entries)
      return {};
    for (Entry &entry : *entries) {
      keys.push_back(entry.key);
      values.push_back(entry.value);
    }
  }
  return DictConstructOp::create(m.rewriter, m.getLoc(), m.getType(), keys, values);
}

void wick::ts::addDictRules(OperatorRules &rules) {
  addRule(rules, "aten::dict", applyDict);
  addRule(rules, "aten::__getitem__", applyGetItem);
  addRule(rules, "aten::get", applyGetItem);
  addRule(rules, "aten::__contains__", applyContains);
  addRule(rules, "aten::len", applyLength);
  addRule(rules, "aten::keys", applyKeys);
  addRule(rules, "aten::values", applyValues);
  addRule(rules, "aten::items", applyItems);
}

namespace {
/// The first write to a fresh dict makes a new dict for all later uses.
struct PromoteDictWrite : public OpRewritePattern<DictConstructOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DictConstructOp dict, PatternRewriter &rewriter) const override {
    FailureOr<OperatorOp> first = findFirstWrite(dict, rewriter);
    if (failed(first))
      return failure();
    auto entries = getEntries(dict);
    StringRef name = getBaseName(*first);
    auto arguments = first->getArguments();
    Attribute key = arguments.size() > 1 ? getConstantKey(arguments[1]) : Attribute();
    if (!entries || !key)
      return rewriter.notifyMatchFailure(dict, "a key is not known at compile time");
    if (name == "aten::_set_item" && arguments.size() == 3) {
      if (Entry *known = findEntry(*entries, key))
        known->value = arguments[2];
      else
        entries->push_back({key, arguments[1], arguments[2]});
    } else if (name == "aten::Delete" && findEntry(*entries, key)) {
      entries->erase(findEntry(*entries, key));
    } else {
      return rewriter.notifyMatchFailure(dict, "the write is not known at compile time");
    }
    SmallVector<Value> keys, values;
    for (Entry &entry : *entries) {
      keys.push_back(entry.key);
      values.push_back(entry.value);
    }
    rewriter.setInsertionPoint(*first);
    Value changed = DictConstructOp::create(rewriter, first->getLoc(), dict.getType(), keys, values);
    replaceAfterWrite(dict, *first, changed, rewriter);
    return success();
  }
};
} // namespace

void wick::ts::populateDictPatterns(RewritePatternSet &patterns) {
  patterns.add<PromoteDictWrite>(patterns.getContext());
}
