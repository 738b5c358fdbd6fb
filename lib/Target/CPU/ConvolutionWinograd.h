//===- ConvolutionWinograd.h - 3x3 convolutions with fewer products ---------===//
//
// A tile of t x t pixels of the result needs (t+2)^2 products of transformed input
// and transformed filter for each pair of channels instead of 9 t^2: a quarter for
// t = 4, four ninths for t = 2. The products of one place of all tiles are a matrix
// product, so a convolution is a transform of the input, (t+2)^2 products of
// (tiles x channels) by (channels x filters), and a transform of their results, with
// whatever is fused behind the convolution. The filter is transformed at compile time.
//
// Where the transformed tiles of the whole image do not fit in the cache beside the
// filter, a work item does all three for a block of tiles; else each of the three is
// distributed by itself.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_CONVOLUTIONWINOGRAD_H
#define WICK_LIB_TARGET_CPU_CONVOLUTIONWINOGRAD_H

#include "FusedKernel.h"
#include "wick/Target/CPU/Strategy.h"

namespace wick::cpu {

/// Tile dims are d0.. = image, row, pixel, output channel.
struct WinogradProblem {
  Winograd transform{2};
  /// The image without its border of zeros, whose upper and left parts are `firstRow` rows and `firstPixel` pixels.
  View input;
  mlir::AffineExpr inputRows, inputPixels, firstRow, firstPixel;
  mlir::AffineExpr images, rows, pixels;
  int64_t channels = 0, filters = 0, panelWidth = 0, lanes = 0;
  mlir::Value filter;
  llvm::SmallVector<mlir::AffineExpr> position;
  mlir::Value init;
};

/// Whether the root's filter is given by its transform.
bool isWinograd(mlir::linalg::LinalgOp root);
llvm::FailureOr<WinogradProblem> analyzeWinograd(FusedKernel &kernel, mlir::linalg::LinalgOp root, std::string &reason);
void emitWinograd(FusedKernel &kernel, const WinogradProblem &problem);

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_CONVOLUTIONWINOGRAD_H
