//===- Passes.td - passes on kernels, launches and memory ------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_PLAN_TRANSFORMS_PASSES
#define WICK_DIALECT_PLAN_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

#endif // WICK_DIALECT_PLAN_TRANSFORMS_PASSES
