//===- Dtypes.h - the dtypes of tensors ------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_DTYPES_H
#define WICK_DIALECT_ATEN_IR_DTYPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace wick::aten {

/// The element type for a `ScalarType` of PyTorch, as archives write it (6 is float32); null where there is none.
mlir::Type getDtype(mlir::MLIRContext *context, int64_t scalarType);
/// Whether a dtype is bool, an int, a float or complex: 0, 1, 2 or 3. `torch.can_cast` is to no lower one.
int getCategory(mlir::Type dtype);
/// The dtype to which operands of two dtypes of equal standing are converted (`torch.promote_types`); the other one
/// where one is null.
mlir::Type promoteDtypes(mlir::Type a, mlir::Type b);
/// Fails, with LibTorch's error at `op`, where in-place operators do not store a result of one dtype into a tensor of
/// another: into a lower category of bool, integers, floats and complex.
llvm::LogicalResult checkCast(mlir::Operation *op, mlir::Type from, mlir::Type to);
/// The names that LibTorch's errors have for a dtype: of `ScalarType`, as Long, and of C++, as long int.
std::string getScalarTypeName(mlir::Type dtype);
std::string getCppName(mlir::Type dtype);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_DTYPES_H
