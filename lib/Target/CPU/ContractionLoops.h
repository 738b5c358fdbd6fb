//===- ContractionLoops.h - the loops around register tiles -----------------===//
//
// The panels of a contraction's rhs and the tiles of its rows, for kernels that walk
// them in an order of their own: attention computes two contractions in turns.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_CONTRACTIONLOOPS_H
#define WICK_LIB_TARGET_CPU_CONTRACTIONLOOPS_H

#include "ContractionTile.h"

namespace wick::cpu {

struct ContractionLoops {
  FusedKernel &kernel;
  ContractionProblem &problem;
  VectorEmitter &v;
  TileShape shape;
  int64_t staticM, staticN, staticK;
  bool dynamicM, dynamicN;
  /// Tiles of m and panels of n (the last one may be partial), and how many of each one item and one block take.
  mlir::Value tileCount, panelCount;
  int64_t outerPerItem = 1, tilesPerItem = 1, panelsPerItem = 1, tilesPerBlock = 1;
  /// See ContractionTile.
  std::function<void(llvm::ArrayRef<mlir::Value> sums, llvm::ArrayRef<TilePoint> points)> finish;

  ContractionLoops(FusedKernel &kernel, ContractionProblem &problem);

  /// The whole contraction.
  void run();

  /// Chooses the sizes of tiles and panels, unless the problem has some, and counts them.
  void chooseShape();
  void countTiles();
  /// First row of a tile.
  mlir::Value firstRow(mlir::Value tile);
  /// Tiles of panels.
  void emitBlock(llvm::ArrayRef<mlir::Value> outer, mlir::Value firstTile, mlir::Value lastTile, mlir::Value firstPanel,
                 mlir::Value lastPanel);

  /// Elements of a panel.
  mlir::AffineExpr panelSize();
  /// Copies a panel of the rhs to `packed` from `target` on. Values past the end of n repeat the last one: what is
  /// computed from them is never stored.
  void packPanel(llvm::ArrayRef<mlir::Value> outer, mlir::Value panel, mlir::Value packed, mlir::Value target);
  /// Lets the problem read its rhs from panels that stand one after the other from `base` on.
  void usePacked(mlir::Value packed, mlir::AffineExpr base);

  llvm::SmallVector<mlir::Value> outerIndices(mlir::Value linear);
  mlir::Value outerCount();

private:
  bool isTransposed();
  void packTransposed(llvm::ArrayRef<mlir::Value> outer, mlir::Value n0, mlir::Value packed, mlir::Value target);
  llvm::SmallVector<mlir::AffineExpr> packedSteps();
  void packRhs();
  void divideWork();
  void emitItem(mlir::Value item);
  void emitPanel(llvm::ArrayRef<mlir::Value> outer, mlir::Value panel, mlir::Value firstTile, mlir::Value lastTile,
                 bool partial);
  std::pair<int64_t, int64_t> balance();
};

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_CONTRACTIONLOOPS_H
