//===- Parts.h - indices and bounds of parts of a dim -----------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_PARTS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_PARTS_H

#include "Shapes.h"

namespace wick {

/// A constant dim, counted from the front. Fails where it is not constant.
llvm::FailureOr<int64_t> findPartDim(mlir::Operation *op, mlir::Value dim, int64_t rank);
/// An index that may count from the end, as a position in a dim of the given size.
mlir::OpFoldResult getPosition(ShapeBuilder &shapes, mlir::Value index, mlir::OpFoldResult size);

/// The range of indices that a slice takes of a dim.
struct SlicedDim {
  int64_t dim;
  mlir::OpFoldResult start, size, step;
  /// The size as an expression; null where it is known only at run time.
  mlir::AffineExpr sizeExpr;

  /// `sliced` has the shape of the slice: of it only the dims are used.
  static llvm::FailureOr<SlicedDim> find(ShapeBuilder &shapes, mlir::Operation *op, const ShapedValue &source,
                                         mlir::Value dim, mlir::Value start, mlir::Value end, mlir::Value step,
                                         const ShapedValue &sliced);
};

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_PARTS_H
