//===- ArithmeticRules.cpp - numbers: operators to arith and math -----------===//
//
// TorchScript's numbers, exactly: integers wrap, `/` of integers is a float division
// without error, `//` and `%` round toward minus infinity and raise on zero, `**` of
// integers is a float. Operands may be int, float or bool behind `Scalar`.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Brings two numbers to their common type; false when one is not a number.
static bool unify(OperatorMatch &m) {
  if (m.operands.size() < 2 || !isPlainNumber(m.operands[0].getType()) || !isPlainNumber(m.operands[1].getType()))
    return false;
  bool isFloat = m.operands[0].getType().isF64() || m.operands[1].getType().isF64();
  Type type = isFloat ? Type(m.rewriter.getF64Type()) : Type(m.rewriter.getI64Type());
  for (Value &operand : MutableArrayRef(m.operands).take_front(2))
    operand = m.convert(operand, type);
  return true;
}

template <typename IntOp, typename FloatOp> static Value applyBinary(OperatorMatch &m) {
  // The third operand of tensor forms, alpha, never occurs with plain numbers.
  if (m.operands.size() != 2 || !unify(m))
    return {};
  if (m.operands[0].getType().isF64())
    return FloatOp::create(m.rewriter, m.getLoc(), m.operands[0], m.operands[1]);
  return IntOp::create(m.rewriter, m.getLoc(), m.operands[0], m.operands[1]);
}

static Value applyDivide(OperatorMatch &m) {
  if (m.operands.size() != 2 || !unify(m))
    return {};
  Type f64 = m.rewriter.getF64Type();
  return arith::DivFOp::create(m.rewriter, m.getLoc(), m.convert(m.operands[0], f64), m.convert(m.operands[1], f64));
}

static void raiseOnZero(OperatorMatch &m, Value divisor, StringRef cls, StringRef message) {
  IntegerAttr constant;
  if (matchPattern(divisor, m_Constant(&constant)) && !constant.getValue().isZero())
    return;
  m.raiseIf(arith::CmpIOp::create(m.rewriter, m.getLoc(), arith::CmpIPredicate::eq, divisor, m.i64(0)), cls, message);
}

static Value applyFloorDivide(OperatorMatch &m) {
  if (m.operands.size() != 2 || !unify(m))
    return {};
  Value a = m.operands[0], b = m.operands[1];
  if (a.getType().isF64())
    return math::FloorOp::create(m.rewriter, m.getLoc(), Value(arith::DivFOp::create(m.rewriter, m.getLoc(), a, b)));
  raiseOnZero(m, b, "RuntimeError", "division by 0");
  return arith::FloorDivSIOp::create(m.rewriter, m.getLoc(), a, b);
}

/// What LibTorch divides trip counts with, for loops that it unrolls.
static Value applyTruncatedDivide(OperatorMatch &m) {
  if (m.operands.size() != 2 || !m.hasTypes([](Type type) { return type.isInteger(64); }))
    return {};
  raiseOnZero(m, m.operands[1], "ZeroDivisionError", "integer division or modulo by zero");
  return arith::DivSIOp::create(m.rewriter, m.getLoc(), m.operands[0], m.operands[1]);
}

static Value applyRemainder(OperatorMatch &m) {
  if (m.operands.size() != 2 || !unify(m))
    return {};
  auto &b = m.rewriter;
  Location loc = m.getLoc();
  Value x = m.operands[0], y = m.operands[1];
  if (x.getType().isF64()) {
    Value inner = arith::AddFOp::create(b, loc, y, Value(arith::RemFOp::create(b, loc, x, y)));
    return arith::RemFOp::create(b, loc, inner, y);
  }
  raiseOnZero(m, y, "ZeroDivisionError", "integer division or modulo by zero");
  // The remainder has the sign of the divisor.
  Value r = arith::RemSIOp::create(b, loc, x, y);
  Value isNonZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, r, m.i64(0));
  Value mixed = arith::XOrIOp::create(b, loc, r, y);
  Value differs = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, mixed, m.i64(0));
  Value adjust = arith::AndIOp::create(b, loc, isNonZero, differs);
  return arith::SelectOp::create(b, loc, adjust, Value(arith::AddIOp::create(b, loc, r, y)), r);
}

