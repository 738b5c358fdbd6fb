//===- Program.cpp - the program phase: one function per method ------------===//
#include "wick/Pipelines/Pipelines.h"

#include "wick/Dialect/TS/Transforms/Passes.h"
#include "wick/Prelude/Passes.h"

#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;

void wick::buildProgramPipeline(OpPassManager &pm, const PipelineOptions &options) {
  ts::TSCreateEntriesPassOptions entries;
  llvm::append_range(entries.methods, options.methods);
  llvm::append_range(entries.inputs, options.inputs);
  llvm::append_range(entries.mutableAttributes, options.mutableAttributes);
  pm.addPass(ts::createTSCreateEntriesPass(entries));
  pm.addPass(ts::createTSInlineCallsPass());
  pm.addPass(ts::createTSRunForksPass());
  ts::TSBindLengthsPassOptions lengths;
  llvm::append_range(lengths.inputs, options.inputs);
  pm.addPass(ts::createTSBindLengthsPass(lengths));
  pm.addPass(ts::createTSFreezeAttributesPass());
  pm.addPass(ts::createTSSimplifyProgramPass());
  pm.addPass(ts::createTSExpandWritesPass());
  // In-place forms are gone, so that one function serves both forms of an operator.
  pm.addPass(prelude::createTSExpandPreludePass());
  pm.addPass(ts::createTSInlineCallsPass({/*dispatch=*/true}));
  // Freezing `training` decided the branches that would write other attributes, and only
  // now are those seen to be constant: hence twice.
  pm.addPass(ts::createTSFreezeAttributesPass());
  pm.addPass(ts::createTSSimplifyProgramPass());
  if (!options.noFallback)
    pm.addPass(ts::createTSUseFallbackPass());
  pm.addPass(ts::createTSCreateStatePass());
  pm.addPass(createCSEPass());
  pm.addPass(ts::createTSDropDefinitionsPass());
  pm.addPass(ts::createTSVerifyProgramPass());
}
