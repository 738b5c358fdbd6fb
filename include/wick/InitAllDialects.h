//===- InitAllDialects.h - registration of all dialects of Wick ------------===//
#ifndef WICK_INITALLDIALECTS_H
#define WICK_INITALLDIALECTS_H

#include "mlir/IR/DialectRegistry.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

namespace wick {

/// Adds every dialect of Wick and the external models it needs to `registry`.
inline void registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<aten::AtenDialect, plan::PlanDialect, ts::TSDialect>();
}

} // namespace wick

#endif // WICK_INITALLDIALECTS_H
