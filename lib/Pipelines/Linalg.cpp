//===- Linalg.cpp - the linalg phase: tensor code as linalg ----------------===//
#include "wick/Conversion/Passes.h"
#include "wick/Dialect/Aten/Transforms/Passes.h"
#include "wick/Dialect/TS/Transforms/Passes.h"
#include "wick/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace wick;

void wick::buildLinalgPipeline(OpPassManager &pm, const PipelineOptions &options) {
  // While convolutions and norms are still single ops.
  pm.addPass(aten::createAtenFoldBatchNormsPass());
  pm.addNestedPass<func::FuncOp>(aten::createAtenNameSizesPass());
  pm.addPass(createConvertAtenToLinalgPass({/*fallback=*/!options.noFallback}));
  pm.addNestedPass<func::FuncOp>(ts::createTSWriteBeforeRaisesPass());
  // Every lowering computes the sizes it needs: equal ones become one value here.
  addTensorCanonicalizer(pm);
  pm.addPass(createCSEPass());
}
