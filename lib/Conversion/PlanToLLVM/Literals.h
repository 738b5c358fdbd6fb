//===- Literals.h - constants of the code that are objects -------*- C++ -*-===//
#ifndef WICK_LIB_CONVERSION_PLANTOLLVM_LITERALS_H
#define WICK_LIB_CONVERSION_PLANTOLLVM_LITERALS_H

#include "mlir/IR/Attributes.h"
#include "wick/Runtime/ABI.h"

#include <string>

namespace wick::lowering {

/// The kind of a string or of the value of a `ts.literal`.
wick_tag getLiteralTag(mlir::Attribute value);
/// Its bytes: see wick_literal.
std::string encodeLiteral(mlir::Attribute value);

} // namespace wick::lowering

#endif // WICK_LIB_CONVERSION_PLANTOLLVM_LITERALS_H
