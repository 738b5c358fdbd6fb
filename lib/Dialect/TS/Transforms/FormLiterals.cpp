//===- FormLiterals.cpp - --ts-form-literals ---------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSFORMLITERALSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// From how many operands on the construction of a container that may change is a copy.
static constexpr unsigned kLong = 16;
/// How deep containers of a literal may nest.
static constexpr unsigned kMaxDepth = 32;

/// Whether values of a type may be or hold a list or dict.
static bool mayHoldContainer(Type type) {
  return type
      .walk([](Type inner) {
        return isa<ListType, DictType, AnyType>(inner) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether a value has one use, and so has what it is seen from.
static bool isUsedOnce(Value value) {
  while (value.hasOneUse() && isa_and_nonnull<UpcastOp, UncheckedCastOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value.hasOneUse();
}

/// What a value is made of, as an attribute of `ts.literal`; null where it is no constant. A list or dict in another
/// one is a constant if nothing else refers to it, for then nobody can tell it from its copies.
static Attribute getLiteral(Value value, unsigned depth = 0) {
  value = lookThroughCasts(value);
  Operation *op = value.getDefiningOp();
  if (!op || depth > kMaxDepth)
    return {};
  Builder b(op->getContext());
  if (isa<NoneOp>(op))
    return b.getUnitAttr();
  if (auto text = dyn_cast<StrOp>(op))
    return text.getValueAttr();
  Attribute constant;
  if (value.getType().isInteger(1) || value.getType().isInteger(64) || value.getType().isF64())
    return matchPattern(value, m_Constant(&constant)) ? constant : Attribute();
  if (!isa<TupleConstructOp, ListConstructOp, DictConstructOp>(op))
    return {};
  SmallVector<Attribute> items;
  for (Value operand : op->getOperands()) {
    bool isShared = mayHoldContainer(lookThroughCasts(operand).getType()) && !isUsedOnce(operand);
    Attribute item = isShared ? Attribute() : getLiteral(operand, depth + 1);
    if (!item)
      return {};
    items.push_back(item);
  }
  StringRef kind = isa<TupleConstructOp>(op) ? "tuple" : isa<ListConstructOp>(op) ? "list" : "dict";
  if (isa<DictConstructOp>(op)) { // keys and values in turn
    SmallVector<Attribute> entries;
    for (size_t i = 0, n = items.size() / 2; i < n; ++i)
      entries.append({items[i], items[n + i]});
    items = std::move(entries);
  }
  return b.getDictionaryAttr(b.getNamedAttr(kind, b.getArrayAttr(items)));
}

/// Whether an operator makes a new container of the items of its first operand.
static bool copiesItems(OperatorOp op) {
  return llvm::is_contained({"aten::add", "aten::copy", "aten::dict", "aten::items", "aten::keys", "aten::list",
                             "aten::slice", "aten::sorted", "aten::values"},
                            getBaseName(op));
}

/// Whether nothing changes a container, keeps it for later or asks which one it is; `holdsContainers` where its items
/// may be containers, of which the same is asked.
static bool isOnlyRead(Value container, bool holdsContainers) {
  return llvm::all_of(container.getUses(), [&](OpOperand &use) {
    Operation *op = use.getOwner();
    auto areResultsOnlyRead = [&] {
      return llvm::all_of(op->getResults(), [&](Value result) {
        return !mayHoldContainer(result.getType()) || isOnlyRead(result, holdsContainers);
      });
    };
    if (isa<UpcastOp, UncheckedCastOp>(op))
      return isOnlyRead(op->getResult(0), holdsContainers);
    if (isa<IsInstanceOp, PrintOp>(op))
      return true;
    if (isa<ListUnpackOp>(op))
      return areResultsOnlyRead();
    auto registered = dyn_cast<OperatorOp>(op);
    if (!registered || !isRuntimeOperation(op) || getBaseName(registered) == "aten::__is__" ||
        getBaseName(registered) == "aten::__isnot__")
      return false;
    auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, registered.getSchemaAttr());
    if (!schema || !schema.getWrites().empty())
      return false;
    return (use.getOperandNumber() == 0 && copiesItems(registered) && !holdsContainers) || areResultsOnlyRead();
  });
}

namespace {
struct TSFormLiteralsPass : wick::ts::impl::TSFormLiteralsPassBase<TSFormLiteralsPass> {
  using TSFormLiteralsPassBase::TSFormLiteralsPassBase;

  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      SmallVector<Operation *> constructs;
      func.walk([&](Operation *op) {
        if (isa<ListConstructOp, DictConstructOp>(op) && op->getNumOperands() != 0)
          constructs.push_back(op);
      });
      // What holds others first.
      for (Operation *op : llvm::reverse(constructs))
        form(op);
    }
  }

  static void form(Operation *op) {
    Value container = op->getResult(0);
    if (op->use_empty())
      return op->erase();
    bool holdsContainers = llvm::any_of(op->getOperandTypes(), mayHoldContainer),
         onlyRead = isOnlyRead(container, holdsContainers);
    if (!onlyRead && op->getNumOperands() < kLong)
      return;
    auto literal = dyn_cast_or_null<DictionaryAttr>(getLiteral(container));
    if (!literal)
      return;
    OpBuilder builder(op);
    Value value = LiteralOp::create(builder, op->getLoc(), container.getType(), literal);
    if (!onlyRead)
      value = createOperator(builder, op->getLoc(), "wick::copy", {"self"}, container.getType(), value);
    container.replaceAllUsesWith(value);
    op->erase();
  }
};
} // namespace
