//===- Reductions.h - reductions over dims of tensors ----------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_REDUCTIONS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_REDUCTIONS_H

#include "Utils.h"

#include "mlir/Transforms/DialectConversion.h"

namespace wick {

/// A reduction: elements of the operands (in storage form) and the accumulator so far give the next accumulator.
/// Operands broadcast over the dims of the first.
using ReductionBody = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange elements,
                                                     mlir::Value accumulator)>;

/// Reduces the tensors over `dims`, starting at `init`, whose type is that of the elements of the result. The result
/// has the dims that are left, in order. `originals` are the types before conversion.
mlir::Value createReduction(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange operands,
                            llvm::ArrayRef<mlir::RankedTensorType> originals, llvm::ArrayRef<int64_t> dims,
                            mlir::Value init, ReductionBody body);
/// The sum of f(element) in compute form over dims; `dtype` is that of the operand.
mlir::Value createSum(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value operand,
                      mlir::RankedTensorType original, llvm::ArrayRef<int64_t> dims);
/// Puts dims of size 1 back where `dims` were reduced, if `keepdim`.
mlir::Value restoreDims(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value reduced,
                        mlir::RankedTensorType original, llvm::ArrayRef<int64_t> dims, bool keepdim);
/// The original type of a reduction without `keepdim` in some dtype.
mlir::RankedTensorType getReducedType(mlir::RankedTensorType original, llvm::ArrayRef<int64_t> dims, mlir::Type dtype);
/// The number of elements of some dims, as an integer.
mlir::Value createCount(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value operand,
                        mlir::RankedTensorType original, llvm::ArrayRef<int64_t> dims);

/// Running sums, products and extrema: Scan.cpp.
void populateScanPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_REDUCTIONS_H
