//===- RuntimeFunctions.h - what is left to the runtime ----------*- C++ -*-===//
//
// Which operators the runtime carries out (include/wick/Runtime/Functions.def), and which
// types its values can have. The phases up to linalg resolve what they can; what is left
// over must be one of these.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_RUNTIMEFUNCTIONS_H
#define WICK_DIALECT_TS_IR_RUNTIMEFUNCTIONS_H

#include "wick/Dialect/TS/IR/TSDialect.h"
#include "wick/Runtime/ABI.h"

namespace wick::ts {

/// The function that makes the state of a session, and the attribute that marks it. On an argument of an entry the
/// attribute says which result of that function it is.
inline constexpr llvm::StringLiteral kStateFunction = "__state", kStateAttr = "ts.state";
/// On an argument: the only value that the code is made for.
inline constexpr llvm::StringLiteral kValueAttr = "ts.value";
/// Of an entry: PyTorch's text for the method.
inline constexpr llvm::StringLiteral kDeclarationAttr = "ts.declaration";
/// Of an argument of an entry, what the code takes `requires_grad` of it to be.
inline constexpr llvm::StringLiteral kRequiresGradAttr = "ts.requires_grad";
/// Of an entry that is `__exit__` of a class, which callers do not see: the class.
inline constexpr llvm::StringLiteral kExitAttr = "ts.exit";
/// Of an attribute of a class: what its dicts hold, by key. For each tensor in containers of its type, in order, an
/// array of pairs: a string and the type of what is stored under it, or a unit and that of what is under other keys. It
/// is empty where the program names no key.
inline constexpr llvm::StringLiteral kRecordsAttr = "ts.records";
/// Of the function that makes the state: for each result the path of the object, and the names of its slots in use.
inline constexpr llvm::StringLiteral kStatePathsAttr = "ts.paths", kStateSlotsAttr = "ts.slots";

/// The function for an op of the `ts` dialect or an operator, without regard to its types.
std::optional<wick_function> getRuntimeFunction(mlir::Operation *op);
/// Whether the runtime can carry out an op, with the types that it has.
bool isRuntimeOperation(mlir::Operation *op);

/// Whether an operation is a view, or a copy in order, that the compiler has the runtime make of a tensor: its type
/// says what it shows.
bool isRuntimeView(mlir::Operation *op);

/// Operators that functions of the prelude stand for where they are called: all elements of the memory that a tensor is
/// a view of, in one dim, and which of them is its first. Of a tensor that lies in order in memory that is not known
/// they are its own elements, and 0.
inline constexpr llvm::StringLiteral kMemoryOperator = "wick::memory", kMemoryOffsetOperator = "wick::memory_offset";

/// Adds a schema that the archive may not have: of an operator that writes, and gives, the arguments `writes`.
void addSchema(mlir::ModuleOp module, llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> arguments,
               llvm::ArrayRef<int64_t> writes = {});
/// The result of an operator that the archive may not have: adds its schema, and creates it.
mlir::Value createOperator(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                           llvm::ArrayRef<llvm::StringRef> arguments, mlir::Type result, mlir::ValueRange operands,
                           llvm::ArrayRef<int64_t> writes = {});

/// Whether values of a type exist at run time.
bool hasRuntimeValues(mlir::Type type);
/// The wick_tag of all values of a type; none where it differs from value to value.
std::optional<wick_tag> getRuntimeTag(mlir::Type type);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_RUNTIMEFUNCTIONS_H
