//===- AtenDialect.h - tensor operators known natively ---------------------===//
//
// The dialect, its interface and the table from PyTorch's operators to ops. The
// ops themselves are declared in one header per family (`Aten<Family>Ops.h`);
// there is no header of all of them, because it would cost every file that uses
// one family the compile time of all.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENDIALECT_H
#define WICK_DIALECT_ATEN_IR_ATENDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "wick/Dialect/Aten/IR/Facts.h"
#include "wick/Dialect/Aten/IR/Layouts.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

namespace wick::aten {

/// What the dialect knows of an operator of PyTorch's registry.
struct SchemaEntry {
  /// The op that stands for it, e.g. "aten.add".
  mlir::OperationName op;
  /// Names of the op's operands, in order; they are the schema's argument names.
  llvm::ArrayRef<llvm::StringLiteral> operandNames;
  /// The first operator that the op stands for.
  llvm::StringRef first;
};

/// The attribute of an op that names the operator it was imported from where that has another name than the first that
/// the op stands for: only the op as a whole says how many dims a pooling has.
inline constexpr llvm::StringLiteral kSchemaAttr = "aten.schema";

/// On an op whose operands are checked where it stands, even if nothing uses its result.
inline constexpr llvm::StringLiteral kChecksAttr = "aten.checks";

/// On a `chunk` along a dim or into a number of parts that is not written in the code: of others LibTorch makes as many
/// results as the code unpacks, of this one a list.
inline constexpr llvm::StringLiteral kGivesListAttr = "aten.gives_list";

/// The attribute of an op that was imported with a memory format other than the one that such ops have by default: its
/// number in PyTorch, or -1 where only run time knows it.
inline constexpr llvm::StringLiteral kMemoryFormatAttr = "aten.memory_format";

/// On ops whose result has one element for each of the shape that their operands broadcast to.
template <typename ConcreteOp> class Pointwise : public mlir::OpTrait::TraitBase<ConcreteOp, Pointwise> {};

/// The name of an operator without its overload.
llvm::StringRef getBaseName(llvm::StringRef schema);

/// Effects of an op: none on builtin tensors; on references it reads memory and
/// allocates its results.
void getAtenEffects(mlir::Operation *op,
                    llvm::SmallVectorImpl<mlir::SideEffects::EffectInstance<mlir::MemoryEffects::Effect>> &effects);
mlir::Speculation::Speculatability getAtenSpeculatability(mlir::Operation *op);

} // namespace wick::aten

#include "wick/Dialect/Aten/IR/AtenInterfaces.h.inc"

#include "wick/Dialect/Aten/IR/AtenDialect.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENDIALECT_H
