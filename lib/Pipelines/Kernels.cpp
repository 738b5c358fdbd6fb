//===- Kernels.cpp - the kernels phase: isolated, tiled, planned kernels ----===//
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Pipelines/Pipelines.h"
#include "wick/Target/CPU/Passes.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace wick;

void wick::buildPlanningPipeline(OpPassManager &pm, const PipelineOptions &options) {
  pm.addPass(plan::createPlanFoldTransposesPass());
  pm.addPass(plan::createPlanChooseLayoutsPass());
  // Equal sizes must be one value before regions are formed: strategies compare them.
  addTensorCanonicalizer(pm);
  pm.addPass(createCSEPass());
  // Nothing may canonicalize between packing and the hoisting of what is constant: unpack(pack(x)) folds.
  pm.addPass(plan::createPlanPackWeightsPass({options.target, options.winograd}));
  pm.addPass(plan::createPlanHoistConstantsPass());
  // Tasks have kernels and memory of their own.
  pm.addPass(plan::createPlanOutlineTasksPass());
}

void wick::buildFormingPipeline(OpPassManager &pm, const PipelineOptions &options) {
  pm.addPass(plan::createPlanFormKernelsPass({options.target}));
  pm.addPass(cpu::createPlanLowerKernelsPass({options.target, ""}));
  // Host code last: kernels have fixed which buffers there are.
  pm.addPass(plan::createPlanFlattenSignaturesPass());
  pm.addPass(plan::createPlanBufferizeHostPass());
  addTensorCanonicalizer(pm);
  pm.addPass(createCSEPass());
  pm.addPass(plan::createPlanAllocateArenaPass());
}

void wick::buildKernelsPipeline(OpPassManager &pm, const PipelineOptions &options) {
  buildPlanningPipeline(pm, options);
  buildFormingPipeline(pm, options);
}
