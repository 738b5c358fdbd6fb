//===- Linalg.cpp - the linalg phase: tensor code as linalg ----------------===//
#include "wick/Pipelines/Pipelines.h"

using namespace mlir;
using namespace wick;

void wick::buildLinalgPipeline(OpPassManager &pm, const PipelineOptions &options) {}
