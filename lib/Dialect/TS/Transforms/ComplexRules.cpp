//===- ComplexRules.cpp - complex numbers: operators to the complex dialect -===//
//
// TorchScript's complex numbers, exactly: beside a complex number an int, float or bool is
// a float, whose missing imaginary part takes no part in the arithmetic. Functions such as
// `exp` are left to the runtime.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static bool isComplex(Value value) { return isa<ComplexType>(value.getType()); }

namespace {
/// The parts of a number, of which a number that is not complex has one only.
struct Parts {
  Parts(OperatorMatch &m, Value number) {
    Type f64 = m.rewriter.getF64Type();
    if (isComplex(number)) {
      real = complex::ReOp::create(m.rewriter, m.getLoc(), f64, number);
      imag = complex::ImOp::create(m.rewriter, m.getLoc(), f64, number);
    } else {
      real = m.convert(number, f64);
    }
  }
  Value real, imag;
};
} // namespace

static Value makeComplex(OperatorMatch &m, Value real, Value imag) {
  return complex::CreateOp::create(m.rewriter, m.getLoc(), ComplexType::get(m.rewriter.getF64Type()), real, imag);
}

/// Whether an operator has two numbers, one of them complex.
static bool isBinary(OperatorMatch &m) {
  return m.operands.size() == 2 && llvm::any_of(m.operands, isComplex) &&
         llvm::all_of(m.operands, [](Value operand) { return isComplex(operand) || isPlainNumber(operand.getType()); });
}

template <typename ComplexOp, typename FloatOp> static Value applySum(OperatorMatch &m) {
  if (!isBinary(m))
    return {};
  Location loc = m.getLoc();
  if (llvm::all_of(m.operands, isComplex))
    return ComplexOp::create(m.rewriter, loc, m.operands[0], m.operands[1]);
  Parts a(m, m.operands[0]), b(m, m.operands[1]);
  Value imag = a.imag ? a.imag : b.imag;
  if (!a.imag && std::is_same_v<FloatOp, arith::SubFOp>)
    imag = arith::NegFOp::create(m.rewriter, loc, imag);
  return makeComplex(m, FloatOp::create(m.rewriter, loc, a.real, b.real), imag);
}

static Value applyMultiply(OperatorMatch &m) {
  if (!isBinary(m))
    return {};
  Location loc = m.getLoc();
  if (llvm::all_of(m.operands, isComplex))
    return complex::MulOp::create(m.rewriter, loc, m.operands[0], m.operands[1]);
  Parts a(m, m.operands[0]), b(m, m.operands[1]);
  Value scale = a.imag ? b.real : a.real, imag = a.imag ? a.imag : b.imag;
  return makeComplex(m, arith::MulFOp::create(m.rewriter, loc, a.real, b.real),
                     arith::MulFOp::create(m.rewriter, loc, imag, scale));
}

static Value applyDivide(OperatorMatch &m) {
  if (m.operands.size() != 2 || !llvm::all_of(m.operands, isComplex))
    return {};
  return complex::DivOp::create(m.rewriter, m.getLoc(), m.operands[0], m.operands[1]);
}

static Value applyNegate(OperatorMatch &m) {
  if (m.operands.size() != 1 || !isComplex(m.operands[0]))
    return {};
  return complex::NegOp::create(m.rewriter, m.getLoc(), m.operands[0]);
}

/// `complex(x)` and `complex(x, y)` of numbers and of tensors of one element.
static Value applyConstruct(OperatorMatch &m) {
  if (m.operands.size() == 1 && isComplex(m.operands[0]))
    return m.operands[0];
  Type f64 = m.rewriter.getF64Type();
  SmallVector<Value> parts;
  for (Value operand : m.operands) {
    if (isa<ts::TensorType>(operand.getType()))
      parts.push_back(ItemOp::create(m.rewriter, m.getLoc(), f64, operand, /*implicit=*/false));
    else if (isPlainNumber(operand.getType()))
      parts.push_back(m.convert(operand, f64));
    else
      return {};
  }
  if (parts.size() == 1)
    parts.push_back(m.f64(0));
  return makeComplex(m, parts[0], parts[1]);
}

/// A comparison of the magnitude of each part with infinity, which both parts pass or, for `any`, one.
template <arith::CmpFPredicate predicate, bool any> static Value applyTest(OperatorMatch &m) {
  if (m.operands.size() != 1 || !isComplex(m.operands[0]))
    return {};
  Location loc = m.getLoc();
  auto test = [&](Value part) -> Value {
    Value magnitude = math::AbsFOp::create(m.rewriter, loc, part);
    return arith::CmpFOp::create(m.rewriter, loc, predicate, magnitude, m.f64(INFINITY));
  };
  Parts parts(m, m.operands[0]);
  Value real = test(parts.real), imag = test(parts.imag);
  return any ? Value(arith::OrIOp::create(m.rewriter, loc, real, imag))
             : Value(arith::AndIOp::create(m.rewriter, loc, real, imag));
}

/// Operators for which the schemas promise a real number, whatever they are given, as `pow(Scalar, Scalar)`: LibTorch
/// compiles these, and fails when they run.
static Value refuseComplex(OperatorMatch &m) {
  if (!isBinary(m) || !isPlainNumber(m.getType()))
    return {};
  std::string message = (getBaseName(m.op) + " takes no complex numbers").str();
  m.raiseIf(m.i1(true), "RuntimeError", message);
  return UninitializedOp::create(m.rewriter, m.getLoc(), m.getType());
}

Value wick::ts::buildComplexEqual(OperatorMatch &m, Value a, Value b) {
  auto toComplex = [&](Value number) {
    return isComplex(number) ? number : makeComplex(m, m.convert(number, m.rewriter.getF64Type()), m.f64(0));
  };
  bool areNumbers = llvm::all_of(ArrayRef<Value>{a, b},
                                 [](Value value) { return isComplex(value) || isPlainNumber(value.getType()); });
  if (!areNumbers || !(isComplex(a) || isComplex(b)))
    return {};
  return complex::EqualOp::create(m.rewriter, m.getLoc(), toComplex(a), toComplex(b));
}

void wick::ts::addComplexRules(OperatorRules &rules) {
  addRule(rules, "aten::add", applySum<complex::AddOp, arith::AddFOp>);
  addRule(rules, "aten::sub", applySum<complex::SubOp, arith::SubFOp>);
  addRule(rules, "aten::mul", applyMultiply);
  addRule(rules, "aten::div", applyDivide);
  addRule(rules, "aten::neg", applyNegate);
  addRule(rules, "aten::Complex", applyConstruct);
  for (StringRef name : {"aten::div", "aten::floordiv", "aten::remainder", "aten::fmod", "aten::pow", "aten::lt",
                         "aten::le", "aten::gt", "aten::ge"})
    addRule(rules, name, refuseComplex);
  addRule(rules, "aten::isnan", applyTest<arith::CmpFPredicate::UNO, true>);
  addRule(rules, "aten::isinf", applyTest<arith::CmpFPredicate::OEQ, true>);
  addRule(rules, "aten::isfinite", applyTest<arith::CmpFPredicate::OLT, false>);
}
