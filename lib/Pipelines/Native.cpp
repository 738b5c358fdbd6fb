//===- Native.cpp - the native phase: code for a machine
//-------------------===//
#include "wick/Conversion/Passes.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Pipelines/Pipelines.h"
#include "wick/Target/CPU/TargetInfo.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace wick;

void wick::buildNativePipeline(OpPassManager &pm, const PipelineOptions &options) {
  FailureOr<cpu::TargetInfo> target = cpu::TargetInfo::get(options.target);
  bool hasFMA = succeeded(target) && llvm::is_contained(target->required, "fma");
  // Work functions first: what they share with their kernel is repeated in them
  // before it is lowered.
  pm.addPass(plan::createPlanOutlineWorkPass());
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(plan::createPlanReleaseIterationsPass());
  functions.addPass(plan::createPlanInsertPollsPass());
  functions.addPass(plan::createPlanPlaceScratchPass());
  functions.addPass(createPlanExpandOpsPass({hasFMA}));
  functions.addPass(createLowerAffinePass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertPlanToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
