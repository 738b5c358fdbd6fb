//===- LowerKernels.cpp - --plan-lower-kernels ------------------------------===//
//
// Chooses a strategy for every kernel. Kernels are isolated and independent, so
// the pass processes them in parallel.
//
//===----------------------------------------------------------------------===//
#include "wick/Target/CPU/Passes.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Threading.h"

namespace wick::cpu {
#define GEN_PASS_DEF_PLANLOWERKERNELSPASS
#include "wick/Target/CPU/Passes.h.inc"
} // namespace wick::cpu

using namespace mlir;
using namespace wick::cpu;

static bool isTensorKernel(func::FuncOp func) {
  return func->hasAttr("plan.kernel") && !func.isExternal() &&
         llvm::any_of(llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()),
                      llvm::IsaPred<RankedTensorType>);
}

namespace {
struct PlanLowerKernelsPass : wick::cpu::impl::PlanLowerKernelsPassBase<PlanLowerKernelsPass> {
  using PlanLowerKernelsPassBase::PlanLowerKernelsPassBase;

  void runOnOperation() override {
    FailureOr<TargetInfo> info = TargetInfo::get(target);
    if (failed(info)) {
      emitError(getOperation().getLoc()) << "unknown target '" << target
                                         << "', expected x86-64-v2, x86-64-v3, x86-64-v4 or native";
      return signalPassFailure();
    }
    SmallVector<func::FuncOp> kernels(llvm::make_filter_range(getOperation().getOps<func::FuncOp>(), isTensorKernel));
    if (failed(
            failableParallelForEach(&getContext(), kernels, [&](func::FuncOp kernel) { return lower(kernel, *info); })))
      signalPassFailure();
  }

  LogicalResult lower(func::FuncOp kernel, const TargetInfo &info) {
    std::string reasons;
    // Complex numbers are no elements of vectors.
    bool isComplex = usesComplexNumbers(kernel);
    for (const Strategy &strategy : getStrategies()) {
      if ((!only.empty() && strategy.name != only) || (isComplex && strategy.name != getGenericStrategy().name))
        continue;
      std::string reason;
      if (succeeded(strategy.apply(kernel, info, reason))) {
        kernel->setAttr("plan.strategy", StringAttr::get(kernel.getContext(), strategy.name));
        return success();
      }
      reasons += ("\n  " + strategy.name + ": " + reason).str();
    }
    return kernel.emitError() << "no strategy applies to kernel '" << kernel.getName() << "'" << reasons;
  }
};
} // namespace
