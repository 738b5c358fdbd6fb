//===- InputSpec.h - what a user says of the arguments of a method ---------===//
//
//   spec   ::= [method ':'] [name '='] (tensor | value)
//            | [method ':'] name '=' '&' name                    an argument is another one, given again
//            | '@' class '(' attribute '=' structure ',' … ')'    what objects of a class hold, among other things
//   tensor ::= (dim 'x')* dtype [' requires_grad']            BxSx3xf32, f32 (no dims)
//            | tensor '|' tensor           4xf32|?xi64, what a slot or container holds either of
//   dim    ::= integer | name | '?'        equal names are equal sizes, '?' is free
//   value  ::= integer | float | 'true' | 'false' | 'none'
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_INPUTSPEC_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_INPUTSPEC_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

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
  /// Of a tensor: what `requires_grad` of it is.
  bool requiresGrad = false;
  /// The other argument that this one is, or empty.
  std::string repeated;
  /// Of a tensor of one of several types: each, where the dims and dtype are those of the first.
  std::vector<InputSpec> alternatives;
  /// Of a value: an attribute; UnitAttr is None.
  mlir::Attribute value;
  /// Of an example argument: a container with its elements, one for all of a list, key and value of a dict; or the name
  /// of another type, with '_' for what is not known.
  enum class Kind { Plain, Tuple, List, Dict, Object, Other } kind = Kind::Plain;
  std::vector<InputSpec> elements;
  /// Of a dict whose values differ by key: some keys, and what is under each. "" stands for all others.
  std::vector<std::string> keys;
  std::vector<InputSpec> entries;
  /// Of an object: the attributes that the elements are of. Its class is the type's name.
  std::vector<std::string> attributes;
  /// Of a list: its length, if that is a part of the specification.
  std::optional<unsigned> length;
  /// Of a list of numbers, or of such lists, that is given by its values: those, and its length is their number.
  mlir::ArrayAttr values;
  std::string typeName;
  /// Whether None may be given instead, or others in the container may be; the declared type says so as well, or is
  /// open.
  bool mayBeNone = false;
  /// Whether it is of no argument, but of all objects of the class.
  bool isOfClass = false;

  bool isValue() const { return bool(value); }
  bool isTensor() const { return kind == Kind::Plain && dtype; }
  /// The argument's number, when that stands in place of a name.
  std::optional<unsigned> getPosition() const;
};

/// Whether values of a type are told by it: no tensors are in them, whose dtype and rank code must know. What no
/// specification says of an optional one is known when it is given, or is None.
bool isPlain(mlir::Type type);

/// An error that callers can tell from one of the program: arguments are not what it takes.
mlir::InFlightDiagnostic emitInputError(mlir::Location loc);

/// The dtype of a name as "f32"; null when there is none.
mlir::Type parseDtype(llvm::StringRef text, mlir::MLIRContext *context);
/// Parses a specification: `[method:][name=]` and a tensor (`Bx3xf32`), a value (`3`, `0.5`, `true`, `none`) or, for an
/// argument that is given by its number or name, the structure of an example: `(f32, int)`, `[?x3xf32]`, a list of two
/// `[?x3xf32; 2]`, one with the values `[0, 1]`, `{str: 2xf32}`, one that holds what differs by key
/// `{str: "x"=2xf32, "n"=i64, *=f32}`, `Point(x=2xf32, n=int)`, `int`, `float`, `bool`,
/// `str`, `_`, with a '?' behind what may be None, `4xf32?` or `[f32?]`. Or what objects of a class hold:
/// `@__torch__.Decoder(cache=[?x8xf32])`. An error explains what is wrong with it.
std::optional<InputSpec> parseInputSpec(llvm::StringRef text, mlir::MLIRContext *context, std::string &error);

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_INPUTSPEC_H
