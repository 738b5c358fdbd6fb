//===- RepeatedWrites.h - writes through views that repeat elements -*- C++ -*-===//
//
// Several elements of an expanded tensor are one element of the tensor that it shows, so what is written to them is no
// scattered update. Here the views are taken of positions instead: what they show of them says where each element lies.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_REPEATEDWRITES_H
#define WICK_DIALECT_ATEN_IR_REPEATEDWRITES_H

#include "mlir/IR/Builders.h"

namespace wick::aten {

/// The numbers of the elements of `base` [dims...] in order, as int64 [dims...].
mlir::Value buildPositions(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value base);

/// Whether one of `positions` in `base` comes twice, as an i1.
mlir::Value buildIsRepeated(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value base, mlir::Value positions);

/// `base` with the elements of `update` at `positions`, which have its sizes. With `before`, what was there, elements
/// that are still the same are not written.
mlir::Value buildWriteAt(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value base, mlir::Value positions,
                         mlir::Value update, mlir::Value before);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_REPEATEDWRITES_H
