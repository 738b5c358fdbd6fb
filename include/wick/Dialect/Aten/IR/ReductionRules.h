//===- ReductionRules.h - types of reductions ------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_REDUCTIONRULES_H
#define WICK_DIALECT_ATEN_IR_REDUCTIONRULES_H

#include "wick/Dialect/Aten/IR/Facts.h"

namespace wick::aten {

/// The dtype in which sums and products accumulate: int64 for integers and bool.
mlir::Type getAccumulatedDtype(mlir::Type dtype);
/// The dtype of `any` and `all`: bool, or uint8 of uint8.
mlir::Type getTruthDtype(mlir::Type dtype);
/// The default dtype for integers.
mlir::Type getFloatDtype(mlir::Type dtype);

/// The dims that a `dim` operand (int, list, None) names, in increasing order; all where it names none. Nothing when
/// the operand is not known.
llvm::FailureOr<std::optional<llvm::SmallVector<int64_t>>> getReducedDims(mlir::Operation *op, Facts &facts,
                                                                          mlir::Value dim, int64_t rank);
llvm::LogicalResult inferReduction(mlir::Operation *op, Facts &facts, ts::TensorType self, mlir::Value dim,
                                   mlir::Value keepdim, mlir::Type dtype, llvm::SmallVectorImpl<mlir::Type> &types);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_REDUCTIONRULES_H
