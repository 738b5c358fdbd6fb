//===- AtenLinearAlgebraOps.cpp - type rules: factors and solutions ----------===//
//
// Sizes that do not fit are found where the operators run: `LinearAlgebra.cpp` of the
// conversion to linalg checks them.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenLinearAlgebraOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenLinearAlgebraOps.cpp.inc"

void AtenDialect::registerLinearAlgebraOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenLinearAlgebraOps.cpp.inc"
      >();
}

/// An error unless a tensor whose rank is known is a matrix or a batch of them.
static LogicalResult checkMatrix(Operation *op, ts::TensorType type, StringRef operatorName, StringRef name) {
  if (type.getHasRank() && type.getRank() < 2)
    return op->emitOpError() << operatorName << ": The input tensor " << name << " must have at least 2 dimensions.";
  return success();
}

/// A tensor of ints with one element for each of some places.
static ts::TensorType getIntsType(ts::TensorType matrices, ArrayRef<AffineExpr> dims) {
  ts::TensorType type = withDtype(matrices, IntegerType::get(matrices.getContext(), 32));
  return matrices.getHasRank() ? withDims(type, dims) : type;
}

static AffineExpr getSmaller(AffineExpr a, AffineExpr b) {
  std::optional<int64_t> x = getConstant(a), y = getConstant(b);
  if (x && y)
    return *x < *y ? a : b;
  return a == b ? a : AffineExpr();
}

LogicalResult LUFactorOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getA());
  SmallVector<AffineExpr> batch, pivots;
  if (type.getHasRank()) {
    if (type.getRank() < 2)
      return emitOpError() << "torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: "
                           << printSizes(type.getDims()) << " instead";
    batch.assign(type.getDims().begin(), type.getDims().end() - 2);
    pivots = batch;
    pivots.push_back(getSmaller(type.getDims()[batch.size()], type.getDims().back()));
  }
  types.append({type, getIntsType(type, pivots), getIntsType(type, batch)});
  return success();
}

LogicalResult CholeskyOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  if (failed(checkMatrix(*this, type, "linalg.cholesky", "A")))
    return failure();
  types.append({type, getIntsType(type, type.getHasRank() ? type.getDims().drop_back(2) : ArrayRef<AffineExpr>())});
  return success();
}

LogicalResult EighOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getA()), values = type, vectors = type;
  if (failed(checkMatrix(*this, type, "linalg.eigh", "A")))
    return failure();
  if (auto complex = dyn_cast_or_null<ComplexType>(type.getDtype()))
    values = withDtype(values, complex.getElementType());
  if (type.getHasRank())
    values = withDims(values, type.getDims().drop_back());
  if (facts.getBool(getComputeV()) == false)
    vectors = withDims(vectors, getAffineConstantExpr(0, getContext()));
  types.append({values, vectors});
  return success();
}

/// A solution has the shape of B with the batches to which both broadcast.
static LogicalResult inferSolution(Operation *op, ts::TensorType a, ts::TensorType b, SmallVectorImpl<Type> &types) {
  if (!a.getHasRank() || !b.getHasRank()) {
    types.push_back(withoutRank(b));
    return success();
  }
  FailureOr<SmallVector<AffineExpr>> dims = broadcastDims(op, b.getDims().drop_back(2), a.getDims().drop_back(2));
  if (failed(dims))
    return failure();
  llvm::append_range(*dims, b.getDims().take_back(2));
  types.push_back(withDims(b, *dims));
  return success();
}

LogicalResult SolveTriangularOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  constexpr StringLiteral name = "linalg.solve_triangular";
  ts::TensorType a = facts.getTensor(getSelf()), b = facts.getTensor(getB());
  if (failed(checkMatrix(*this, a, name, "A")) || failed(checkMatrix(*this, b, name, "B")) ||
      failed(unifyDtypes(*this, {a, b})))
    return failure();
  return inferSolution(*this, a, b, types);
}

LogicalResult LUSolveOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType a = facts.getTensor(getLU()), b = facts.getTensor(getB()), pivots = facts.getTensor(getPivots());
  if (a.getDtype() && b.getDtype() && a.getDtype() != b.getDtype())
    return emitOpError() << "linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type "
                         << getScalarTypeName(a.getDtype()) << " and B of type " << getScalarTypeName(b.getDtype())
                         << " instead";
  if (pivots.getDtype() && !pivots.getDtype().isInteger(32))
    return emitOpError() << "linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32";
  if (failed(checkMatrix(*this, a, "torch.linalg.lu_solve", "A")) ||
      failed(checkMatrix(*this, b, "linalg.lu_solve", "B")))
    return failure();
  if (a.getHasRank() && pivots.getHasRank() && pivots.getRank() + 1 != a.getRank())
    return emitOpError() << "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots "
                            "with shape "
                         << printSizes(pivots.getDims()) << " instead";
  return inferSolution(*this, a, b, types);
}
