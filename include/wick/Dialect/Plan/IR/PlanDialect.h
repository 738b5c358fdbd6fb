//===- PlanDialect.h - what runs where with which memory
//-------------------===//
#ifndef WICK_DIALECT_PLAN_IR_PLANDIALECT_H
#define WICK_DIALECT_PLAN_IR_PLANDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "wick/Dialect/Plan/IR/PlanDialect.h.inc"

#define GET_OP_CLASSES
#include "wick/Dialect/Plan/IR/PlanOps.h.inc"

namespace wick::plan {

/// Unit attribute of functions that are kernels.
inline constexpr llvm::StringLiteral kKernelAttr = "plan.kernel";
/// Unit attribute of functions that compute a chunk of the work items of a
/// kernel.
inline constexpr llvm::StringLiteral kWorkAttr = "plan.work";
/// Unit attribute of functions that are parts of a method and run beside others.
inline constexpr llvm::StringLiteral kTaskAttr = "plan.task";
/// Unit attribute of the function that computes the constants of a program.
inline constexpr llvm::StringLiteral kConstantsAttr = "plan.constants";
/// A method as its users see it, in the form of the manifest
/// (Artifact/Format.h).
inline constexpr llvm::StringLiteral kSignatureAttr = "plan.signature";

} // namespace wick::plan

#endif // WICK_DIALECT_PLAN_IR_PLANDIALECT_H
