//===- Convolution.cpp - the convolution strategy ---------------------------===//
//
// Direct convolution of channels-last images: a convolution is a contraction whose
// input is read at sums of dims, so pixels take the place of rows, output channels
// that of columns, and the window together with the input channels is the
// reduction. Nothing is unfolded. Where the result's channels are those of the
// input (depthwise) there is nothing to contract and another tile is used. Filters
// that the planning has transformed are those of Winograd convolutions.
//
//===----------------------------------------------------------------------===//
#include "ConvolutionDepthwise.h"
#include "ConvolutionWinograd.h"
#include "wick/Target/CPU/Strategy.h"

using namespace mlir;
using namespace wick::cpu;

static LogicalResult run(func::FuncOp func, const TargetInfo &target, std::string &reason, bool emit) {
  if (failed(FusedKernel::checkOps(func, reason)))
    return failure();
  linalg::LinalgOp root = findContractionRoot(func, reason);
  if (!root)
    return failure();
  if (llvm::all_of(root.getIndexingMapsArray(), [](AffineMap map) { return map.isProjectedPermutation(); })) {
    reason = "the reduction is not a convolution";
    return failure();
  }
  FusedKernel kernel(func, target);
  if (isWinograd(root)) {
    FailureOr<WinogradProblem> problem = analyzeWinograd(kernel, root, reason);
    if (failed(problem) || failed(kernel.fuseConsumers(root->getResult(0), problem->position, reason)))
      return failure();
    if (!emit)
      return success();
    emitWinograd(kernel, *problem);
  } else if (isDepthwise(root)) {
    FailureOr<DepthwiseProblem> problem = analyzeDepthwise(kernel, root, reason);
    if (failed(problem) || failed(kernel.fuseConsumers(root->getResult(0), problem->position, reason)))
      return failure();
    if (!emit)
      return success();
    emitDepthwise(kernel, *problem);
  } else {
    FailureOr<ContractionProblem> problem = analyzeContraction(kernel, root, reason);
    if (failed(problem) || failed(kernel.fuseConsumers(root->getResult(0), problem->position, reason)))
      return failure();
    if (!emit)
      return success();
    emitContraction(kernel, *problem);
  }
  kernel.commit();
  return success();
}

Strategy wick::cpu::getConvolutionStrategy() {
  auto bound = [](bool emit) {
    return [=](func::FuncOp func, const TargetInfo &target, std::string &reason) {
      return run(func, target, reason, emit);
    };
  };
  return {"convolution", bound(true), bound(false)};
}
