//===- BindLengths.cpp - --ts-bind-lengths ----------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "InputSpec.h"
#include "ObjectImage.h"
#include "OperatorRules.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSBINDLENGTHSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
struct TSBindLengthsPass : public wick::ts::impl::TSBindLengthsPassBase<TSBindLengthsPass> {
  using TSBindLengthsPassBase::TSBindLengthsPassBase;

  void runOnOperation() override {
    for (const std::string &text : inputs) {
      std::string error; // which type inference reports
      std::optional<InputSpec> spec = parseInputSpec(text, &getContext(), error);
      if (!spec || (!spec->length && spec->kind != InputSpec::Kind::Tuple))
        continue;
      for (auto func : getOperation().getOps<func::FuncOp>()) {
        auto method = func->getAttrOfType<StringAttr>("ts.method");
        if (func.isExternal() || !method || (!spec->method.empty() && spec->method != method.getValue()))
          continue;
        for (BlockArgument argument : func.getArguments()) {
          auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "ts.name");
          if (spec->getPosition() == argument.getArgNumber() || (name && name.getValue() == spec->name))
            bindStructure(argument, *spec);
        }
      }
    }
  }

  static void bindStructure(Value argument, const InputSpec &spec) {
    if (spec.kind == InputSpec::Kind::Tuple) {
      for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
        size_t count = getTupleElementTypes(argument.getType()).size();
        if (isa<UpcastOp, UncheckedCastOp>(user))
          bindStructure(user->getResult(0), spec);
        else if (auto index = dyn_cast<TupleIndexOp>(user); index && count == spec.elements.size())
          bindStructure(index.getResult(), spec.elements[index.getIndex()]);
        else if (isa<TupleUnpackOp>(user) && count == spec.elements.size())
          for (auto [result, element] : llvm::zip(user->getResults(), spec.elements))
            bindStructure(result, element);
      }
      return;
    }
    // A list that is written, or kept by something, is the caller's.
    if (!spec.length || !isa<ListType>(argument.getType()) || mayBeChanged(argument))
      return;
    OpBuilder builder(argument.getContext());
    builder.setInsertionPointAfterValue(argument);
    Value list = bindLength(builder, argument, spec, spec.values);
    if (list == argument)
      return;
    argument.replaceUsesWithIf(list, [&](OpOperand &use) {
      Operation *user = use.getOwner();
      return user != list.getDefiningOp() && !isa<ListUnpackOp>(user) &&
             (isa<UpcastOp, UncheckedCastOp>(user) || classifyContainerUse(use) == ContainerUse::Read);
    });
  }

  /// Whether code changes a list, perhaps by way of a container that it puts it into.
  static bool mayBeChanged(Value list) {
    auto module = list.getParentRegion()->getParentOfType<ModuleOp>();
    return mayBeWritten(list) || (isShared(list) && WrittenSlots(module).containsContainer(list.getType()));
  }

  /// `values` are those of the elements, if they are known: another one raises.
  static Value bindLength(OpBuilder &builder, Value value, const InputSpec &spec, ArrayAttr values) {
    constexpr unsigned kMaxLength = 64;
    auto list = dyn_cast<ListType>(value.getType());
    if (!list || !spec.length || *spec.length > kMaxLength)
      return value;
    size_t length = values ? values.size() : *spec.length;
    SmallVector<Type> types(length, list.getElementType());
    SmallVector<Value> elements(ListUnpackOp::create(builder, value.getLoc(), types, value).getResults());
    for (auto [index, element] : llvm::enumerate(elements)) {
      Attribute known = values ? values[index] : Attribute();
      if (auto number = dyn_cast_or_null<IntegerAttr>(known); number && number.getType() == element.getType())
        element = bindValue(builder, element, number);
      else
        element = bindLength(builder, element, spec.elements[0], dyn_cast_or_null<ArrayAttr>(known));
    }
    return ListConstructOp::create(builder, value.getLoc(), list, elements);
  }

  static Value bindValue(OpBuilder &builder, Value element, IntegerAttr number) {
    Location loc = element.getLoc();
    Value known = arith::ConstantOp::create(builder, loc, number);
    Value isOther = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, element, known);
    raiseIf(builder, loc, isOther, "a list has other values than the code is made for");
    return known;
  }
};
} // namespace
