//===- AtenConvolutionOps.cpp - type rules and folds: convolutions ---------===//
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.cpp.inc"

void AtenDialect::registerConvolutionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.cpp.inc"
      >();
}
