//===- Casts.h - values under casts of their static type ---------*- C++ -*-===//
#ifndef WICK_DIALECT_TS_IR_CASTS_H
#define WICK_DIALECT_TS_IR_CASTS_H

#include "wick/Dialect/TS/IR/TSDialect.h"

namespace wick::ts {

/// The value before it was widened to an optional, a number or a union.
inline mlir::Value stripUpcasts(mlir::Value value) {
  while (auto upcast = value.getDefiningOp<UpcastOp>())
    value = upcast.getValue();
  return value;
}

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_CASTS_H
