//===- AtenMathOps.cpp - type rules of mathematical functions of each element
//---===//
#include "wick/Dialect/Aten/IR/AtenMathOps.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenMathOps.cpp.inc"

void AtenDialect::registerMathOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenMathOps.cpp.inc"
      >();
}
