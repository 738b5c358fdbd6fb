//===- Facts.cpp - what type inference knows of values ----------------------===//
#include "wick/Dialect/Aten/IR/Facts.h"

#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
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

bool Facts::isNone(Value value) { return isa<ts::NoneType>(ts::stripUpcasts(value).getType()); }

/// The number under casts to optional numbers and back.
static Value stripCasts(Value value) {
  while (isa_and_nonnull<ts::UpcastOp, ts::UncheckedCastOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

ts::TensorType StaticFacts::getTensor(Value value) {
  Type type = ts::stripUpcasts(value).getType();
  if (auto tensor = dyn_cast<ts::TensorType>(type))
    return tensor;
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return ts::TensorType::getFromValueType(tensor);
  return ts::TensorType::get(value.getContext());
}

/// The expression that arithmetic on symbols and constants computes. `known` holds what was found on the way: values
/// that are used twice would otherwise be visited 2^depth times.
static AffineExpr getAffineInt(Value value, llvm::SmallDenseMap<Value, AffineExpr> &known) {
  value = ts::stripUpcasts(value);
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return getAffineConstantExpr(constant.getSExtValue(), value.getContext());
  Operation *op = value.getDefiningOp();
  if (!op)
    return {};
  if (auto symbol = dyn_cast<ts::SymbolOp>(op))
    return getAffineSymbolExpr(symbol.getNumber(), value.getContext());
  if (isa<arith::IndexCastOp, arith::ExtSIOp>(op))
    return getAffineInt(op->getOperand(0), known);
  if (auto size = dyn_cast<ts::SizeOp>(op)) {
    auto type = dyn_cast<RankedTensorType>(size.getTensor().getType());
    if (!type || !matchPattern(size.getDim(), m_ConstantInt(&constant)))
      return {};
    int64_t dim = constant.getSExtValue();
    dim = dim < 0 ? dim + type.getRank() : dim;
    return dim >= 0 && dim < type.getRank() ? ts::TensorType::getFromValueType(type).getDims()[dim] : AffineExpr();
  }
  if (!isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::FloorDivSIOp, arith::CeilDivSIOp>(op))
    return {};
  if (auto it = known.find(value); it != known.end())
    return it->second;
  AffineExpr lhs = getAffineInt(op->getOperand(0), known), rhs = getAffineInt(op->getOperand(1), known), result;
  if (lhs && rhs) {
    auto divisor = dyn_cast<AffineConstantExpr>(rhs);
    if (isa<arith::AddIOp>(op))
      result = lhs + rhs;
    else if (isa<arith::SubIOp>(op))
      result = lhs - rhs;
    else if (isa<arith::MulIOp>(op))
      result = lhs * rhs;
    else if (divisor && divisor.getValue() > 0)
      result = isa<arith::FloorDivSIOp>(op) ? lhs.floorDiv(rhs) : lhs.ceilDiv(rhs);
  }
  return known[value] = simplifySize(result);
}

AffineExpr StaticFacts::getInt(Value value) {
  llvm::SmallDenseMap<Value, AffineExpr> known;
  return getAffineInt(value, known);
}

std::optional<double> StaticFacts::getFloat(Value value) {
  value = stripCasts(value);
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
  if (matchPattern(ts::stripUpcasts(value), m_ConstantInt(&constant)))
    return !constant.isZero();
  return std::nullopt;
}

std::optional<StringRef> StaticFacts::getString(Value value) {
  if (auto string = ts::stripUpcasts(value).getDefiningOp<ts::StrOp>())
    return string.getValue();
  return std::nullopt;
}

std::optional<SmallVector<Value>> StaticFacts::getList(Value value) {
  FailureOr<OperandRange> elements = ts::getImmutableListElements(ts::stripUpcasts(value));
  if (failed(elements))
    return std::nullopt;
  return llvm::to_vector_of<Value>(*elements);
}

AffineExpr StaticFacts::getFreshSymbol() { llvm_unreachable("sizes are known after type inference"); }
