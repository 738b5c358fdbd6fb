//===- Passes.h - passes that turn kernels into CPU code -------------------===//
#ifndef WICK_TARGET_CPU_PASSES_H
#define WICK_TARGET_CPU_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace wick::cpu {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "wick/Target/CPU/Passes.h.inc"
} // namespace wick::cpu

#endif // WICK_TARGET_CPU_PASSES_H
