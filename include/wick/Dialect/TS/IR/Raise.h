//===- Raise.h - code that raises --------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_RAISE_H
#define WICK_DIALECT_TS_IR_RAISE_H

#include "mlir/IR/Builders.h"

#include <string>

namespace wick::ts {

/// Raises an error of a class, or of none. What stands behind it in the block never runs.
void raise(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef message, llvm::StringRef cls = "");
/// The same with a message in which numbers, of type i64 or index, stand for each "{}" in turn.
void raise(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef form, llvm::ArrayRef<mlir::Value> numbers);
/// Raises when `condition` holds at run time.
void raiseIf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value condition, llvm::StringRef message,
             llvm::StringRef cls = "");
void raiseIf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value condition, llvm::StringRef form,
             llvm::ArrayRef<mlir::Value> numbers);
/// "[{}, {}]": the form of a list of so many numbers.
std::string getListForm(size_t count);

/// Whether control never reaches the end of a block.
bool endsInRaise(mlir::Block &block);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_RAISE_H
