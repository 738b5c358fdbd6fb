//===- AtenRandomOps.cpp - type rules: tensors of random numbers -------------===//
#include "wick/Dialect/Aten/IR/AtenRandomOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

static Type getI64(Operation *op) { return IntegerType::get(op->getContext(), 64); }

static ts::TensorType inferPermutation(Facts &facts, RandpermOp op) {
  return ts::TensorType::get(op.getContext(), facts.getInt(op.getN()), getDtypeOr(facts, op.getDtype(), getI64(op)));
}

static ts::TensorType inferMultinomial(Facts &facts, MultinomialOp op) {
  ts::TensorType type = facts.getTensor(op.getSelf());
  SmallVector<AffineExpr> dims;
  if (type.getHasRank() && type.getRank() != 0) {
    dims.assign(type.getDims().begin(), type.getDims().end());
    dims.back() = facts.getInt(op.getNumSamples());
  }
  return ts::TensorType::get(op.getContext(), type.getHasRank(), dims, getI64(op));
}

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenRandomOps.cpp.inc"

void AtenDialect::registerRandomOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenRandomOps.cpp.inc"
      >();
}
