//===- AtenViewOps.cpp - type rules and folds: other views of the same elements ---===//
#include "wick/Dialect/Aten/IR/AtenViewOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenViewOps.cpp.inc"

void AtenDialect::registerViewOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenViewOps.cpp.inc"
      >();
}
