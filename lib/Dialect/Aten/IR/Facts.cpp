//===- Facts.cpp - what type inference knows of values ----------------------===//
#include "wick/Dialect/Aten/IR/Facts.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

std::optional<int64_t> Facts::getConstantInt(Value value) {
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(getInt(value)))
    return constant.getValue();
  return std::nullopt;
}

std::optional<SmallVector<AffineExpr>> Facts::getIntList(Value value) {
  if (value.getType().isInteger(64))
    return SmallVector<AffineExpr>{getInt(value)};
  std::optional<SmallVector<Value>> elements = getList(value);
  if (!elements)
    return std::nullopt;
  return llvm::map_to_vector(*elements, [&](Value element) { return getInt(element); });
}

std::optional<SmallVector<int64_t>> Facts::getConstantIntList(Value value) {
  std::optional<SmallVector<AffineExpr>> exprs = getIntList(value);
  if (!exprs)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (AffineExpr expr : *exprs) {
    auto constant = dyn_cast_or_null<AffineConstantExpr>(expr);
    if (!constant)
      return std::nullopt;
    result.push_back(constant.getValue());
  }
  return result;
}

bool Facts::isNone(Value value) {
  if (auto upcast = value.getDefiningOp<ts::UpcastOp>())
    value = upcast.getValue();
  return isa<ts::NoneType>(value.getType());
}

/// The value before it was widened to an optional, number or union.
static Value stripUpcasts(Value value) {
  while (auto upcast = value.getDefiningOp<ts::UpcastOp>())
    value = upcast.getValue();
  return value;
}

ts::TensorType StaticFacts::getTensor(Value value) {
  Type type = stripUpcasts(value).getType();
  if (auto tensor = dyn_cast<ts::TensorType>(type))
    return tensor;
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return ts::TensorType::getFromValueType(tensor);
  return ts::TensorType::get(value.getContext());
}

AffineExpr StaticFacts::getInt(Value value) {
  APInt constant;
  value = stripUpcasts(value);
  if (matchPattern(value, m_ConstantInt(&constant)))
    return getAffineConstantExpr(constant.getSExtValue(), value.getContext());
  return {};
}

std::optional<double> StaticFacts::getFloat(Value value) {
  value = stripUpcasts(value);
  APFloat constant(0.0);
  if (matchPattern(value, m_ConstantFloat(&constant))) {
    bool lost;
    constant.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
    return constant.convertToDouble();
  }
  APInt integer;
  if (matchPattern(value, m_ConstantInt(&integer)))
    return value.getType().isInteger(1) ? double(integer.getBoolValue()) : double(integer.getSExtValue());
  return std::nullopt;
}

std::optional<bool> StaticFacts::getBool(Value value) {
  APInt constant;
  if (matchPattern(stripUpcasts(value), m_ConstantInt(&constant)))
    return !constant.isZero();
  return std::nullopt;
}

std::optional<StringRef> StaticFacts::getString(Value value) {
  if (auto string = stripUpcasts(value).getDefiningOp<ts::StrOp>())
    return string.getValue();
  return std::nullopt;
}

std::optional<SmallVector<Value>> StaticFacts::getList(Value value) {
  FailureOr<OperandRange> elements = ts::getImmutableListElements(stripUpcasts(value));
  if (failed(elements))
    return std::nullopt;
  return llvm::to_vector_of<Value>(*elements);
}

AffineExpr StaticFacts::getFreshSymbol() { llvm_unreachable("sizes are known after type inference"); }
