//===- AtenReductionOps.cpp - type rules of reductions ----------------------===//
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"
#include "wick/Dialect/Aten/IR/ReductionRules.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenReductionOps.cpp.inc"

void AtenDialect::registerReductionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenReductionOps.cpp.inc"
      >();
}

Type wick::aten::getAccumulatedDtype(Type dtype) {
  return dtype && isa<IntegerType>(dtype) ? IntegerType::get(dtype.getContext(), 64) : dtype;
}

Type wick::aten::getTruthDtype(Type dtype) {
  if (!dtype || dtype.isUnsignedInteger(8))
    return dtype;
  return IntegerType::get(dtype.getContext(), 1);
}

Type wick::aten::getFloatDtype(Type dtype) {
  return dtype && isa<IntegerType>(dtype) ? getDefaultDtype(dtype.getContext()) : dtype;
}

FailureOr<std::optional<SmallVector<int64_t>>> wick::aten::getReducedDims(Operation *op, Facts &facts, Value dim,
                                                                          int64_t rank) {
  SmallVector<int64_t> dims;
  if (!facts.isNone(dim)) {
    std::optional<SmallVector<int64_t>> list = facts.getConstantIntList(dim);
    if (!list)
      return std::optional<SmallVector<int64_t>>();
    FailureOr<SmallVector<int64_t>> wrapped = wrapDims(op, *list, rank);
    if (failed(wrapped))
      return failure();
    dims = std::move(*wrapped);
  }
  if (dims.empty())
    llvm::append_range(dims, llvm::seq<int64_t>(0, rank));
  else if (rank == 0)
    dims.clear();
  llvm::sort(dims);
  return std::optional(dims);
}

LogicalResult wick::aten::inferReduction(Operation *op, Facts &facts, ts::TensorType self, Value dim, Value keepdim,
                                         Type dtype, SmallVectorImpl<Type> &types) {
  MLIRContext *context = op->getContext();
  std::optional<bool> keeps = facts.isNone(keepdim) ? false : facts.getBool(keepdim);
  types.push_back(ts::TensorType::get(context, false, ArrayRef<AffineExpr>(), dtype));
  if (!self.getHasRank() || !keeps)
    return success();
  FailureOr<std::optional<SmallVector<int64_t>>> reduced = getReducedDims(op, facts, dim, self.getRank());
  if (failed(reduced))
    return failure();
  if (!*reduced)
    return success();
  SmallVector<AffineExpr> dims;
  for (auto [i, size] : llvm::enumerate(self.getDims())) {
    if (!llvm::is_contained(**reduced, int64_t(i)))
      dims.push_back(size);
    else if (*keeps)
      dims.push_back(getAffineConstantExpr(1, context));
  }
  types.back() = ts::TensorType::get(context, dims, dtype);
  return success();
}

template <typename Op> static LogicalResult inferExtremum(Op op, Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType self = facts.getTensor(op.getSelf());
  Type index = IntegerType::get(op.getContext(), 64);
  return failure(failed(inferReduction(op, facts, self, op.getDim(), op.getKeepdim(), self.getDtype(), types)) ||
                 failed(inferReduction(op, facts, self, op.getDim(), op.getKeepdim(), index, types)));
}

LogicalResult MaxDimOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferExtremum(*this, facts, types);
}

LogicalResult MinDimOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferExtremum(*this, facts, types);
}

template <typename ScanLikeOp>
static LogicalResult inferScan(ScanLikeOp op, Facts &facts, Value dtype, SmallVectorImpl<Type> &types) {
  ts::TensorType self = facts.getTensor(op.getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(op.getDim());
  if (self.getHasRank() && dim && failed(wrapDim(op, *dim, self.getRank())))
    return failure();
  Type result = self.getDtype();
  if (dtype)
    result = getDtypeOr(facts, dtype, getAccumulatedDtype(result));
  types.push_back(ts::TensorType::get(op.getContext(), self.getHasRank(), self.getDims(), result));
  return success();
}

LogicalResult CumSumOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferScan(*this, facts, getDtype(), types);
}

LogicalResult CumProdOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferScan(*this, facts, getDtype(), types);
}

LogicalResult LogCumSumExpOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferScan(*this, facts, Value(), types);
}

template <typename RunningExtremumOp>
static LogicalResult inferRunningExtremum(RunningExtremumOp op, Facts &facts, SmallVectorImpl<Type> &types) {
  if (failed(inferScan(op, facts, Value(), types)))
    return failure();
  auto values = cast<ts::TensorType>(types.front());
  types.push_back(ts::TensorType::get(op.getContext(), values.getHasRank(), values.getDims(),
                                      IntegerType::get(op.getContext(), 64)));
  return success();
}

LogicalResult CumMaxOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferRunningExtremum(*this, facts, types);
}

LogicalResult CumMinOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferRunningExtremum(*this, facts, types);
}
