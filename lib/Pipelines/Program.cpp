//===- Program.cpp - the program phase: one function per method ------------===//
#include "wick/Pipelines/Pipelines.h"

using namespace mlir;
using namespace wick;

void wick::buildProgramPipeline(OpPassManager &pm, const PipelineOptions &options) {}
