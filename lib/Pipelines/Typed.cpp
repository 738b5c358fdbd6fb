//===- Typed.cpp - the typed phase: dtype, rank and dims of every tensor ---===//
#include "wick/Pipelines/Pipelines.h"

#include "wick/Dialect/TS/Transforms/Passes.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace wick;

void wick::buildTypedPipeline(OpPassManager &pm, const PipelineOptions &options) {
  // Inference folds what it needs itself; what is left over becomes simpler after it, and where a
  // branch or a loop has disappeared the second round knows more than the joins of the first.
  ts::TSInferTypesPassOptions inference;
  llvm::append_range(inference.inputs, options.inputs);
  inference.lateErrors = options.lateErrors;
  inference.noFallback = options.noFallback;
  pm.addPass(ts::createTSInferTypesPass(inference));
  pm.addPass(ts::createTSSimplifyProgramPass());
  inference.inputs.clear();
  pm.addPass(ts::createTSInferTypesPass(inference));
  pm.addPass(ts::createTSExpandSplitsPass());
  // Only now: types decide how often some loops over containers run, and those are unrolled.
  pm.addPass(ts::createTSRaiseLoopsPass());
  if (!options.noFallback)
    pm.addPass(ts::createTSUseFallbackPass({/*final=*/true}));
  pm.addPass(createCSEPass());
  // What types left undecided is unsupported now; that is told before what follows from it.
  pm.addPass(ts::createTSVerifyProgramPass({/*final=*/true}));
  pm.addPass(ts::createTSVerifyTypedPass({/*fallback=*/!options.noFallback}));
}
