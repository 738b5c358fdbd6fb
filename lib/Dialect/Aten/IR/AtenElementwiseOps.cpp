//===- AtenElementwiseOps.cpp - type rules and folds of elementwise ops -----===//
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.cpp.inc"

void AtenDialect::registerElementwiseOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.cpp.inc"
      >();
}

LogicalResult ReluOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  types.push_back(facts.getTensor(getSelf()));
  return success();
}
