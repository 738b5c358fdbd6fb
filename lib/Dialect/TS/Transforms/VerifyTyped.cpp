//===- VerifyTyped.cpp - --ts-verify-typed ----------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "InputSpec.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSVERIFYTYPEDPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether a tensor has a dtype and rank; values of other kinds are never the cause of an error here.
static bool isKnown(Value value) {
  auto tensor = dyn_cast<ts::TensorType>(value.getType());
  return !tensor || tensor.isTyped();
}

/// What a container holds may share memory with tensors that are values, and then only types tell.
static bool hasWrites(func::FuncOp func) {
  return func.walk([](WriteOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

/// Whether tensors that only run time knows are handed on, and no more: what computes with them needs LibTorch.
static bool areOnlyHandedOn(func::FuncOp func) {
  return !func.walk([](Operation *op) {
                return computesWithTensors(op) && !llvm::all_of(op->getOperands(), isKnown) ? WalkResult::interrupt()
                                                                                            : WalkResult::advance();
              })
              .wasInterrupted();
}

namespace {
struct TSVerifyTypedPass : public wick::ts::impl::TSVerifyTypedPassBase<TSVerifyTypedPass> {
  using TSVerifyTypedPassBase::TSVerifyTypedPassBase;

  void runOnOperation() override {
    bool hasError = false;
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal() || func.isPrivate())
        continue;
      hasError |= failed(verifyArguments(func));
      bool allowsReferences = fallback || areOnlyHandedOn(func);
      func.walk([&](Operation *op) {
        // What only run time knows is asked there, or handed on.
        auto isKnownOrUnused = [](Value result) {
          return isKnown(result) || llvm::all_of(result.getUsers(), [&](Operation *user) {
                   auto refine = dyn_cast<RefineOp>(user);
                   return isa<HasTypeOp>(user) || (refine && isKnown(refine.getResult())) ||
                          (cast<ts::TensorType>(result.getType()).isNarrowed() && !computesWithTensors(user));
                 });
        };
        if (isa<func::FuncOp>(op) || llvm::all_of(op->getResults(), isKnownOrUnused))
          return;
        // What is not native code does not care, as calls of LibTorch, containers and branches.
        bool isReference =
            isa<OperatorOp>(op) ? isRuntimeOperation(op) && !hasWrites(func) : !isa<aten::TypeInferenceInterface>(op);
        if (allowsReferences && isReference)
          return;
        // What follows from an unknown operand is no news.
        if (!llvm::all_of(op->getOperands(), isKnown))
          return;
        hasError = true;
        op->emitOpError() << "has a result whose dtype or rank is not known at compile time";
      });
    }
    if (hasError)
      signalPassFailure();
  }

  LogicalResult verifyArguments(func::FuncOp func) {
    LogicalResult result = success();
    for (BlockArgument argument : func.getArguments()) {
      if (isKnown(argument) || argument.use_empty())
        continue;
      auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "ts.name");
      std::string text = name ? name.str() : std::to_string(argument.getArgNumber());
      result = emitInputError(func.getLoc())
               << "the shape and dtype of argument '" << text << "' of method '" << func.getSymName()
               << "' are not known; give them, as in --input " << text << "=1x3x224x224xf32";
    }
    return result;
  }
};
} // namespace