static Value applyPower(OperatorMatch &m) {
  if (m.operands.size() != 2 || !unify(m))
    return {};
  Location loc = m.getLoc();
  Type f64 = m.rewriter.getF64Type();
  Value base = m.convert(m.operands[0], f64), exponent = m.convert(m.operands[1], f64), none = m.f64(0);
  Value isZero = arith::CmpFOp::create(m.rewriter, loc, arith::CmpFPredicate::OEQ, base, none);
  Value isNegative = arith::CmpFOp::create(m.rewriter, loc, arith::CmpFPredicate::OLT, exponent, none);
  m.raiseIf(arith::AndIOp::create(m.rewriter, loc, isZero, isNegative), "RuntimeError",
            "0.0 cannot be raised to a negative power");
  return math::PowFOp::create(m.rewriter, loc, base, exponent);
}

static Value applyNegate(OperatorMatch &m) {
  if (m.operands.size() != 1)
    return {};
  if (m.operands[0].getType().isF64())
    return arith::NegFOp::create(m.rewriter, m.getLoc(), m.operands[0]);
  if (m.operands[0].getType().isInteger(64))
    return arith::SubIOp::create(m.rewriter, m.getLoc(), m.i64(0), m.operands[0]);
  return {};
}

static Value applyAbs(OperatorMatch &m) {
  if (m.operands.size() != 1)
    return {};
  if (m.operands[0].getType().isF64())
    return math::AbsFOp::create(m.rewriter, m.getLoc(), m.operands[0]);
  if (m.operands[0].getType().isInteger(64))
    return math::AbsIOp::create(m.rewriter, m.getLoc(), m.operands[0]);
  return {};
}

/// A function of one float; ints convert.
template <typename MathOp> static Value applyUnary(OperatorMatch &m) {
  if (m.operands.size() != 1 || !isPlainNumber(m.operands[0].getType()))
    return {};
  return MathOp::create(m.rewriter, m.getLoc(), m.convert(m.operands[0], m.rewriter.getF64Type()));
}

/// A function of two floats; ints convert.
template <typename MathOp> static Value applyPair(OperatorMatch &m) {
  if (m.operands.size() != 2 || !m.hasTypes(isPlainNumber))
    return {};
  Type f64 = m.rewriter.getF64Type();
  return MathOp::create(m.rewriter, m.getLoc(), m.convert(m.operands[0], f64), m.convert(m.operands[1], f64));
}

/// From degrees to radians or back.
template <bool toDegrees> static Value applyAngle(OperatorMatch &m) {
  if (m.operands.size() != 1 || !isPlainNumber(m.operands[0].getType()))
    return {};
  Value angle = m.convert(m.operands[0], m.rewriter.getF64Type());
  Value factor = m.f64(toDegrees ? 180.0 / llvm::numbers::pi : llvm::numbers::pi / 180.0);
  return arith::MulFOp::create(m.rewriter, m.getLoc(), angle, factor);
}

/// isnan, isinf and isfinite: how the magnitude compares with infinity.
template <arith::CmpFPredicate predicate> static Value applyClass(OperatorMatch &m) {
  if (m.operands.size() != 1 || !m.operands[0].getType().isF64())
    return {};
  Value magnitude = math::AbsFOp::create(m.rewriter, m.getLoc(), m.operands[0]);
  Value infinity = m.f64(std::numeric_limits<double>::infinity());
  return arith::CmpFOp::create(m.rewriter, m.getLoc(), predicate, magnitude, infinity);
}

