//===- LoopNest.h - loops over the dims of a tensor, merged where possible --===//
//
// Elementwise kernels and reductions walk the dims of a tensor. Neighbouring dims
// that every access of the kernel walks in one step are one loop: (n, y, x, c) is one
// loop of n·y·x·c iterations where everything is contiguous, and three short loops
// become one long one in front of a dim that is broadcast. Loop variables are the
// tile dims d<first>, d<first+1>, …
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_LOOPNEST_H
#define WICK_LIB_TARGET_CPU_LOOPNEST_H

#include "VectorEmitter.h"

namespace wick::cpu {

struct LoopNest {
  /// Sizes of the merged loops, outermost first.
  llvm::SmallVector<mlir::AffineExpr> sizes;
  /// Where the original dims stand, over the merged loops' variables.
  llvm::SmallVector<mlir::AffineExpr> position;
};

/// The factor of a dim in an expression that is linear in it.
std::optional<mlir::AffineExpr> linearCoefficient(VectorEmitter &v, mlir::AffineExpr e, unsigned dim);

/// Merges the loops over `sizes`, whose variables in `accesses` are d<from>, d<from+1>, …; those of the result start
/// at d<first>.
LoopNest mergeLoops(VectorEmitter &v, llvm::ArrayRef<mlir::AffineExpr> sizes, unsigned from,
                    llvm::ArrayRef<mlir::AffineExpr> accesses, unsigned first);

/// Product of sizes, with `unknown` for each that is not constant.
int64_t staticProduct(llvm::ArrayRef<mlir::AffineExpr> sizes, int64_t unknown = 64);

/// Loops over all indices of `sizes`; appends the variables to `indices` for the body.
void emitNest(VectorEmitter &v, llvm::ArrayRef<mlir::AffineExpr> sizes, llvm::SmallVector<mlir::Value> indices,
              llvm::function_ref<void(llvm::SmallVector<mlir::Value>)> body);

/// Indices of a row number in row-major order.
llvm::SmallVector<mlir::Value> delinearize(VectorEmitter &v, mlir::Value linear,
                                           llvm::ArrayRef<mlir::AffineExpr> sizes);

/// Distributes the rows of `sizes` over work items of about `perItem` rows.
void distributeRows(VectorEmitter &v, llvm::ArrayRef<mlir::AffineExpr> sizes, int64_t perItem,
                    llvm::function_ref<void(llvm::SmallVector<mlir::Value>)> body);

/// Walks lanes [lower, upper) in steps of `width`: `unroll` points in each iteration of the main loop, one in each of
/// the next, and a masked one for the rest. The variable is appended to `dims`.
void emitLanes(VectorEmitter &v, llvm::ArrayRef<mlir::Value> dims, mlir::Value lower, mlir::Value upper, int64_t width,
               int64_t unroll, llvm::function_ref<void(llvm::ArrayRef<TilePoint>)> body);

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_LOOPNEST_H
