//===- Typed.cpp - the typed phase: dtype, rank and dims of every tensor ---===//
#include "wick/Pipelines/Pipelines.h"

using namespace mlir;
using namespace wick;

void wick::buildTypedPipeline(OpPassManager &pm, const PipelineOptions &options) {}
