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

static LogicalResult applyContraction(func::FuncOp func, const TargetInfo &target, std::string &reason) {
  linalg::LinalgOp root = findContractionRoot(func, reason);
  if (!root)
    return failure();
  if (llvm::any_of(root.getIndexingMapsArray(), [](AffineMap map) { return !map.isProjectedPermutation(); })) {
    reason = "the reduction is a convolution";
    return failure();
  }
  FusedKernel kernel(func, target);
  FailureOr<ContractionProblem> problem = analyzeContraction(kernel, root, reason);
  if (failed(problem) || failed(kernel.fuseConsumers(root->getResult(0), problem->position, reason)))
    return failure();
  emitContraction(kernel, *problem);
  kernel.commit();
  return success();
}

Strategy wick::cpu::getContractionStrategy() { return {"contraction", applyContraction}; }
