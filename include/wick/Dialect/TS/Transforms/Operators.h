//===- Operators.h - which operators on values a program may have -*- C++ -*-===//
#ifndef WICK_DIALECT_TS_TRANSFORMS_OPERATORS_H
#define WICK_DIALECT_TS_TRANSFORMS_OPERATORS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace wick::ts {

/// What becomes of an operator of PyTorch's registry that is no op of a dialect: a rule rewrites it for some or all of
/// its operand types, the runtime carries it out, or it is dropped because it has no meaning in a compiled program.
enum class OperatorHome { Rule, Runtime, Dropped };

/// Calls `visit` with every operator that has such a home, by its name without the overload; with several homes, once
/// for each.
void visitOperators(llvm::function_ref<void(llvm::StringRef name, OperatorHome home)> visit);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_TRANSFORMS_OPERATORS_H
