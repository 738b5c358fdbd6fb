//===- wick-run.cpp - runs a compiled model with the runtime alone ----------===//
#include "RunTool.h"

int main(int argc, char **argv) { return wick::tools::runTool("wick-run", {argv + 1, argv + argc}); }
