//===- Passes.h - passes on TorchScript programs ---------------------------===//
#ifndef WICK_DIALECT_TS_TRANSFORMS_PASSES_H
#define WICK_DIALECT_TS_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace wick::ts {
/// The metadata of an error that is about what the caller says of arguments, not about the program.
inline constexpr llvm::StringLiteral kInputMismatch = "input mismatch";

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

#endif // WICK_DIALECT_TS_TRANSFORMS_PASSES_H
