//===- ComparisonRules.cpp - comparisons and identity -----------------------===//
#include "OperatorRules.h"

#include "ObjectImage.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// The constant that a value is: numbers, strings, None, devices, enum members.
static Attribute getConstant(Value value) {
  Attribute attribute;
  if (matchPattern(value, m_Constant(&attribute)))
    return attribute;
  if (auto device = value.getDefiningOp<DeviceOp>())
    return device.getValueAttr();
  if (auto member = value.getDefiningOp<EnumOp>())
    return member.getNameAttr();
  return {};
}

static Value compare(OperatorMatch &m, Value a, Value b, arith::CmpIPredicate forInt, arith::CmpFPredicate forFloat) {
  if (!isPlainNumber(a.getType()) || !isPlainNumber(b.getType()))
    return {};
  if (a.getType().isF64() || b.getType().isF64()) {
    Type f64 = m.rewriter.getF64Type();
    return arith::CmpFOp::create(m.rewriter, m.getLoc(), forFloat, m.convert(a, f64), m.convert(b, f64));
  }
  // Bools compare as the ints 0 and 1.
  Type i64 = m.rewriter.getI64Type();
  return arith::CmpIOp::create(m.rewriter, m.getLoc(), forInt, m.convert(a, i64), m.convert(b, i64));
}

template <arith::CmpIPredicate forInt, arith::CmpFPredicate forFloat> static Value applyOrder(OperatorMatch &m) {
  return m.operands.size() == 2 ? compare(m, m.operands[0], m.operands[1], forInt, forFloat) : Value();
}

/// Equality of two values as an i1, or null when nothing is known.
static Value buildEqual(OperatorMatch &m, Value a, Value b) {
  if (Value result = compare(m, a, b, arith::CmpIPredicate::eq, arith::CmpFPredicate::OEQ))
    return result;
  if (Value result = buildComplexEqual(m, a, b))
    return result;
  if (isa<ts::TensorType>(a.getType()) || isa<ts::TensorType>(b.getType()))
    return {};
  bool aIsNone = isa<ts::NoneType>(a.getType()), bIsNone = isa<ts::NoneType>(b.getType());
  if (aIsNone && bIsNone)
    return m.i1(true);
  if (Attribute x = getConstant(a), y = getConstant(b); x && y && a.getType() == b.getType())
    return m.i1(x == y);
  if (!isa<ListType>(a.getType()) || !isa<ListType>(b.getType()))
    return {};
  auto as = getListElements(a, m.op), bs = getListElements(b, m.op);
  if (!as || !bs)
    return {};
  if (as->size() != bs->size())
    return m.i1(false);
  Value all = m.i1(true);
  for (auto [x, y] : llvm::zip(*as, *bs)) {
    Value equal = buildEqual(m, lookThroughCasts(x), lookThroughCasts(y));
    if (!equal)
      return {};
    all = arith::AndIOp::create(m.rewriter, m.getLoc(), all, equal);
  }
  return all;
}

static Value applyEqual(OperatorMatch &m) {
  return m.operands.size() == 2 ? buildEqual(m, m.operands[0], m.operands[1]) : Value();
}

static Value invert(OperatorMatch &m, Value condition) {
  return condition ? Value(arith::XOrIOp::create(m.rewriter, m.getLoc(), condition, m.i1(true))) : Value();
}

static Value applyNotEqual(OperatorMatch &m) { return invert(m, applyEqual(m)); }

static Value applyNot(OperatorMatch &m) {
  return m.operands[0].getType().isInteger(1) ? invert(m, m.operands[0]) : Value();
}

/// Whether a value is None: decided by its type where it is not an optional.
static std::optional<bool> isNone(Value value) {
  if (isa<ts::NoneType>(value.getType()))
    return true;
  if (isa<OptionalType, UnionType, AnyType>(value.getType()))
    return std::nullopt;
  return false;
}

/// Whether a tensor is one that nothing else is: an argument, or what an operator makes. Two arguments are taken to be
/// two tensors; a caller who passes one twice gets the code for two.
static bool hasOwnIdentity(Value tensor) {
  if (auto argument = dyn_cast<BlockArgument>(tensor)) {
    auto entry = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
    return entry && entry.isPublic();
  }
  Operation *op = tensor.getDefiningOp();
  auto schema = op->getAttrOfType<StringAttr>(aten::kSchemaAttr);
  if (schema && schema.getValue() == "aten::detach")
    return true; // of memory that another has
  return op->getName().getDialectNamespace() == "aten" && !mayGiveBackOperand(op);
}

static bool areDifferentTensors(Value a, Value b) {
  a = lookThroughCasts(a), b = lookThroughCasts(b);
  return isa<ts::TensorType>(a.getType()) && isa<ts::TensorType>(b.getType()) && a != b && hasOwnIdentity(a) &&
         hasOwnIdentity(b);
}

static Value applyIs(OperatorMatch &m) {
  if (m.operands.size() != 2)
    return {};
  if (areDifferentTensors(m.operands[0], m.operands[1]))
    return m.i1(false);
  std::optional<bool> a = isNone(m.operands[0]), b = isNone(m.operands[1]);
  if (a && b && (*a || *b))
    return m.i1(*a == *b);
  if (m.operands[0] == m.operands[1])
    return m.i1(true);
  // Numbers have no identity; they compare by value.
  return m.hasTypes([](Type type) { return isPlainNumber(type) || isa<ComplexType>(type); }) ? applyEqual(m) : Value();
}

static Value applyIsNot(OperatorMatch &m) { return invert(m, applyIs(m)); }

static Value applyContains(OperatorMatch &m) {
  if (m.operands.size() != 2 || !isa<ListType>(m.operands[0].getType()))
    return {};
  auto elements = getListElements(m.operands[0], m.op);
  if (!elements)
    return {};
  Value any = m.i1(false);
  for (Value element : *elements) {
    Value equal = buildEqual(m, lookThroughCasts(element), m.operands[1]);
    if (!equal)
      return {};
    any = arith::OrIOp::create(m.rewriter, m.getLoc(), any, equal);
  }
  return any;
}

void wick::ts::addComparisonRules(OperatorRules &rules) {
  rules["aten::lt"] = applyOrder<arith::CmpIPredicate::slt, arith::CmpFPredicate::OLT>;
  rules["aten::le"] = applyOrder<arith::CmpIPredicate::sle, arith::CmpFPredicate::OLE>;
  rules["aten::gt"] = applyOrder<arith::CmpIPredicate::sgt, arith::CmpFPredicate::OGT>;
  rules["aten::ge"] = applyOrder<arith::CmpIPredicate::sge, arith::CmpFPredicate::OGE>;
  rules["aten::eq"] = applyEqual;
  rules["aten::ne"] = applyNotEqual;
  rules["aten::__not__"] = applyNot;
  rules["aten::__is__"] = applyIs;
  rules["aten::__isnot__"] = applyIsNot;
  rules["aten::__contains__"] = applyContains;
}
