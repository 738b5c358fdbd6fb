//===- Sizes.cpp - code that computes sizes ---------------------------------===//
#include "wick/Dialect/TS/IR/Sizes.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace wick::ts;

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
