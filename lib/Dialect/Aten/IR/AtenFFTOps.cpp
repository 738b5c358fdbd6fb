//===- AtenFFTOps.cpp - type rules: discrete Fourier transforms --------------===//
#include "wick/Dialect/Aten/IR/AtenFFTOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenFFTOps.cpp.inc"

void AtenDialect::registerFFTOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenFFTOps.cpp.inc"
      >();
}

/// An error unless the dtype is one that a transform from complex or from real numbers takes, if it is known.
static LogicalResult checkDtype(Operation *op, Type dtype, bool fromComplex) {
  if (!dtype)
    return success();
  auto complex = dyn_cast<ComplexType>(dtype);
  if (fromComplex ? !complex : !isa<FloatType>(dtype))
    return op->emitOpError() << "Only supports " << (fromComplex ? "complex" : "floating-point")
                             << " dtypes, but found: " << getScalarTypeName(dtype);
  Type part = complex ? complex.getElementType() : dtype;
  if (!part.isF32() && !part.isF64())
    return op->emitOpError() << "MKL FFT doesn't support tensors of type: " << getScalarTypeName(dtype);
  return success();
}

/// The type of a tensor whose size along the last of some dims is another; nothing is known of it for null.
static FailureOr<ts::TensorType> inferTransform(Operation *op, Facts &facts, ts::TensorType type, Value list,
                                                function_ref<AffineExpr(AffineExpr)> getLastSize) {
  if (!type.getHasRank())
    return type;
  std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(list);
  if (!dims)
    return withDims(type, SmallVector<AffineExpr>(type.getRank()));
  FailureOr<SmallVector<int64_t>> wrapped = wrapDims(op, *dims, type.getRank());
  if (failed(wrapped))
    return failure();
  if (wrapped->empty())
    return type;
  SmallVector<AffineExpr> sizes(type.getDims());
  sizes[wrapped->back()] = getLastSize(sizes[wrapped->back()]);
  return withDims(type, sizes);
}

LogicalResult FFTC2COp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  if (failed(checkDtype(*this, type.getDtype(), /*fromComplex=*/true)))
    return failure();
  // No size changes, whichever the dims are.
  if (std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(getDim()); dims && type.getHasRank())
    if (failed(wrapDims(*this, *dims, type.getRank())))
      return failure();
  types.push_back(type);
  return success();
}

LogicalResult FFTR2COp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  if (failed(checkDtype(*this, type.getDtype(), /*fromComplex=*/false)))
    return failure();
  std::optional<bool> onesided = facts.getBool(getOnesided());
  FailureOr<ts::TensorType> result = inferTransform(*this, facts, type, getDim(), [&](AffineExpr size) {
    if (!size || !onesided)
      return AffineExpr();
    return *onesided ? simplifySize(size.floorDiv(2) + 1) : size;
  });
  if (failed(result))
    return failure();
  types.push_back(type.getDtype() ? withDtype(*result, ComplexType::get(type.getDtype())) : *result);
  return success();
}

LogicalResult FFTC2ROp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  if (failed(checkDtype(*this, type.getDtype(), /*fromComplex=*/true)))
    return failure();
  FailureOr<ts::TensorType> result =
      inferTransform(*this, facts, type, getDim(), [&](AffineExpr) { return facts.getInt(getLastDimSize()); });
  if (failed(result))
    return failure();
  if (auto complex = dyn_cast_or_null<ComplexType>(type.getDtype()))
    result = withDtype(*result, complex.getElementType());
  types.push_back(*result);
  return success();
}
