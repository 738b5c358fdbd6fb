//===- Values.cpp - the values phase: tensors as SSA values ----------------===//
#include "wick/Pipelines/Pipelines.h"

using namespace mlir;
using namespace wick;

void wick::buildValuesPipeline(OpPassManager &pm, const PipelineOptions &options) {}