/// Raises unless a float is one that an int can be.
static void checkInteger(OperatorMatch &m, Value number) {
  Location loc = m.getLoc();
  Value limit = m.f64(0x1p63), size = math::AbsFOp::create(m.rewriter, loc, number);
  // NaN is not either.
  Value isTooLarge = arith::CmpFOp::create(m.rewriter, loc, arith::CmpFPredicate::UGT, size, limit);
  OpBuilder::InsertionGuard guard(m.rewriter);
  auto branch = scf::IfOp::create(m.rewriter, loc, isTooLarge, /*withElseRegion=*/false);
  m.rewriter.setInsertionPointToStart(branch.thenBlock());
  createOperator(m.rewriter, loc, "wick::check_integer", {"number"}, ts::NoneType::get(m.rewriter.getContext()),
                 number);
}

/// floor, ceil: to int, and the identity on ints.
template <typename MathOp> static Value applyRound(OperatorMatch &m) {
  if (m.operands.size() != 1)
    return {};
  if (m.operands[0].getType().isInteger(64))
    return m.operands[0];
  Value rounded = applyUnary<MathOp>(m);
  if (rounded)
    checkInteger(m, rounded);
  return rounded;
}

template <bool isMax> static Value applyExtremum(OperatorMatch &m) {
  if (m.operands.size() == 1) {
    // Of a list of known elements.
    auto elements = getListElements(m.operands[0], m.op);
    if (!elements || !llvm::all_of(ValueRange(*elements).getTypes(), isPlainNumber) || !isPlainNumber(m.getType()))
      return {};
    if (elements->empty()) {
      m.raiseIf(m.i1(true), "RuntimeError",
                isMax ? "max() arg is an empty sequence" : "min() arg is an empty sequence");
      return UninitializedOp::create(m.rewriter, m.getLoc(), m.getType());
    }
    Value result = elements->front();
    for (Value element : llvm::drop_begin(*elements)) {
      m.operands = {result, element};
      result = applyExtremum<isMax>(m);
    }
    return result;
  }
  if (m.operands.size() != 2 || !unify(m))
    return {};
  // As `a < b ? a : b`, which decides what happens to NaN.
  Value a = m.operands[0], b = m.operands[1], first;
  if (a.getType().isF64())
    first = arith::CmpFOp::create(m.rewriter, m.getLoc(), isMax ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT,
                                  a, b);
  else
    return isMax ? Value(arith::MaxSIOp::create(m.rewriter, m.getLoc(), a, b))
                 : Value(arith::MinSIOp::create(m.rewriter, m.getLoc(), a, b));
  return arith::SelectOp::create(m.rewriter, m.getLoc(), first, a, b);
}

template <typename IntOp> static Value applyBits(OperatorMatch &m) {
  if (m.operands.size() != 2 || m.operands[0].getType() != m.operands[1].getType() ||
      !isa<IntegerType>(m.operands[0].getType()))
    return {};
  return IntOp::create(m.rewriter, m.getLoc(), m.operands[0], m.operands[1]);
}

/// Shifts use the low six bits of the amount, as the processor does.
template <typename IntOp> static Value applyShift(OperatorMatch &m) {
  if (m.operands.size() != 2 || !m.hasTypes([](Type type) { return type.isInteger(64); }))
    return {};
  Value amount = arith::AndIOp::create(m.rewriter, m.getLoc(), m.operands[1], m.i64(63));
  return IntOp::create(m.rewriter, m.getLoc(), m.operands[0], amount);
}

/// int(), float(), bool() and item() of numbers and tensors.
template <bool implicit> static Value applyConversion(OperatorMatch &m) {
  if (m.operands.size() != 1)
    return {};
  Value value = m.operands[0];
  if (isa<ts::TensorType>(value.getType()))
    return ItemOp::create(m.rewriter, m.getLoc(), m.getType(), value, implicit);
  // From `Scalar` the kind is known only where it was upcast here.
  if (!isPlainNumber(value.getType()))
    return {};
  // LibTorch makes an int of 32 bits of a float whose kind it did not know.
  if (m.op.getSchema() == "aten::Int.Scalar" && value.getType().isF64()) {
    auto limit = [&](double number) {
      return arith::ConstantOp::create(m.rewriter, m.getLoc(), m.rewriter.getF64FloatAttr(number)).getResult();
    };
    Value isLow = arith::CmpFOp::create(m.rewriter, m.getLoc(), arith::CmpFPredicate::ULT, value, limit(INT32_MIN));
    Value isHigh = arith::CmpFOp::create(m.rewriter, m.getLoc(), arith::CmpFPredicate::UGT, value, limit(INT32_MAX));
    m.raiseIf(arith::OrIOp::create(m.rewriter, m.getLoc(), isLow, isHigh), "RuntimeError",
              "value cannot be converted to type int without overflow");
  }
  return value;
}

