//===- InitAllDialects.h - registration of all dialects of Wick ------------===//
#ifndef WICK_INITALLDIALECTS_H
#define WICK_INITALLDIALECTS_H

#include "mlir/IR/DialectRegistry.h"

namespace wick {

/// Adds every dialect of Wick and the external models it needs to `registry`.
inline void registerAllDialects(mlir::DialectRegistry &registry) {}

} // namespace wick

#endif // WICK_INITALLDIALECTS_H
