//===- AtenCreationOps.cpp - type rules of new tensors ----------------------===//
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::aten;

Type wick::aten::getNumberDtype(Value number) {
  Type type = getNumberType(number);
  if (type && isa<ComplexType>(type))
    return ComplexType::get(getDefaultDtype(type.getContext()));
  return type && isa<FloatType>(type) ? getDefaultDtype(type.getContext()) : type;
}

/// A tensor of given sizes; `otherwise` is the dtype where none is given.
static ts::TensorType inferFilled(Facts &facts, Value size, Value dtype, Type otherwise) {
  std::optional<SmallVector<AffineExpr>> dims = facts.getIntList(size);
  Type type = getDtypeOr(facts, dtype, otherwise);
  return ts::TensorType::get(size.getContext(), dims.has_value(), dims ? *dims : SmallVector<AffineExpr>(), type);
}

static ts::TensorType inferLike(Facts &facts, Value self, Value dtype) {
  ts::TensorType type = facts.getTensor(self);
  return ts::TensorType::get(self.getContext(), type.getHasRank(), type.getDims(),
                             getDtypeOr(facts, dtype, type.getDtype()));
}

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenCreationOps.cpp.inc"

void AtenDialect::registerCreationOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenCreationOps.cpp.inc"
      >();
}

LogicalResult ScalarTensorOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  Type dtype = getDtypeOr(facts, getDtype(), getDefaultDtype(getContext()));
  types.push_back(ts::TensorType::get(getContext(), ArrayRef<AffineExpr>(), dtype));
  return success();
}

LogicalResult TensorOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  types.push_back(
      ts::TensorType::get(getContext(), ArrayRef<AffineExpr>(), getDtypeOr(facts, getDtype(), getNumberDtype(getT()))));
  return success();
}

/// The number of elements of a range; null when it is not known.
static AffineExpr inferRangeSize(ArangeOp op, Facts &facts) {
  MLIRContext *context = op.getContext();
  auto asInt = [&](Value value, int64_t otherwise) {
    return facts.isNone(value) ? getAffineConstantExpr(otherwise, context) : facts.getInt(value);
  };
  AffineExpr start = asInt(op.getStart(), 0), end = asInt(op.getEnd(), 0), step = asInt(op.getStep(), 1);
  if (std::optional<int64_t> by = getConstant(step); by && *by != 0) {
    AffineExpr distance = *by > 0 ? subtract(end, start) : subtract(start, end);
    if (distance)
      distance = simplifySize(distance.ceilDiv(std::abs(*by)));
    if (std::optional<int64_t> constant = getConstant(distance))
      return getAffineConstantExpr(std::max<int64_t>(*constant, 0), context);
    if (distance)
      return distance;
  }
  auto asFloat = [&](Value value, double otherwise) {
    return facts.isNone(value) ? std::optional<double>(otherwise) : facts.getFloat(value);
  };
  std::optional<double> first = asFloat(op.getStart(), 0), last = asFloat(op.getEnd(), 0),
                        by = asFloat(op.getStep(), 1);
  if (!first || !last || !by || *by == 0)
    return {};
  double count = std::ceil((*last - *first) / *by);
  return count < 1e15 ? getAffineConstantExpr(int64_t(std::max(count, 0.0)), context) : AffineExpr();
}

LogicalResult ArangeOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  Type dtype = IntegerType::get(getContext(), 64);
  for (Value operand : {getStart(), getEnd(), getStep()}) {
    if (facts.isNone(operand))
      continue;
    Type number = getNumberType(operand);
    if (!number)
      dtype = Type();
    else if (dtype && isa<FloatType>(number))
      dtype = getDefaultDtype(getContext());
  }
  types.push_back(ts::TensorType::get(getContext(), ArrayRef<AffineExpr>(inferRangeSize(*this, facts)),
                                      getDtypeOr(facts, getDtype(), dtype)));
  return success();
}

LogicalResult LinspaceOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  Type inferred = getDefaultDtype(getContext());
  for (Value number : {getStart(), getEnd()})
    if (Type own = getNumberDtype(number); own && isa<ComplexType>(own))
      inferred = own;
  Type dtype = getDtypeOr(facts, getDtype(), inferred);
  if (dtype && isa<ComplexType>(inferred) && !isa<ComplexType>(dtype))
    return emitOpError() << "torch.linspace(): inferred dtype c10::complex<float> can't be safely cast to passed dtype "
                         << getScalarTypeName(dtype);
  AffineExpr steps = facts.getInt(getSteps());
  if (getConstant(steps) && *getConstant(steps) < 0)
    return emitOpError() << "number of steps must be non-negative";
  types.push_back(ts::TensorType::get(getContext(), ArrayRef<AffineExpr>(steps), dtype));
  return success();
}

LogicalResult EyeOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  for (auto [name, size] : {std::pair("n", getN()), std::pair("m", getM())})
    if (std::optional<int64_t> known = facts.isNone(size) ? std::nullopt : facts.getConstantInt(size))
      if (*known < 0)
        return emitOpError() << name << " must be greater or equal to 0, got " << *known;
  AffineExpr rows = facts.getInt(getN()), columns = facts.isNone(getM()) ? rows : facts.getInt(getM());
  types.push_back(ts::TensorType::get(getContext(), ArrayRef<AffineExpr>({rows, columns}),
                                      getDtypeOr(facts, getDtype(), getDefaultDtype(getContext()))));
  return success();
}

static LogicalResult inferTriangle(Operation *op, ts::TensorType self, SmallVectorImpl<Type> &types) {
  if (self.getHasRank() && self.getRank() < 2)
    return op->emitOpError() << op->getName().stripDialect() << ": input tensor must have at least 2 dimensions";
  types.push_back(self);
  return success();
}

LogicalResult TrilOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferTriangle(*this, facts.getTensor(getSelf()), types);
}

LogicalResult TriuOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferTriangle(*this, facts.getTensor(getSelf()), types);
}
