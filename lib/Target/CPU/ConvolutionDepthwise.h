//===- ConvolutionDepthwise.h - convolutions channel by channel -------------===//
//
// A depthwise convolution reads each channel with a window of its own: channels
// run along vector lanes, a few neighbouring pixels stay in registers, and an input
// vector is loaded once for all pixels of the tile whose windows cover it. Small
// windows keep all their weights in registers while they walk a row.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_CONVOLUTIONDEPTHWISE_H
#define WICK_LIB_TARGET_CPU_CONVOLUTIONDEPTHWISE_H

#include "ContractionProblem.h"

namespace wick::cpu {

/// Tile dims are d0.. = rows (batch and all image dims but the last), pixel, channel.
struct DepthwiseProblem {
  mlir::linalg::LinalgOp root;
  mlir::Type element;
  llvm::SmallVector<mlir::AffineExpr> rows;
  mlir::AffineExpr pixels, channels;
  /// Window dims but the last one, and the last one.
  llvm::SmallVector<mlir::AffineExpr> outerWindow;
  int64_t window = 1;
  /// Flat index of the input at the window's first element over the tile dims; its steps along the window dims, along
  /// the last one, and from pixel to pixel.
  mlir::Value input, weights;
  mlir::AffineExpr inputBase, weightBase;
  llvm::SmallVector<mlir::AffineExpr> inputSteps, weightSteps;
  int64_t inputStep = 0, weightStep = 0, pixelStep = 0;
  /// Zeros around the image that do not stand in memory: parts of windows there are left out. `firstRow` and
  /// `firstPixel` are where the window of the tile's first element begins, possibly before the image, and the sizes
  /// are the image's.
  bool bordered = false;
  mlir::AffineExpr firstRow, imageRows;
  int64_t rowDilation = 1, pixelDilation = 1, pixelStride = 1, firstPixel = 0, imagePixels = 0;
  llvm::SmallVector<mlir::AffineExpr> position;
  mlir::Value init;
};

/// Whether the innermost dim of the result is in both operands, and no dim is in the weights alone.
bool isDepthwise(mlir::linalg::LinalgOp root);
llvm::FailureOr<DepthwiseProblem> analyzeDepthwise(FusedKernel &kernel, mlir::linalg::LinalgOp root,
                                                   std::string &reason);
void emitDepthwise(FusedKernel &kernel, const DepthwiseProblem &problem);

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_CONVOLUTIONDEPTHWISE_H
