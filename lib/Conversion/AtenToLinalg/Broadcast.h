//===- Broadcast.h - operands whose sizes run time compares -----------------===//
//
// A map over elements is made for sizes that are equal, or one where types say so. Where
// only run time tells, sizes are compared there, and an operand that turns out to be one
// is repeated in memory first, in a branch, so that the map itself stays what it is.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_BROADCAST_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_BROADCAST_H

#include "Shapes.h"

namespace wick {

/// Of operand `k`, the dim that is to fit common dim `i`; -1 where nothing is to be compared.
using OwnDim = llvm::function_ref<int64_t(unsigned k, int64_t i)>;
/// Raises, in a condition, for common dim `i`, which is of size `common`, and an operand that has `size` there.
using RaiseMisfit =
    llvm::function_ref<void(mlir::Value condition, unsigned k, int64_t i, mlir::Value common, mlir::Value size)>;

/// Checks operands against each other and repeats those of size one, so that all have one size in each of `rank` common
/// dims. Where all have one expression nothing is compared; what is has no expression afterwards.
void broadcastTogether(ShapeBuilder &shapes, llvm::MutableArrayRef<ShapedValue> tensors, int64_t rank, OwnDim ownDim,
                       RaiseMisfit raiseMisfit);
/// The same in LibTorch's words for operators on elements.
void broadcastTogether(ShapeBuilder &shapes, llvm::MutableArrayRef<ShapedValue> tensors, int64_t rank, OwnDim ownDim);
/// The same for operands of a map.
void broadcastOperands(ShapeBuilder &shapes, mlir::RankedTensorType result, llvm::SmallVectorImpl<mlir::Value> &tensors,
                       llvm::ArrayRef<mlir::RankedTensorType> types);

/// How an operator tells that a tensor does not fit: as the first or second of two, or as one that is expanded.
enum class Misfit { First, Second, Expansion };

/// A tensor of at most as many dims that fits given sizes, of which those without an expression are in `sizes`:
/// checked, and repeated where that is not left to a map because types say that a size is one.
ShapedValue broadcastTo(ShapeBuilder &shapes, const ShapedValue &tensor, llvm::ArrayRef<mlir::AffineExpr> dims,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes, Misfit misfit);
/// The same for an operator with an error of its own, raised in a condition for dim `i`, which is to be of size
/// `needed`.
using RaiseUnfit = llvm::function_ref<void(mlir::Value condition, int64_t i, mlir::Value needed, mlir::Value size)>;
ShapedValue broadcastTo(ShapeBuilder &shapes, const ShapedValue &tensor, llvm::ArrayRef<mlir::AffineExpr> dims,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes, RaiseUnfit raiseUnfit);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_BROADCAST_H
