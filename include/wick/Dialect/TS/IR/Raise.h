//===- Raise.h - code that raises --------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_RAISE_H
#define WICK_DIALECT_TS_IR_RAISE_H

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>

namespace wick::ts {

/// Raises an error of a class, or of none. What stands behind it in the block never runs.
void raise(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef message, llvm::StringRef cls = "");
/// The same with a message in which values, numbers of type index among them, stand for each "{}" in turn.
void raise(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef form, llvm::ArrayRef<mlir::Value> values);
/// Raises when `condition` holds at run time.
void raiseIf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value condition, llvm::StringRef message,
             llvm::StringRef cls = "");
void raiseIf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value condition, llvm::StringRef form,
             llvm::ArrayRef<mlir::Value> values);
/// "[{}, {}]": the form of a list of so many numbers.
std::string getListForm(size_t count);

/// One of several cases: a branch for each, of which `isCase` asks, with the values that `build` gives in it; where
/// none holds, `raiseOther` builds the error.
llvm::SmallVector<mlir::Value> chooseOrRaise(mlir::OpBuilder &builder, mlir::Location loc, mlir::TypeRange types,
                                             unsigned count, llvm::function_ref<mlir::Value(unsigned)> isCase,
                                             llvm::function_ref<llvm::SmallVector<mlir::Value>(unsigned)> build,
                                             llvm::function_ref<void()> raiseOther);

/// Whether control never reaches the end of a block.
bool endsInRaise(mlir::Block &block);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_RAISE_H
