//===- AtenCreationOps.cpp - type rules and folds: new tensors: zeros, full, arange ---===//
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenCreationOps.cpp.inc"

void AtenDialect::registerCreationOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenCreationOps.cpp.inc"
      >();
}
