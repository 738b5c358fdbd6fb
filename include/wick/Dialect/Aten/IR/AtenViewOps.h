//===- AtenViewOps.h - other views of the same elements --------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENVIEWOPS_H
#define WICK_DIALECT_ATEN_IR_ATENVIEWOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenViewOps.h.inc"

namespace wick::aten {

/// For each dim of a result the dim of the operand; nothing where it is not known.
using Permutation = std::optional<llvm::SmallVector<int64_t>>;

/// How an op that only reorders dims (`transpose`, `permute`, `t`, `movedim`, …) does it. Fails, with an error emitted
/// at the op, when its operands are invalid.
llvm::FailureOr<Permutation> getPermutation(mlir::Operation *op, Facts &facts);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_ATENVIEWOPS_H
