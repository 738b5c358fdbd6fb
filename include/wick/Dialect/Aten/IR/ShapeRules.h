//===- ShapeRules.h - what the type rules of operators share ----------------===//
//
// Sizes are affine expressions over symbols; null is an unknown size. A symbol is
// the size of a dim of an argument and taken to be at least one.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_SHAPERULES_H
#define WICK_DIALECT_ATEN_IR_SHAPERULES_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"

namespace wick::aten {

// An error of a type rule says that the operation never succeeds, in LibTorch's words where a user may meet them, for
// code that raises it takes its place.

/// A dim that may count from the end, in [0, rank). Where it is out of range an error is emitted at `op`; a tensor
/// without dims takes -1 and 0, as in PyTorch.
llvm::FailureOr<int64_t> wrapDim(mlir::Operation *op, int64_t dim, int64_t rank);
/// As `wrapDim` for each; an error if a dim comes twice.
llvm::FailureOr<llvm::SmallVector<int64_t>> wrapDims(mlir::Operation *op, llvm::ArrayRef<int64_t> dims, int64_t rank);

/// The type with another shape, or with none known.
ts::TensorType withDims(ts::TensorType type, llvm::ArrayRef<mlir::AffineExpr> dims);
ts::TensorType withoutRank(ts::TensorType type);
/// The type with another dtype.
ts::TensorType withDtype(ts::TensorType type, mlir::Type dtype);

/// The value of a size that is a constant.
std::optional<int64_t> getConstant(mlir::AffineExpr size);
bool isConstant(mlir::AffineExpr size, int64_t value);
/// A constant that a size is never less than.
std::optional<int64_t> getLowerBound(mlir::AffineExpr size);
/// Whether the sizes cannot be equal.
bool areDistinct(mlir::AffineExpr a, mlir::AffineExpr b);
/// Of two sizes that have to be equal the one of which more is known.
mlir::AffineExpr getMoreKnown(mlir::AffineExpr a, mlir::AffineExpr b);
/// The sum, difference and simplest form; null when a part is.
mlir::AffineExpr add(mlir::AffineExpr a, mlir::AffineExpr b);
mlir::AffineExpr subtract(mlir::AffineExpr a, mlir::AffineExpr b);
mlir::AffineExpr simplifySize(mlir::AffineExpr size);

/// The number of elements; null when a size is unknown.
mlir::AffineExpr getNumElements(llvm::ArrayRef<mlir::AffineExpr> dims, mlir::MLIRContext *context);
/// a / b, of which it is known that there is no remainder. Common factors cancel.
mlir::AffineExpr divideExactly(mlir::AffineExpr a, mlir::AffineExpr b);
/// The shape to which two shapes broadcast.
llvm::FailureOr<llvm::SmallVector<mlir::AffineExpr>>
broadcastDims(mlir::Operation *op, llvm::ArrayRef<mlir::AffineExpr> a, llvm::ArrayRef<mlir::AffineExpr> b);
/// The shape of a view of given sizes, of which one may be -1.
llvm::FailureOr<llvm::SmallVector<mlir::AffineExpr>>
inferViewDims(mlir::Operation *op, llvm::ArrayRef<mlir::AffineExpr> dims, llvm::ArrayRef<mlir::AffineExpr> sizes);
/// The size of the slice [start, end) with a step of a dim; bounds are null when they are unknown.
mlir::AffineExpr inferSliceSize(mlir::AffineExpr size, mlir::AffineExpr start, mlir::AffineExpr end, int64_t step);

/// A list with one entry for each of `count` dims; one entry stands for all. Fails, with an error, at other lengths,
/// and gives nothing where the list is not known.
llvm::FailureOr<std::optional<llvm::SmallVector<int64_t>>>
getSpatialList(mlir::Operation *op, Facts &facts, mlir::Value list, llvm::StringRef name, int64_t count);

/// Unifies the dtypes of operands that have to agree.
llvm::FailureOr<mlir::Type> unifyDtypes(mlir::Operation *op, llvm::ArrayRef<ts::TensorType> operands);
/// Of a `ScalarType` operand: the dtype, or `otherwise` when it is None; null when it is not known.
mlir::Type getDtypeOr(Facts &facts, mlir::Value scalarType, mlir::Type otherwise);

/// "s0" and "[2, 3, s0]" for error messages.
std::string printSize(mlir::AffineExpr size);
std::string printSizes(llvm::ArrayRef<mlir::AffineExpr> dims);

/// Constants and lists of constants as operands of new ops.
mlir::Value buildInt(mlir::OpBuilder &builder, mlir::Location loc, int64_t value);
mlir::Value buildIntList(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int64_t> values);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_SHAPERULES_H