void wick::ts::addArithmeticRules(OperatorRules &rules) {
  rules["aten::add"] = applyBinary<arith::AddIOp, arith::AddFOp>;
  rules["aten::sub"] = applyBinary<arith::SubIOp, arith::SubFOp>;
  rules["aten::mul"] = applyBinary<arith::MulIOp, arith::MulFOp>;
  rules["aten::div"] = applyDivide;
  rules["aten::floordiv"] = applyFloorDivide;
  rules["aten::__round_to_zero_floordiv"] = applyTruncatedDivide;
  rules["aten::remainder"] = applyRemainder;
  rules["aten::fmod"] = applyBinary<arith::RemSIOp, arith::RemFOp>;
  rules["aten::pow"] = applyPower;
  rules["aten::neg"] = applyNegate;
  rules["prim::abs"] = rules["aten::abs"] = applyAbs;
  rules["aten::floor"] = applyRound<math::FloorOp>;
  rules["aten::ceil"] = applyRound<math::CeilOp>;
  rules["aten::round"] = applyUnary<math::RoundEvenOp>;
  rules["aten::sqrt"] = applyUnary<math::SqrtOp>;
  rules["aten::exp"] = applyUnary<math::ExpOp>;
  rules["aten::log"] = applyUnary<math::LogOp>;
  rules["aten::log2"] = applyUnary<math::Log2Op>;
  rules["aten::log10"] = applyUnary<math::Log10Op>;
  rules["aten::log1p"] = applyUnary<math::Log1pOp>;
  rules["aten::sin"] = applyUnary<math::SinOp>;
  rules["aten::cos"] = applyUnary<math::CosOp>;
  rules["aten::tan"] = applyUnary<math::TanOp>;
  rules["aten::tanh"] = applyUnary<math::TanhOp>;
  rules["aten::erf"] = applyUnary<math::ErfOp>;
  rules["aten::erfc"] = applyUnary<math::ErfcOp>;
  rules["aten::expm1"] = applyUnary<math::ExpM1Op>;
  rules["aten::fabs"] = applyUnary<math::AbsFOp>;
  rules["aten::atan2"] = applyPair<math::Atan2Op>;
  rules["aten::copysign"] = applyPair<math::CopySignOp>;
  rules["aten::degrees"] = applyAngle<true>;
  rules["aten::radians"] = applyAngle<false>;
  rules["aten::isnan"] = applyClass<arith::CmpFPredicate::UNO>;
  rules["aten::isinf"] = applyClass<arith::CmpFPredicate::OEQ>;
  rules["aten::isfinite"] = applyClass<arith::CmpFPredicate::OLT>;
  rules["prim::max"] = applyExtremum<true>;
  rules["prim::min"] = applyExtremum<false>;
  rules["aten::__and__"] = applyBits<arith::AndIOp>;
  rules["aten::__or__"] = applyBits<arith::OrIOp>;
  rules["aten::__xor__"] = applyBits<arith::XOrIOp>;
  rules["aten::__lshift__"] = applyShift<arith::ShLIOp>;
  rules["aten::__rshift__"] = applyShift<arith::ShRSIOp>;
  for (StringRef name : {"aten::Int", "aten::Float", "aten::Bool", "aten::item"})
    rules[name] = applyConversion<false>;
  for (StringRef name : {"aten::IntImplicit", "aten::FloatImplicit", "aten::ComplexImplicit", "aten::ScalarImplicit"})
    rules[name] = applyConversion<true>;
}
