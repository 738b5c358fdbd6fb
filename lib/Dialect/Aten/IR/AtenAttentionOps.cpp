//===- AtenAttentionOps.cpp - type rules and folds: scaled dot product attention ---===//
#include "wick/Dialect/Aten/IR/AtenAttentionOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenAttentionOps.cpp.inc"

void AtenDialect::registerAttentionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenAttentionOps.cpp.inc"
      >();
}
