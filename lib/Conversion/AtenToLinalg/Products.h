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
  /// Sizes of the result that neither an expression nor a dim of an operand tells.
  llvm::SmallVector<mlir::OpFoldResult> sizes;
  /// LibTorch's text where sizes differ, and the numbers in it.
  std::string misfit;
  llvm::SmallVector<mlir::Value> numbers;

  /// Chooses the text by the ranks of the operands.
  void setMisfit(ShapeBuilder &shapes, bool transposeRhs);

  /// The result in the accumulator's dtype: f32 for small floats.
  ShapedValue build(ShapeBuilder &shapes) const;
};

/// The product of matrices in the last two dims. Leading dims of size one are repeated where types tell, and with
/// `broadcasts` where only run time does.
ShapedValue buildMatmul(ShapeBuilder &shapes, ShapedValue lhs, ShapedValue rhs, bool transposeRhs = false,
                        bool broadcasts = false);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_PRODUCTS_H
