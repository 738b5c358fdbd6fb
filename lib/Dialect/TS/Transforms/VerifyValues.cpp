//===- VerifyValues.cpp - --ts-verify-values --------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSVERIFYVALUESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static bool isReferenceType(Type type) { return isa<ts::TensorType>(type); }

/// What may take or give a reference: the edges of the function, what packs references for the caller, and regions
/// that tensors leave of which only run time knows what they share.
static bool mayHoldReferences(Operation *op) {
  return isa<ReadOp, FromValueOp, WriteOp, DeferWriteOp, RefineOp, UpcastOp, UncheckedCastOp, TupleConstructOp,
             TupleUnpackOp, ListConstructOp, DictConstructOp, func::FuncOp, func::ReturnOp, GetAttrOp, SetAttrOp,
             ListUnpackOp, HasTypeOp, TupleIndexOp, FallbackOp, UninitializedOp, scf::IfOp, scf::ForOp, scf::WhileOp,
             scf::YieldOp, scf::ConditionOp>(op) ||
         isRuntimeOperation(op);
}

namespace {
struct TSVerifyValuesPass : wick::ts::impl::TSVerifyValuesPassBase<TSVerifyValuesPass> {
  using TSVerifyValuesPassBase::TSVerifyValuesPassBase;

  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      auto types = llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes());
      if (mayHoldReferences(op) || llvm::none_of(types, isReferenceType))
        return;
      op->emitError() << "'" << op->getName() << "' works on a tensor reference, expected a value";
      signalPassFailure();
    });
  }
};
} // namespace
