//===- Passes.td - passes on TorchScript programs --------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_TRANSFORMS_PASSES
#define WICK_DIALECT_TS_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

#endif // WICK_DIALECT_TS_TRANSFORMS_PASSES
