//===- Sizes.h - code that computes sizes ----------------------------------===//
#ifndef WICK_DIALECT_TS_IR_SIZES_H
#define WICK_DIALECT_TS_IR_SIZES_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"

namespace wick::ts {

/// Builds the value of a size over symbols as an `index` or an integer of the given type.
mlir::Value materializeSize(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr size, mlir::Type type);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_SIZES_H
