//===- AtenIndexingOps.cpp - type rules and folds: gathers, scatters, embeddings ---===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenIndexingOps.cpp.inc"

void AtenDialect::registerIndexingOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenIndexingOps.cpp.inc"
      >();
}
