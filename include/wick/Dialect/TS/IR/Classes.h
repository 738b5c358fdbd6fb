//===- Classes.h - the classes of what values hold --------------------------===//
#ifndef WICK_DIALECT_TS_IR_CLASSES_H
#define WICK_DIALECT_TS_IR_CLASSES_H

#include "wick/Dialect/TS/IR/TSDialect.h"

namespace wick::ts {

/// The classes of the objects that values of some types may hold, also in attributes of others, at any depth. `scope`
/// is an operation of the module that has them.
llvm::SmallVector<ClassOp> getHeldClasses(mlir::Operation *scope, llvm::ArrayRef<mlir::Type> types);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_CLASSES_H
