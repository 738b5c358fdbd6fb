//===- ReductionLoops.h - reductions as vector loops ------------------------===//
//
// A reduction runs along lanes in one of two ways: each lane is another result
// (columns are summed), or the lanes share one result and are combined at the end
// (rows are summed). The second needs a combining operation that is associative.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_REDUCTIONLOOPS_H
#define WICK_LIB_TARGET_CPU_REDUCTIONLOOPS_H

#include "FusedKernel.h"
#include "LoopNest.h"

namespace wick::cpu {

struct Reduction {
  mlir::linalg::LinalgOp op;
  /// Where the op's loops stand over the tile dims.
  llvm::SmallVector<mlir::AffineExpr> loops;
  /// Sizes of the merged reduction loops; their variables are the last tile dims.
  llvm::SmallVector<mlir::AffineExpr> sizes;
  /// For each result, the op that combines two values; empty unless all results have one.
  llvm::SmallVector<mlir::Operation *> combiners;
};

/// Sizes of an op's loops, as far as its operands show them all.
llvm::FailureOr<llvm::SmallVector<mlir::AffineExpr>> loopSizes(FusedKernel &kernel, mlir::linalg::LinalgOp op);

/// The combining ops of a reduction whose results do not depend on each other.
llvm::SmallVector<mlir::Operation *> findCombiners(mlir::linalg::LinalgOp op);

/// Adds one step at `at` to the sums; a masked lane keeps its sum.
llvm::SmallVector<mlir::Value> reduceStep(FusedKernel &kernel, const Reduction &reduction, const TilePoint &at,
                                          mlir::ValueRange sums);

/// Reduces all of one row, whose dims have the values `row`, along lanes of the innermost reduction loop; returns one
/// scalar per result, the initial value of the op included. `visit` sees each point before it is added.
llvm::SmallVector<mlir::Value> reduceRow(FusedKernel &kernel, const Reduction &reduction,
                                         llvm::ArrayRef<mlir::Value> row, int64_t width,
                                         llvm::function_ref<void(const TilePoint &)> visit = {});

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_REDUCTIONLOOPS_H
