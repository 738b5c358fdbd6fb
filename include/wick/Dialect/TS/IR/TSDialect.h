//===- TSDialect.h - the dialect of TorchScript programs -------------------===//
#ifndef WICK_DIALECT_TS_IR_TSDIALECT_H
#define WICK_DIALECT_TS_IR_TSDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <optional>

#include "wick/Dialect/TS/IR/TSDialect.h.inc"

#define GET_TYPEDEF_CLASSES
#include "wick/Dialect/TS/IR/TSTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "wick/Dialect/TS/IR/TSAttrs.h.inc"

#define GET_OP_CLASSES
#include "wick/Dialect/TS/IR/TSOps.h.inc"

namespace wick::ts {

/// The folder in the locations of functions that the compiler adds to a program: errors show the call of one instead.
inline constexpr llvm::StringLiteral kOwnSources = "<wick>/";

/// Element types of a tuple or named tuple.
llvm::ArrayRef<mlir::Type> getTupleElementTypes(mlir::Type tuple);
/// The types of what a container, tuple or optional holds, in order; of a dict, of keys and of values.
llvm::SmallVector<mlir::Type> getPartTypes(mlir::Type type);
/// Whether a type is a dict of tensors, or of optional ones, which programs use as a record: keys may be constants.
bool isRecord(mlir::Type type);

/// Whether a value of type `from` may stand where `to` is expected, as
/// A tuple type like `tuple`, named or not, with other element types.
mlir::Type getTupleType(mlir::Type tuple, llvm::ArrayRef<mlir::Type> elements);
/// A type without what is known of the tensors in it: the type that TorchScript knows.
mlir::Type eraseTensorTypes(mlir::Type type);
/// TorchScript's `isSubtypeOf` (lists and dicts are invariant). What is known of tensors is no part of it.
bool isSubtype(mlir::Type from, mlir::Type to);

/// PyTorch's `ScalarType` number of an element type, e.g. 6 for f32.
std::optional<int64_t> getScalarTypeNumber(mlir::Type dtype);

/// The elements of a list that is built once and that nothing can mutate: all
/// its uses are operators whose schemas do not write it. Fails otherwise.
llvm::FailureOr<mlir::OperandRange> getImmutableListElements(mlir::Value list);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_TSDIALECT_H
