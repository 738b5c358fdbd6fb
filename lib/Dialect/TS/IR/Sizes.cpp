//===- Sizes.cpp - expressions of sizes and code that computes them ---------===//
#include "wick/Dialect/TS/IR/Sizes.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace wick::ts;

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

/// Orders expressions by their structure: negative when `a` comes first, zero when they are one.
static int64_t compare(AffineExpr a, AffineExpr b) {
  if (a.getKind() != b.getKind())
    return int64_t(a.getKind()) - int64_t(b.getKind());
  if (auto constant = dyn_cast<AffineConstantExpr>(a))
    return constant.getValue() < cast<AffineConstantExpr>(b).getValue() ? -1 : a != b;
  if (auto dim = dyn_cast<AffineDimExpr>(a))
    return int64_t(dim.getPosition()) - int64_t(cast<AffineDimExpr>(b).getPosition());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(a))
    return int64_t(symbol.getPosition()) - int64_t(cast<AffineSymbolExpr>(b).getPosition());
  auto x = cast<AffineBinaryOpExpr>(a), y = cast<AffineBinaryOpExpr>(b);
  int64_t order = compare(x.getLHS(), y.getLHS());
  return order ? order : compare(x.getRHS(), y.getRHS());
}

namespace {
/// Simplifies sums with products and quotients of variables replaced by symbols of their own.
class ExprSimplifier {
public:
  explicit ExprSimplifier(AffineExpr expr) {
    expr.walk([&](AffineExpr e) {
      if (auto dim = dyn_cast<AffineDimExpr>(e))
        numDims = std::max(numDims, dim.getPosition() + 1);
      else if (auto symbol = dyn_cast<AffineSymbolExpr>(e))
        numSymbols = std::max(numSymbols, symbol.getPosition() + 1);
    });
  }

  AffineExpr run(AffineExpr expr) {
    AffineExpr linear = visit(expr);
    if (parts.empty())
      return simplifyAffineExpr(linear, numDims, numSymbols);
    // An order that does not depend on that of the terms.
    SmallVector<AffineExpr> sorted(parts.getArrayRef()), places, back;
    llvm::sort(sorted, [](AffineExpr a, AffineExpr b) { return compare(a, b) < 0; });
    for (unsigned i = 0; i < numSymbols; ++i)
      places.push_back(getSymbol(i, expr));
    back = places;
    for (AffineExpr part : parts)
      places.push_back(getSymbol(numSymbols + (llvm::find(sorted, part) - sorted.begin()), expr));
    llvm::append_range(back, sorted);
    return simplifyAffineExpr(linear.replaceSymbols(places), numDims, places.size()).replaceSymbols(back);
  }

private:
  static AffineExpr getSymbol(unsigned position, AffineExpr of) {
    return getAffineSymbolExpr(position, of.getContext());
  }

  /// The symbol that stands for a part.
  AffineExpr hide(AffineExpr part) {
    parts.insert(part);
    return getSymbol(numSymbols + (llvm::find(parts, part) - parts.begin()), part);
  }

  AffineExpr visit(AffineExpr expr) {
    auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
    if (!binary)
      return expr;
    if (isa<AffineConstantExpr>(binary.getRHS()) || expr.getKind() == AffineExprKind::Add)
      return getAffineBinaryOpExpr(expr.getKind(), visit(binary.getLHS()), visit(binary.getRHS()));
    AffineExpr lhs = simplifyExpr(binary.getLHS()), rhs = simplifyExpr(binary.getRHS());
    if (isa<AffineConstantExpr>(rhs))
      return visit(getAffineBinaryOpExpr(expr.getKind(), lhs, rhs));
    if (expr.getKind() == AffineExprKind::Mul)
      return visitProduct(lhs, rhs);
    if (AffineExpr quotient = divide(lhs, rhs))
      return expr.getKind() == AffineExprKind::Mod ? getAffineConstantExpr(0, expr.getContext()) : visit(quotient);
    return hide(getAffineBinaryOpExpr(expr.getKind(), lhs, rhs));
  }

