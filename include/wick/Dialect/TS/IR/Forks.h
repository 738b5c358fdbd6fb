//===- Forks.h - which fork an operation comes from --------------------------===//
//
// Forked code stands where it was forked. Locations remember that it was, through all rewriting: it tells which
// operations may be worth running beside others, and never what they mean.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_FORKS_H
#define WICK_DIALECT_TS_IR_FORKS_H

#include "mlir/IR/Location.h"

namespace wick::ts {

/// The location with the number of a fork, which is inside of those that it has already.
mlir::Location addFork(mlir::Location loc, int64_t number);
/// The forks of a location, the outermost first.
llvm::SmallVector<int64_t> getForks(mlir::Location loc);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_FORKS_H
