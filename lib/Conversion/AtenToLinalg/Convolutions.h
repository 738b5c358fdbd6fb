//===- Convolutions.h - what lowerings of convolutions share ----------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_CONVOLUTIONS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_CONVOLUTIONS_H

#include "Shapes.h"

namespace wick {

/// "{} x {}" for as many numbers as there are dims of space.
std::string getSpaceForm(int64_t space);
/// LibTorch's text for a window that is larger than the padded input, whose sizes stand for the first numbers.
std::string getKernelForm(int64_t space);

/// Raises LibTorch's errors where the input has not as many channels as the weight, or the bias not as many as the
/// result. A transposed convolution gives no groups.
void checkChannels(ShapeBuilder &shapes, const ShapedValue &input, const ShapedValue &weight, const ShapedValue &bias,
                   mlir::Value channels, mlir::Value results, mlir::Value groups);

/// A convolution whose window, channels, groups or padding only run time knows: one generic with channels first, which
/// reads the window where the padded input has it.
class MeasuredConvolution {
public:
  /// The input is [N, C, space...] or without N, the weight [O, C / groups, window...].
  MeasuredConvolution(ShapeBuilder &shapes, ShapedValue input, ShapedValue weight, ShapedValue bias, mlir::Value groups,
                      llvm::ArrayRef<int64_t> stride, llvm::ArrayRef<int64_t> dilation);

  /// Checks the operands and finds the sizes of space. No widths of padding stand for as many as leave the result the
  /// size of the input.
  void measure(llvm::ArrayRef<mlir::Value> padding);
  /// `dims` are what is known of the result.
  ShapedValue build(llvm::ArrayRef<mlir::AffineExpr> dims);

private:
  ShapeBuilder &shapes;
  ScalarBuilder numbers;
  ShapedValue input, weight, bias;
  /// Null where it is not known.
  mlir::AffineExpr groups;
  mlir::Value groupCount;
  llvm::ArrayRef<int64_t> stride, dilation;
  int64_t space;
  llvm::SmallVector<mlir::Value> windows;
  /// Of each dim of space: padding, and the size of the result.
  llvm::SmallVector<mlir::OpFoldResult> low, high, places;

  void checkWeight();
  ShapedValue sum(llvm::ArrayRef<mlir::AffineExpr> dims, llvm::ArrayRef<mlir::OpFoldResult> sizes);
};

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_CONVOLUTIONS_H
