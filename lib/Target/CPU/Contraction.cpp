//===- Contraction.cpp - the contraction strategy ---------------------------===//
//
// Takes kernels whose only reduction multiplies and adds elements of two operands:
// matrix products with any transposition and batch dims, matrix-vector products
// and generic contractions, with elementwise ops behind them. The operands are
// arguments, packed weights, or views of arguments.
//
//===----------------------------------------------------------------------===//
#include "ContractionProblem.h"
#include "wick/Target/CPU/Strategy.h"

using namespace mlir;
using namespace wick::cpu;

/// Analyses everything; after success nothing can fail.
static FailureOr<ContractionProblem> analyze(FusedKernel &kernel, linalg::LinalgOp root, std::string &reason) {
  if (llvm::any_of(root.getIndexingMapsArray(), [](AffineMap map) { return !map.isProjectedPermutation(); })) {
    reason = "the reduction is a convolution";
    return failure();
  }
  FailureOr<ContractionProblem> problem = analyzeContraction(kernel, root, reason);
  if (failed(problem) || failed(kernel.fuseConsumers(root->getResult(0), problem->position, reason)))
    return failure();
  return problem;
}

static LogicalResult run(func::FuncOp func, const TargetInfo &target, std::string &reason, bool emit) {
  if (failed(FusedKernel::checkOps(func, reason)))
    return failure();
  linalg::LinalgOp root = findContractionRoot(func, reason);
  if (!root)
    return failure();
  FusedKernel kernel(func, target);
  FailureOr<ContractionProblem> problem = analyze(kernel, root, reason);
  if (failed(problem))
    return failure();
  if (emit) {
    emitContraction(kernel, *problem);
    kernel.commit();
  }
  return success();
}

Strategy wick::cpu::getContractionStrategy() {
  auto bound = [](bool emit) {
    return [=](func::FuncOp func, const TargetInfo &target, std::string &reason) {
      return run(func, target, reason, emit);
    };
  };
  return {"contraction", bound(true), bound(false)};
}
