//===- AtenNormalizationOps.cpp - type rules and folds: batch, layer and group norms, softmax ---===//
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.cpp.inc"

void AtenDialect::registerNormalizationOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.cpp.inc"
      >();
}
