//===- OpenValues.cpp - values of any kind ------------------------------------===//
//
// At run time a value of any kind, as Any, has the tag of a list, dict or tuple, and nothing says of what. Neither does
// its type say what tensors are in it. So the program is asked what it makes such values of: tensors share a class of
// `Contents`, and of containers the types are collected once all others are inferred. Where that does not answer all
// questions, run time does: what becomes a value of any kind is told its type (`wick::set_type`), which the question
// is for (`wick::is_type`).
//
//===----------------------------------------------------------------------===//
#include "Contents.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "References.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// What becomes a value of another kind, as Any, may be found in any value of such a kind.
void Contents::escape(ArrayRef<Tensor> tensors) {
  for (const Tensor &tensor : tensors) {
    if (tensor.held >= 0)
      merge(tensor.held, getOpen());
    else if (tensor.plain)
      store(getOpen(), tensor.plain);
  }
}

int Contents::getOpen() {
  if (open < 0)
    open = newClass();
  return open;
}

bool wick::ts::isOpen(Type type) {
  return type
      .walk([](Type part) { return isa<AnyType, UnionType>(part) ? WalkResult::interrupt() : WalkResult::advance(); })
      .wasInterrupted();
}

bool wick::ts::isOpenCast(Operation *op) {
  return isa<UncheckedCastOp>(op) && isa<AnyType, UnionType>(op->getOperand(0).getType()) &&
         holdsTensor(op->getResult(0).getType());
}

/// Values of any kind may be, or hold, any tensors.
void Contents::storeUnknown(MLIRContext *context) { store(getOpen(), ts::TensorType::get(context)); }

//===----------------------------------------------------------------------===//
// Containers
//===----------------------------------------------------------------------===//

namespace {
/// The types of containers that a program makes values of any kind of.
class OpenContainers {
public:
  explicit OpenContainers(ModuleOp module);

  /// The candidates of an `isinstance`, with a kind of container in place of types where that is as good; nothing where
  /// only run time could tell.
  std::optional<SmallVector<Type>> decide(IsInstanceOp op) const;

private:
  void collect(Operation *op);

  llvm::SetVector<Type> types;
  bool hasUnknown = false;
};
} // namespace

static std::optional<StringRef> getContainerKind(Type type) {
  if (isa<ListType>(type))
    return "list";
  if (isa<DictType>(type))
    return "dict";
  return isa<ts::TupleType, NamedTupleType>(type) ? std::optional<StringRef>("tuple") : std::nullopt;
}

/// Visits the types of containers that become values of any kind where a value of one type is, or is put into, one of
/// another.
static void enter(Type from, Type to, llvm::function_ref<void(Type)> visit) {
  if (from == to || isa<AnyType>(from))
    return;
  if (auto optional = dyn_cast<OptionalType>(from))
    return enter(optional.getElementType(), to, visit);
  if (auto choices = dyn_cast<UnionType>(from)) {
    for (Type member : choices.getMemberTypes())
      enter(member, to, visit);
    return;
  }
  if (isa<AnyType, UnionType>(to)) {
    if (getContainerKind(from))
      visit(eraseTensorTypes(from));
    return;
  }
  if (auto optional = dyn_cast<OptionalType>(to))
    return enter(from, optional.getElementType(), visit);
  SmallVector<Type> parts = getPartTypes(from), others = getPartTypes(to);
  if (parts.size() == others.size())
    for (auto [part, other] : llvm::zip(parts, others))
      enter(part, other, visit);
}

/// Visits the values that an operation makes values of another type of, or puts into such, with that type; false of
/// other operations.
static bool forEachEntering(Operation *op, llvm::function_ref<void(Value, Type)> visit) {
  if (isa<UpcastOp>(op)) {
    visit(op->getOperand(0), op->getResult(0).getType());
  } else if (auto tuple = dyn_cast<TupleConstructOp>(op)) {
    for (auto [element, type] : llvm::zip(tuple.getElements(), getTupleElementTypes(tuple.getType())))
      visit(element, type);
  } else if (isa<ListConstructOp, DictConstructOp>(op)) {
    for (Value element : op->getOperands())
      for (Type part : getPartTypes(op->getResult(0).getType()))
        visit(element, part);
  } else if (isa<OperatorOp>(op) && isRuntimeOperation(op) && op->getNumOperands() > 0) {
    // What an operator takes may be put, as it is or each element of it, into the container that it is for, or given
    // back.
    Type container = op->getOperand(0).getType();
    for (Value taken : llvm::drop_begin(op->getOperands())) {
      visit(taken, container);
      for (Type part : getPartTypes(container))
        visit(taken, part);
      for (Type given : op->getResultTypes())
        visit(taken, given);
    }
  } else {
    return false;
  }
  return true;
}

OpenContainers::OpenContainers(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic() && !func.isExternal())
      func.walk([&](Operation *op) { collect(op); });
}

