//===- TypeRules.cpp - dtype promotion and broadcasting
//---------------------===//
#include "wick/Dialect/Aten/IR/TypeRules.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

Type wick::aten::getDefaultDtype(MLIRContext *context) { return Float32Type::get(context); }

Type wick::aten::getNumberType(Value number) {
  Type type = ts::stripUpcasts(number).getType();
  return isa<IntegerType, FloatType, ComplexType>(type) ? type : Type();
}

/// The dtype of a higher level and what a lower level adds to it.
static Type combineLevels(Type higher, Type lower) {
  if (!higher || !lower)
    return higher ? higher : lower;
  if (isa<ComplexType>(higher))
    return higher;
  // There are no complex numbers of bfloat16.
  if (isa<FloatType>(higher))
    return isa<ComplexType>(lower)
               ? Type(ComplexType::get(higher.isBF16() ? getDefaultDtype(higher.getContext()) : higher))
               : higher;
  if (higher.isInteger(1) || isa<FloatType, ComplexType>(lower))
    return promoteDtypes(higher, lower);
  return higher;
}

Type wick::aten::promoteOperands(Facts &facts, ValueRange operands) {
  Type dims, scalars, numbers;
  for (Value operand : operands) {
    if (facts.isNone(operand))
      continue;
    Value value = ts::stripUpcasts(operand);
    if (isa<ts::TensorType, RankedTensorType>(value.getType())) {
      ts::TensorType type = facts.getTensor(value);
      if (!type.isTyped())
        return {};
      Type &level = type.getRank() == 0 ? scalars : dims;
      level = promoteDtypes(level, type.getDtype());
      continue;
    }
    Type type = getNumberType(value);
    if (!type)
      return {};
    // A float as a number stands for the default dtype, not for float64.
    if (isa<FloatType>(type))
      type = getDefaultDtype(type.getContext());
    else if (isa<ComplexType>(type))
      type = ComplexType::get(getDefaultDtype(type.getContext()));
    numbers = promoteDtypes(numbers, type);
  }
  return combineLevels(dims, combineLevels(scalars, numbers));
}

FailureOr<Type> wick::aten::inferDtype(Operation *op, Facts &facts, ValueRange operands, DtypeRule rule) {
  MLIRContext *context = op->getContext();
  if (rule == DtypeRule::Bool)
    return Type(IntegerType::get(context, 1));
  if (rule == DtypeRule::OfFirst)
    return facts.getTensor(operands.front()).getDtype();
  if (rule == DtypeRule::NotFirst)
    operands = operands.drop_front();
  Type dtype = promoteOperands(facts, operands);
  if (!dtype)
    return dtype;
  bool isBool = dtype.isInteger(1), isFloat = isa<FloatType, ComplexType>(dtype);
  switch (rule) {
  case DtypeRule::NumbersOnly:
    if (isBool)
      return op->emitOpError() << "does not take bool tensors";
    return dtype;
  case DtypeRule::AtLeastInt: return isBool ? IntegerType::get(context, 64) : dtype;
  case DtypeRule::Float: return isFloat ? dtype : getDefaultDtype(context);
  case DtypeRule::FloatOnly:
    if (!isFloat)
      return op->emitOpError() << "takes tensors of floats, but found " << dtype;
    return dtype;
  case DtypeRule::Magnitude: {
    auto complex = dyn_cast<ComplexType>(dtype);
    return complex ? complex.getElementType() : dtype;
  }
  case DtypeRule::Complex:
    if (!isa<FloatType>(dtype))
      return op->emitOpError() << "takes tensors of floats, but found " << dtype;
    return Type(ComplexType::get(dtype));
  case DtypeRule::IntOnly:
    if (isFloat)
      return op->emitOpError() << "takes tensors of integers or bool, but found " << dtype;
    return dtype;
  default: return dtype;
  }
}

LogicalResult wick::aten::inferPointwise(Operation *op, Facts &facts, ValueRange elements, DtypeRule rule,
                                         SmallVectorImpl<Type> &types) {
  FailureOr<Type> dtype = inferDtype(op, facts, elements, rule);
  if (failed(dtype))
    return failure();
  bool hasRank = true;
  SmallVector<AffineExpr> dims;
  for (Value operand : elements) {
    Value value = ts::stripUpcasts(operand);
    if (facts.isNone(operand) || !isa<ts::TensorType, RankedTensorType>(value.getType()))
      continue;
    ts::TensorType type = facts.getTensor(value);
    if (!type.getHasRank()) {
      hasRank = false;
      continue;
    }
    if (!hasRank)
      continue;
    FailureOr<SmallVector<AffineExpr>> broadcast = broadcastDims(op, dims, type.getDims());
    if (failed(broadcast))
      return failure();
    dims = *broadcast;
  }
  if (!hasRank)
    dims.clear();
  types.push_back(ts::TensorType::get(op->getContext(), hasRank, dims, *dtype));
  return success();
}
