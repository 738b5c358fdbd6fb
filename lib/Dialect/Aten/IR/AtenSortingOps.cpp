//===- AtenSortingOps.cpp - type rules: orders and selections by order -------===//
#include "wick/Dialect/Aten/IR/AtenSortingOps.h"
#include "wick/Dialect/Aten/IR/ReductionRules.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenSortingOps.cpp.inc"

void AtenDialect::registerSortingOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenSortingOps.cpp.inc"
      >();
}

LogicalResult SortOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  if (type.getHasRank() && dim && failed(wrapDim(*this, *dim, type.getRank())))
    return failure();
  types.append({type, withDtype(type, IntegerType::get(getContext(), 64))});
  return success();
}

LogicalResult TopkOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  if (type.getHasRank() && !dim)
    type = withDims(type, SmallVector<AffineExpr>(type.getRank()));
  if (type.getHasRank() && dim) {
    FailureOr<int64_t> wrapped = wrapDim(*this, *dim, type.getRank());
    if (failed(wrapped))
      return failure();
    SmallVector<AffineExpr> dims(type.getDims());
    AffineExpr k = facts.getInt(getK()), size = dims.empty() ? getAffineConstantExpr(1, getContext()) : dims[*wrapped];
    std::optional<int64_t> number = getConstant(k), limit = getConstant(size);
    if (number && (*number < 0 || (limit && *number > *limit)))
      return emitOpError() << "selected index k out of range";
    if (!dims.empty())
      dims[*wrapped] = k;
    type = withDims(type, dims);
  }
  types.append({type, withDtype(type, IntegerType::get(getContext(), 64))});
  return success();
}

template <typename MedianOp> static LogicalResult inferMedian(MedianOp op, Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType self = facts.getTensor(op.getSelf());
  Type index = IntegerType::get(op.getContext(), 64);
  return failure(failed(inferReduction(op, facts, self, op.getDim(), op.getKeepdim(), self.getDtype(), types)) ||
                 failed(inferReduction(op, facts, self, op.getDim(), op.getKeepdim(), index, types)));
}

LogicalResult MedianDimOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferMedian(*this, facts, types);
}

LogicalResult NanMedianDimOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferMedian(*this, facts, types);
}
