//===- ContractionTile.h - one register tile of a contraction ---------------===//
//
// A register tile keeps rows x vectors accumulators in registers while it walks the
// reduction: per step it loads one vector of the rhs panel per column of vectors and
// broadcasts one element of the lhs per row. With few rows the reduction is split
// over several sets of accumulators, because a fused multiply-add takes four cycles
// and two start in each.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_CONTRACTIONTILE_H
#define WICK_LIB_TARGET_CPU_CONTRACTIONTILE_H

#include "ContractionProblem.h"

namespace wick::cpu {

/// Sizes of register tiles for a target and an element type.
struct TileShape {
  /// Lanes of one vector.
  int64_t width = 1;
  /// Vectors of a full panel.
  int64_t vectors = 1;
  /// Rows of the largest tile.
  int64_t rows = 1;

  int64_t panel() const { return width * vectors; }
};

/// Most rows whose accumulators, together with what one step loads, fit in the registers.
int64_t maxTileRows(const TargetInfo &target, int64_t vectors);

/// One tile to emit.
struct ContractionTile {
  /// Values of the outer dims, and of m for each row.
  llvm::SmallVector<mlir::Value> outer, rows;
  /// First n of the panel, and the flat index of the panel's first element in the rhs buffer.
  mlir::Value n0, panelBase;
  int64_t width = 1, vectors = 1;
  /// Vectors from this one on hold lanes that may not exist; n's limit for them.
  int64_t firstMasked = 1;
  mlir::Value limit;
  /// What becomes of the sums where they are not those of the kernel's root, which then have no initial values.
  std::function<void(llvm::ArrayRef<mlir::Value> sums, llvm::ArrayRef<TilePoint> points)> finish;
};

void emitTile(FusedKernel &kernel, const ContractionProblem &problem, const ContractionTile &tile);

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_CONTRACTIONTILE_H
