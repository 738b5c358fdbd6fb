//===- Literals.h - constants of generated code ------------------*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_LITERALS_H
#define WICK_LIB_RUNTIME_LITERALS_H

#include "wick/Runtime/ABI.h"

namespace wick::runtime {

/// Makes the object that a literal describes, which the caller owns and which several threads may read at once. Throws
/// an Error where the description is damaged.
wick_value makeLiteral(const wick_literal &literal);

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_LITERALS_H
