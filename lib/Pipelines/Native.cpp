//===- Native.cpp - the native phase: code for a machine -------------------===//
#include "wick/Pipelines/Pipelines.h"

using namespace mlir;
using namespace wick;

void wick::buildNativePipeline(OpPassManager &pm, const PipelineOptions &options) {}