void OpenContainers::collect(Operation *op) {
  for (Region &region : op->getRegions())
    for (BlockArgument argument : region.getArguments())
      hasUnknown |= isa<func::FuncOp>(op) && isOpen(argument.getType());
  bool isMoved = isa<UncheckedCastOp, TupleUnpackOp, TupleIndexOp, ListUnpackOp, UninitializedOp>(op);
  bool isFollowed = forEachEntering(
      op, [&](Value value, Type to) { enter(value.getType(), to, [&](Type container) { types.insert(container); }); });
  // As an attribute, which other modules may have stored.
  if (op->getNumRegions() == 0 && !isFollowed && !isMoved)
    hasUnknown |= llvm::any_of(op->getResultTypes(), isOpen);
}

std::optional<SmallVector<Type>> OpenContainers::decide(IsInstanceOp op) const {
  SmallVector<Type> candidates(op.getTypes().getAsValueRange<TypeAttr>()), decided;
  llvm::SetVector<StringRef> kinds;
  for (Type candidate : candidates) {
    if (std::optional<StringRef> kind = getContainerKind(candidate))
      kinds.insert(*kind);
    else
      decided.push_back(candidate);
  }
  for (StringRef kind : kinds) {
    auto isWanted = [&](Type type) {
      return llvm::any_of(candidates, [&](Type candidate) { return isSubtype(type, candidate); });
    };
    auto ofKind = llvm::make_filter_range(types, [&](Type type) { return getContainerKind(type) == kind; });
    if (llvm::none_of(ofKind, isWanted))
      continue;
    if (!llvm::all_of(ofKind, isWanted))
      return std::nullopt;
    decided.push_back(ts::OpaqueType::get(op.getContext(), StringAttr::get(op.getContext(), kind)));
  }
  return hasUnknown && !kinds.empty() ? std::nullopt : std::optional(decided);
}

/// Whether the tag of a value of a union tells those of some types from others.
static bool isToldByTag(IsInstanceOp op) {
  Type type = op.getValue().getType();
  if (auto optional = dyn_cast<OptionalType>(type))
    type = optional.getElementType();
  auto choices = dyn_cast<UnionType>(type);
  auto isWanted = [&](Type member) {
    return llvm::any_of(op.getTypes().getAsValueRange<TypeAttr>(),
                        [&](Type candidate) { return isSubtype(member, candidate); });
  };
  llvm::StringMap<bool> wanted;
  return !choices || llvm::all_of(choices.getMemberTypes(), [&](Type member) {
    std::optional<StringRef> kind = getContainerKind(member);
    return !kind || wanted.try_emplace(*kind, isWanted(member)).first->second == isWanted(member);
  });
}

/// Whether run time knows of each value whether it has a type: of a named tuple it knows the elements only.
static bool isKnownAtRunTime(Type type) {
  return !type.walk([](Type part) {
                return isa<NamedTupleType, InterfaceType>(part) ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

/// Asks run time of what a container is.
static void askType(IsInstanceOp op) {
  OpBuilder builder(op);
  SmallVector<std::string> texts;
  for (Type type : op.getTypes().getAsValueRange<TypeAttr>())
    texts.push_back(getAnnotation(type));
  std::string all = texts.size() == 1 ? texts.front() : "Union[" + llvm::join(texts, ", ") + "]";
  Value text = StrOp::create(builder, op.getLoc(), all);
  Value answer = createOperator(builder, op.getLoc(), "wick::is_type", {"value", "type"}, builder.getI1Type(),
                                {op.getValue(), text});
  op.replaceAllUsesWith(answer);
  op.erase();
}

/// Tells containers of what they are where they become values of any kind.
static void noteTypes(Operation *op) {
  llvm::SetVector<Value> entering;
  forEachEntering(op, [&](Value value, Type to) { enter(value.getType(), to, [&](Type) { entering.insert(value); }); });
  OpBuilder builder(op);
  for (Value value : entering)
    if (Type type = value.getType(); !isa<UnionType>(type)) { // whose values have been told
      Value text = StrOp::create(builder, op->getLoc(), getAnnotation(type));
      createOperator(builder, op->getLoc(), "wick::set_type", {"value", "type"},
                     ts::NoneType::get(builder.getContext()), {value, text});
    }
}

void wick::ts::decideContainers(ModuleOp module) {
  OpenContainers containers(module);
  bool asksTypes = false;
  module.walk([&](IsInstanceOp op) {
    Type type = op.getValue().getType();
    auto optional = dyn_cast<OptionalType>(type);
    bool isAny = isa<AnyType>(optional ? optional.getElementType() : type);
    std::optional<SmallVector<Type>> types = isAny ? containers.decide(op) : std::nullopt;
    OpBuilder builder(op);
    if (!types) {
      bool isTold =
          isAny ? llvm::none_of(op.getTypes().getAsValueRange<TypeAttr>(), getContainerKind) : isToldByTag(op);
      if (isTold || !llvm::all_of(op.getTypes().getAsValueRange<TypeAttr>(), isKnownAtRunTime))
        return;
      askType(op);
      asksTypes = true;
    } else if (!types->empty()) {
      op.setTypesAttr(builder.getTypeArrayAttr(*types));
    } else {
      op.replaceAllUsesWith(arith::ConstantOp::create(builder, op.getLoc(), builder.getBoolAttr(false)).getResult());
      op.erase();
    }
  });
  if (!asksTypes)
    return;
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic() && !func.isExternal())
      func.walk([](Operation *op) { noteTypes(op); });
}
