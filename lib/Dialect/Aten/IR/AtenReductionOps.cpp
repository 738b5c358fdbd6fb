//===- AtenReductionOps.cpp - type rules and folds: sums, means, extrema over dims ---===//
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenReductionOps.cpp.inc"

void AtenDialect::registerReductionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenReductionOps.cpp.inc"
      >();
}
