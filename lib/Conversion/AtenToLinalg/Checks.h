//===- Checks.h - conditions that hold or raise at run time -----------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_CHECKS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_CHECKS_H

#include "Shapes.h"

namespace wick {

/// Ends the call with a RuntimeError where an i1 holds.
void raiseIf(ShapeBuilder &shapes, mlir::Value condition, llvm::StringRef message);
/// The same with a message in which numbers, of type i64 or index, stand for each "{}" in turn.
void raiseIf(ShapeBuilder &shapes, mlir::Value condition, llvm::StringRef form, llvm::ArrayRef<mlir::Value> numbers);
/// Raises LibTorch's error of `select` unless an index is in [-size, size) of a dim.
void checkPosition(ShapeBuilder &shapes, mlir::Value index, const ShapedValue &source, int64_t dim);
/// Raises LibTorch's errors of `narrow` unless `length` indices from `start` on are in [0, size).
/// `asked` is the start as it was given, which may count from the end.
void checkRange(ShapeBuilder &shapes, mlir::Value asked, mlir::OpFoldResult start, mlir::OpFoldResult length,
                mlir::OpFoldResult size);
/// Raises unless every index of a tensor is in [0, size), or in [-size, size) where indices may count from the end. The
/// error names `dim`, or is that of a table where there is none.
void checkIndices(ShapeBuilder &shapes, const ShapedValue &indices, mlir::Value size, bool fromEnd,
                  std::optional<int64_t> dim);
/// Raises LibTorch's error for a tensor of `all` sizes where one of `sizes` is negative.
void checkNotNegative(ShapeBuilder &shapes, llvm::ArrayRef<mlir::OpFoldResult> sizes,
                      llvm::ArrayRef<mlir::OpFoldResult> all);
/// Raises unless two sizes, as indices, are equal or, with `atMost`, the first is no larger than the second.
/// The numbers stand for each "{}" of the message.
void checkSizes(ShapeBuilder &shapes, mlir::Value size, mlir::Value other, bool atMost, llvm::StringRef message,
                llvm::ArrayRef<mlir::Value> numbers = {});
/// The same for dim `i` of one tensor and `j` of another, about which nothing is left to check where their sizes are
/// the same expression.
void checkSizes(ShapeBuilder &shapes, const ShapedValue &tensor, int64_t i, const ShapedValue &other, int64_t j,
                bool atMost, llvm::StringRef message, llvm::ArrayRef<mlir::Value> numbers = {});
/// Whether any of some sizes is less than a number; null where none can be.
mlir::Value findSmaller(ShapeBuilder &shapes, llvm::ArrayRef<mlir::OpFoldResult> sizes, int64_t least);
/// Sizes as values of type index, such as the numbers of a message.
llvm::SmallVector<mlir::Value> getNumbers(ShapeBuilder &shapes, llvm::ArrayRef<mlir::OpFoldResult> sizes);
llvm::SmallVector<mlir::Value> getNumbers(ShapeBuilder &shapes, const ShapedValue &tensor);
/// Raises if a number, an i64 or f64 of the program, is none of a dtype, as where a tensor is filled with it.
void checkOverflow(ShapeBuilder &shapes, mlir::Value number, mlir::Type dtype);
/// Raises if something is divided and an integer divisor, a number or any element of a tensor, is zero. Takes dividend
/// and divisor, and what they are after conversion. Does nothing where a division in `dtype` has a result for zero.
void checkDivisor(ShapeBuilder &shapes, mlir::ValueRange operands, mlir::ValueRange converted, mlir::Type dtype);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_CHECKS_H
