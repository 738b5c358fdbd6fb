//===- InputSpec.h - what a user says of the arguments of a method ---------===//
//
//   spec   ::= [method ':'] [name '='] (tensor | value)
//   tensor ::= (dim 'x')* dtype            BxSx3xf32, f32 (no dims)
//   dim    ::= integer | name | '?'        equal names are equal sizes, '?' is free
//   value  ::= integer | float | 'true' | 'false' | 'none'
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_INPUTSPEC_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_INPUTSPEC_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"

#include <optional>
#include <string>

namespace wick::ts {

struct InputSpec {
  /// As the user wrote it, for messages.
  std::string text;
  /// Empty: every method, the next argument in order.
  std::string method, name;
  /// Of a tensor: sizes ("3", "B", "?") and the dtype. A dtype without sizes may also be the type of a number.
  llvm::SmallVector<std::string> dims;
  mlir::Type dtype;
  /// Of a value: an attribute; UnitAttr is None.
  mlir::Attribute value;

  bool isValue() const { return bool(value); }
};

/// Parses a specification; an error explains what is wrong with it.
std::optional<InputSpec> parseInputSpec(llvm::StringRef text, mlir::MLIRContext *context, std::string &error);

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_INPUTSPEC_H
