//===- AtenPoolingOps.cpp - type rules and folds: windows over images ------===//
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenPoolingOps.cpp.inc"

void AtenDialect::registerPoolingOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenPoolingOps.cpp.inc"
      >();
}
