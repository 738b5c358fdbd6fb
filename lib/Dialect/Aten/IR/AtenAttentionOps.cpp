//===- AtenAttentionOps.cpp - type rules and folds: scaled dot product attention ---===//
#include "wick/Dialect/Aten/IR/AtenAttentionOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"

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

/// What a product of batches says where its inner sizes differ.
static std::string describe(ArrayRef<AffineExpr> lhs, AffineExpr inner, ArrayRef<AffineExpr> rhs, AffineExpr other) {
  MLIRContext *context = inner.getContext();
  AffineExpr needed[] = {getNumElements(lhs.drop_back(2), context), inner};
  AffineExpr given[] = {getNumElements(rhs.drop_back(2), context), other};
  return "Expected size for first two dimensions of batch2 tensor to be: " + printSizes(needed) +
         " but got: " + printSizes(given) + ".";
}

LogicalResult ScaledDotProductAttentionOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType query = facts.getTensor(getQuery()), key = facts.getTensor(getKey()),
                 value = facts.getTensor(getValue());
  FailureOr<Type> dtype = unifyDtypes(*this, {query, key, value});
  if (failed(dtype))
    return failure();
  if (!query.getHasRank() || !key.getHasRank() || !value.getHasRank()) {
    types.push_back(ts::TensorType::get(getContext(), false, ArrayRef<AffineExpr>(), *dtype));
    return success();
  }
  ArrayRef<AffineExpr> q = query.getDims(), k = key.getDims(), v = value.getDims();
  if (q.size() < 2 || k.size() < 2 || v.size() < 2)
    return emitOpError() << "expects tensors of rank at least 2, but the shapes are " << printSizes(q) << ", "
                         << printSizes(k) << " and " << printSizes(v);
  if (areDistinct(q.back(), k.back()))
    return emitOpError() << describe(q, q.back(), k, k.back());
  if (areDistinct(k[k.size() - 2], v[v.size() - 2]))
    return emitOpError() << describe(q, k[k.size() - 2], v, v[v.size() - 2]);
  // With grouped heads the query has the most; its batch dims are those of the result.
  SmallVector<AffineExpr> dims(q.drop_back(2));
  if (!facts.getBool(getEnableGqa()).value_or(false)) {
    FailureOr<SmallVector<AffineExpr>> batch = broadcastDims(*this, q.drop_back(2), k.drop_back(2));
    if (succeeded(batch))
      batch = broadcastDims(*this, *batch, v.drop_back(2));
    if (failed(batch))
      return failure();
    dims = *batch;
  }
  dims.append({q[q.size() - 2], v.back()});
  types.push_back(ts::TensorType::get(getContext(), dims, *dtype));
  return success();
}
