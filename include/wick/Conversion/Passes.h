//===- Passes.h - passes from one dialect to another -----------------------===//
#ifndef WICK_CONVERSION_PASSES_H
#define WICK_CONVERSION_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace wick {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "wick/Conversion/Passes.h.inc"
} // namespace wick

#endif // WICK_CONVERSION_PASSES_H
