//===- AtenContractionOps.cpp - type rules and folds: matrix products ------===//
#include "wick/Dialect/Aten/IR/AtenContractionOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenContractionOps.cpp.inc"

void AtenDialect::registerContractionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenContractionOps.cpp.inc"
      >();
}
