//===- Passes.h - passes on kernels, launches and memory -------------------===//
#ifndef WICK_DIALECT_PLAN_TRANSFORMS_PASSES_H
#define WICK_DIALECT_PLAN_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace wick::plan {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

#endif // WICK_DIALECT_PLAN_TRANSFORMS_PASSES_H
