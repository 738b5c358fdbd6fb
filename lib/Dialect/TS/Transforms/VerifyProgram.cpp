//===- VerifyProgram.cpp - --ts-verify-program ------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSVERIFYPROGRAMPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Why an op may not stand in a program, or empty.
static std::string getObjection(Operation *op, bool final) {
  if (isRuntimeOperation(op))
    return {};
  // Text that only an error shows is reduced to its form later.
  bool isText = op->getNumResults() == 1 && isa<StringType>(op->getResult(0).getType());
  if (isText && llvm::all_of(op->getUsers(), [](Operation *user) {
        return isa<RaiseOp>(user) || (user->getNumResults() == 1 && isa<StringType>(user->getResult(0).getType()));
      }))
    return {};
  auto registry = dyn_cast<OperatorOp>(op);
  // Types may still decide it, or that it never runs.
  if (registry && !final && (hasOperatorRule(getBaseName(registry)) || op->getParentOfType<scf::IfOp>()))
    return {};
  if (registry && hasOperatorRule(getBaseName(registry)) &&
      (asksForMemory(getBaseName(registry)) || reachesOtherMemory(registry)))
    return kUnknownStrides.str();
  if (registry && changesShape(registry))
    return "giving another shape to a tensor that others may see, or in a loop, is not supported; assign the result of "
           "the "
           "operator without an underscore";
  if (registry)
    return ("operator '" + registry.getSchema() + "' has no native implementation").str();
  if (auto call = dyn_cast<CallMethodOp>(op))
    return ("method '" + call.getName() + "' of an object that is known only at run time is not supported").str();
  if (auto call = dyn_cast<func::CallOp>(op))
    return ("function '" + call.getCallee() + "' has no body").str();
  if (auto get = dyn_cast<GetAttrOp>(op))
    return ("attribute '" + get.getName() + "' of an object that is known only at run time is not supported").str();
  if (auto set = dyn_cast<SetAttrOp>(op))
    return ("write of the attribute '" + set.getName() + "' is not supported").str();
  if (isa<EnterOp, ExitOp>(op))
    return "a with statement on an object that is known only at run time is not supported";
  if (isa<ForkOp, AwaitableOp>(op))
    return "asynchronous code is not supported";
  auto isKnownKey = [](Value key) { return matchPattern(key, m_Constant()); };
  if (auto dict = dyn_cast<DictConstructOp>(op); dict && !llvm::all_of(dict.getKeys(), isKnownKey))
    return "a dict of this type is not supported unless its keys are known";
  if (auto opaque = dyn_cast<OpaqueOp>(op))
    return ("a " + opaque.getWhat() + " is not supported").str();
  if (final && updatesStatistics(op))
    return "normalisation in training mode is not supported where running statistics may be None";
  if (isa<PrintOp>(op))
    return "printing a value of this type is not supported";
  return {};
}

namespace {
struct TSVerifyProgramPass : wick::ts::impl::TSVerifyProgramPassBase<TSVerifyProgramPass> {
  using TSVerifyProgramPassBase::TSVerifyProgramPassBase;

  void runOnOperation() override {
    // One error for each reason, at the first place, with the others as notes: a user
    // sees everything that is missing at once.
    llvm::MapVector<StringRef, SmallVector<Operation *>> places;
    llvm::StringSet<> reasons;
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](Operation *op) {
        std::string reason = getObjection(op, final);
        if (!reason.empty())
          places[reasons.insert(reason).first->first()].push_back(op);
      });
    for (auto &[reason, ops] : places) {
      InFlightDiagnostic error = emitError(ops.front()->getLoc()) << reason;
      constexpr size_t kMaxNotes = 8;
      for (Operation *op : ArrayRef(ops).drop_front().take_front(kMaxNotes))
        error.attachNote(op->getLoc()) << "also here";
      if (ops.size() > kMaxNotes + 1)
        error.attachNote() << "and at " << ops.size() - kMaxNotes - 1 << " more places";
    }
    if (!places.empty())
      signalPassFailure();
  }
};
} // namespace
