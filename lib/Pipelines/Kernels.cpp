//===- Kernels.cpp - the kernels phase: isolated, tiled, planned kernels ---===//
#include "wick/Pipelines/Pipelines.h"

using namespace mlir;
using namespace wick;

void wick::buildKernelsPipeline(OpPassManager &pm, const PipelineOptions &options) {}
