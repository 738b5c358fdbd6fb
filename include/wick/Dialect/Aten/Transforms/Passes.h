//===- Passes.h - passes on tensor operators -------------------------------===//
#ifndef WICK_DIALECT_ATEN_TRANSFORMS_PASSES_H
#define WICK_DIALECT_ATEN_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace wick::aten {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "wick/Dialect/Aten/Transforms/Passes.h.inc"
} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_TRANSFORMS_PASSES_H
