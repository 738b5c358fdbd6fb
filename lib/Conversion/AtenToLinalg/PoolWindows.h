//===- PoolWindows.h - windows of pools that stand anywhere -----------------===//
//
// Pools whose windows are not what an operator of linalg takes: of sizes that differ, with indices, or such as only run
// time knows. Each element of the result reads its window where that stands in the image, in which the dims of space
// are the last ones; what is outside does not count.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_POOLWINDOWS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_POOLWINDOWS_H

#include "Shapes.h"

namespace wick {

/// Where the windows over one dim of space stand: their `length` elements are `step` apart, one where that is null, and
/// those from `end` on or outside the image do not count.
struct WindowRange {
  mlir::OpFoldResult step, length;
  std::function<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::Value place)> start, end;
};

/// The lowest value of a dtype, which no window has as its largest unless it is all there is.
double getLowest(mlir::Type dtype);

/// The largest element of each window and its flat index in the image; the first of equal elements, and the last NaN.
/// `dims` are what is known of the sizes of the result.
std::pair<ShapedValue, ShapedValue> buildIndexedPool(ShapeBuilder &shapes, const ShapedValue &source,
                                                     llvm::ArrayRef<mlir::AffineExpr> dims,
                                                     llvm::ArrayRef<mlir::OpFoldResult> sizes,
                                                     llvm::ArrayRef<WindowRange> ranges);

/// A pool with lists whose numbers only run time knows, or over sizes of which types tell too little.
class MeasuredPool {
public:
  /// Fails where not even the number of windows is known.
  static llvm::FailureOr<MeasuredPool> get(ShapeBuilder &shapes, mlir::Operation *op, const ShapedValue &source,
                                           mlir::Value window, mlir::Value stride, mlir::Value padding,
                                           mlir::Value dilation, mlir::Value ceilMode);

  /// Raises LibTorch's errors.
  void check();
  /// As `buildIndexedPool`.
  std::pair<ShapedValue, ShapedValue> findLargest(llvm::ArrayRef<mlir::AffineExpr> dims);
  /// The mean of each window, in the accumulator's dtype: divided by a number, or else by how many elements count.
  ShapedValue average(llvm::ArrayRef<mlir::AffineExpr> dims, std::optional<int64_t> divisor, bool includePad);

private:
  MeasuredPool(ShapeBuilder &shapes, mlir::Operation *op, const ShapedValue &source)
      : shapes(shapes), op(op), source(source) {}

  int64_t space() const { return window.size(); }
  void checkLists();
  llvm::SmallVector<WindowRange> getRanges();
  mlir::Value countElements(ScalarBuilder &s, bool includePad);

  ShapeBuilder &shapes;
  mlir::Operation *op;
  ShapedValue source;
  /// Of each dim of space, as indices.
  llvm::SmallVector<mlir::Value> window, stride, padding, dilation, sizes, places;
  bool ceil = false;
};

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_POOLWINDOWS_H
