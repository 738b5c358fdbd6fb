//===- Values.cpp - the values phase: tensors as SSA values ----------------===//
#include "wick/Pipelines/Pipelines.h"

#include "wick/Dialect/TS/Transforms/Passes.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace wick;

void wick::buildValuesPipeline(OpPassManager &pm, const PipelineOptions &options) {
  pm.addPass(ts::createTSFunctionalizePass());
  // On values operators are pure: what only fed removed writes goes, and repetitions merge.
  pm.addPass(createCSEPass());
  // Schemas of operators that only types could resolve.
  pm.addPass(ts::createTSDropDefinitionsPass());
  pm.addPass(ts::createTSVerifyValuesPass());
  pm.addPass(ts::createTSFormLiteralsPass());
}
