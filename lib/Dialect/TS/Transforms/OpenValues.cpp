//===- OpenValues.cpp - values of any kind ------------------------------------===//
//
// At run time a value of any kind, as Any, has the tag of a list, dict or tuple, and nothing says of what. Neither does
// its type say what tensors are in it. So the program is asked what it makes such values of: tensors share a class of
// `Contents`, and of containers the types are collected once all others are inferred.
//
//===----------------------------------------------------------------------===//
#include "Contents.h"

#include "ObjectImage.h"
#include "References.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

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
  explicit OpenContainers(ModuleOp module) {
    for (auto func : module.getOps<func::FuncOp>())
      if (func.isPublic() && !func.isExternal())
        func.walk([&](Operation *op) { collect(op); });
  }

  /// The candidates of an `isinstance`, with a kind of container in place of types where that is as good; nothing where
  /// only run time could tell.
  std::optional<SmallVector<Type>> decide(IsInstanceOp op) const;

private:
  void collect(Operation *op);
  void enter(Type from, Type to);

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

/// A value of one type is, or is put into, one of another.
void OpenContainers::enter(Type from, Type to) {
  if (from == to || isa<AnyType>(from))
    return;
  if (auto optional = dyn_cast<OptionalType>(from))
    return enter(optional.getElementType(), to);
  if (auto choices = dyn_cast<UnionType>(from)) {
    for (Type member : choices.getMemberTypes())
      enter(member, to);
    return;
  }
  if (isa<AnyType>(to)) {
    if (getContainerKind(from))
      types.insert(eraseTensorTypes(from));
    return;
  }
  if (auto optional = dyn_cast<OptionalType>(to))
    return enter(from, optional.getElementType());
  SmallVector<Type> parts = getPartTypes(from), others = getPartTypes(to);
  if (parts.size() == others.size())
    for (auto [part, other] : llvm::zip(parts, others))
      enter(part, other);
}

void OpenContainers::collect(Operation *op) {
  for (Region &region : op->getRegions())
    for (BlockArgument argument : region.getArguments())
      hasUnknown |= isa<func::FuncOp>(op) && isOpen(argument.getType());
  bool isMoved = isa<UncheckedCastOp, TupleUnpackOp, TupleIndexOp, ListUnpackOp, UninitializedOp>(op);
  if (isa<UpcastOp>(op)) {
    enter(op->getOperand(0).getType(), op->getResult(0).getType());
  } else if (auto tuple = dyn_cast<TupleConstructOp>(op)) {
    for (auto [element, type] : llvm::zip(tuple.getElements(), getTupleElementTypes(tuple.getType())))
      enter(element.getType(), type);
  } else if (isa<ListConstructOp, DictConstructOp>(op)) {
    for (Type element : op->getOperandTypes())
      for (Type part : getPartTypes(op->getResult(0).getType()))
        enter(element, part);
  } else if (isa<OperatorOp>(op) && isRuntimeOperation(op) && op->getNumOperands() > 0) {
    // What an operator takes may be put, as it is or each element of it, into the container that it is for, or given
    // back.
    Type container = op->getOperand(0).getType();
    for (Type taken : llvm::drop_begin(op->getOperandTypes())) {
      enter(taken, container);
      for (Type part : getPartTypes(container))
        enter(taken, part);
      for (Type given : op->getResultTypes())
        enter(taken, given);
    }
  } else if (op->getNumRegions() == 0 && !isMoved) {
    // As an attribute, which other modules may have stored.
    hasUnknown |= llvm::any_of(op->getResultTypes(), isOpen);
  }
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

void wick::ts::decideContainers(ModuleOp module) {
  OpenContainers containers(module);
  module.walk([&](IsInstanceOp op) {
    std::optional<SmallVector<Type>> types =
        isa<AnyType>(op.getValue().getType()) ? containers.decide(op) : std::nullopt;
    if (!types)
      return;
    OpBuilder builder(op);
    if (!types->empty())
      return op.setTypesAttr(builder.getTypeArrayAttr(*types));
    op.replaceAllUsesWith(arith::ConstantOp::create(builder, op.getLoc(), builder.getBoolAttr(false)).getResult());
    op.erase();
  });
}
