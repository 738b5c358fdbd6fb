//===- Sizes.h - expressions of sizes and code that computes them -----------===//
#ifndef WICK_DIALECT_TS_IR_SIZES_H
#define WICK_DIALECT_TS_IR_SIZES_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"

namespace wick::ts {

/// One form for expressions that are equal as sums and products. To be used instead of `mlir::simplifyAffineExpr`,
/// which takes terms for each other that divide one dim by one symbol: of `(d0 mod s0) * 10 + (d0 floordiv s0) * 5 +
/// d1` it makes
/// `(d0 mod s0) * 20 + d1`.
mlir::AffineExpr simplifyExpr(mlir::AffineExpr expr);

/// Builds the value of a size over symbols as an `index` or an integer of the given type.
mlir::Value materializeSize(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr size, mlir::Type type);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_SIZES_H
