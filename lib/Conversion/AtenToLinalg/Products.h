//===- Products.h - contractions as linalg.generic --------------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_PRODUCTS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_PRODUCTS_H

#include "Shapes.h"

namespace wick {

/// sum over the last loops of lhs * rhs, for a result over the first loops. Operands are read through projected
/// permutations of the loops, so that no operand has to be transposed. Dims of size one of an operand may be read at 0.
struct Product {
  ShapedValue lhs, rhs;
  mlir::AffineMap lhsMap, rhsMap;
  /// Sizes of the loops of the result, and of those that are summed over.
  llvm::SmallVector<mlir::AffineExpr> dims, summed;

  /// The result in the accumulator's dtype: f32 for small floats.
  ShapedValue build(ShapeBuilder &shapes) const;
};

/// The product of matrices in the last two dims, with leading dims that broadcast.
ShapedValue buildMatmul(ShapeBuilder &shapes, const ShapedValue &lhs, const ShapedValue &rhs,
                        bool transposeRhs = false);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_PRODUCTS_H
