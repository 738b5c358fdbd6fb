//===- DtypeChecks.h - dtypes that operators refuse -------------------------===//
//
// What an operator does not take it refuses as LibTorch does, with its text. The
// texts of all operators stand in one table, so that type rules need to know
// only what is valid.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_DTYPECHECKS_H
#define WICK_DIALECT_ATEN_IR_DTYPECHECKS_H

#include "wick/Dialect/Aten/IR/Facts.h"

namespace wick::aten {

/// Fails, with LibTorch's error at `op`, when operands are known to have dtypes that it does not take.
llvm::LogicalResult checkDtypes(mlir::Operation *op, Facts &facts);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_DTYPECHECKS_H