  static void addFactors(AffineExpr expr, SmallVectorImpl<AffineExpr> &factors, int64_t &constant) {
    auto product = dyn_cast<AffineBinaryOpExpr>(expr);
    if (auto number = dyn_cast<AffineConstantExpr>(expr)) {
      constant *= number.getValue();
    } else if (product && product.getKind() == AffineExprKind::Mul) {
      addFactors(product.getLHS(), factors, constant);
      addFactors(product.getRHS(), factors, constant);
    } else {
      factors.push_back(expr);
    }
  }

  static AffineExpr multiply(ArrayRef<AffineExpr> factors, MLIRContext *context) {
    AffineExpr product = getAffineConstantExpr(1, context);
    for (AffineExpr factor : factors)
      product = product * factor;
    return product;
  }

  AffineExpr visitProduct(AffineExpr lhs, AffineExpr rhs) {
    SmallVector<AffineExpr> factors;
    int64_t constant = 1;
    addFactors(lhs, factors, constant);
    addFactors(rhs, factors, constant);
    llvm::sort(factors, [](AffineExpr a, AffineExpr b) { return compare(a, b) < 0; });
    if (factors.size() < 2)
      return visit(multiply(factors, lhs.getContext()) * constant);
    return hide(multiply(factors, lhs.getContext())) * constant;
  }

  /// The quotient of what is a multiple of `divisor`, or null.
  static AffineExpr divide(AffineExpr expr, AffineExpr divisor) {
    auto sum = dyn_cast<AffineBinaryOpExpr>(expr);
    if (sum && sum.getKind() == AffineExprKind::Add) {
      AffineExpr lhs = divide(sum.getLHS(), divisor), rhs = divide(sum.getRHS(), divisor);
      return lhs && rhs ? lhs + rhs : AffineExpr();
    }
    SmallVector<AffineExpr> factors;
    int64_t constant = 1;
    addFactors(expr, factors, constant);
    auto found = llvm::find(factors, divisor);
    if (constant == 0 || found == factors.end())
      return constant == 0 ? expr : AffineExpr();
    factors.erase(found);
    return multiply(factors, expr.getContext()) * constant;
  }

  unsigned numDims = 0, numSymbols = 0;
  llvm::SetVector<AffineExpr> parts;
};
} // namespace

AffineExpr wick::ts::simplifyExpr(AffineExpr expr) {
  return isa<AffineBinaryOpExpr>(expr) ? ExprSimplifier(expr).run(expr) : expr;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

Value wick::ts::materializeSize(OpBuilder &builder, Location loc, AffineExpr size, Type type) {
  if (auto constant = dyn_cast<AffineConstantExpr>(size))
    return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, constant.getValue()));
  if (auto symbol = dyn_cast<AffineSymbolExpr>(size)) {
    Value value = SymbolOp::create(builder, loc, builder.getIndexType(), symbol.getPosition());
    return type.isIndex() ? value : arith::IndexCastOp::create(builder, loc, type, value);
  }
  auto binary = cast<AffineBinaryOpExpr>(size);
  Value lhs = materializeSize(builder, loc, binary.getLHS(), type);
  Value rhs = materializeSize(builder, loc, binary.getRHS(), type);
  // A size may be computed before the program checks that it divides by no zero.
  bool divides = size.getKind() != AffineExprKind::Add && size.getKind() != AffineExprKind::Mul;
  if (divides && !isa<AffineConstantExpr>(binary.getRHS())) {
    Value zero = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, 0));
    Value one = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, 1));
    Value isZero = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, rhs, zero);
    rhs = arith::SelectOp::create(builder, loc, isZero, one, rhs);
  }
  switch (size.getKind()) {
  case AffineExprKind::Add: return arith::AddIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::Mul: return arith::MulIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::FloorDiv: return arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::CeilDiv: return arith::CeilDivSIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::Mod: {
    Value quotient = arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
    return arith::SubIOp::create(builder, loc, lhs, arith::MulIOp::create(builder, loc, quotient, rhs));
  }
  default: llvm_unreachable("sizes have no dims");
  }
}
