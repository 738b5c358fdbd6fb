//===- Passes.td - passes from one dialect to another ----------------------*- tablegen -*-===//
#ifndef WICK_CONVERSION_PASSES
#define WICK_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

#endif // WICK_CONVERSION_PASSES
