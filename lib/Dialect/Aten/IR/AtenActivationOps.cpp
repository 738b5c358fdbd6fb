//===- AtenActivationOps.cpp - type rules of activation functions ---===//
#include "wick/Dialect/Aten/IR/AtenActivationOps.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenActivationOps.cpp.inc"

void AtenDialect::registerActivationOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenActivationOps.cpp.inc"
      >();
}
