//===- Prelude.h - operators written in TorchScript ------------------------===//
//
// Operators whose meaning is a composition of others are functions in
// lib/Prelude/<Family>.py: `def glu(self: Tensor, dim: int = -1) -> Tensor`. The name
// is that of the operator in PyTorch's registry, an overload stands after two
// underscores (`norm__ScalarOpt_dim`), and operators of other namespaces start with
// the namespace (`torchvision__nms`). A leading underscore marks helpers. A function for
// lists of any type (`sort__any`) is written for strings, which stand for objects of a class
// that has `__lt__`; it is copied for each class.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_PRELUDE_PRELUDE_H
#define WICK_PRELUDE_PRELUDE_H

#include "wick/Prelude/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace wick::prelude {

/// The function's name for an operator: "aten::norm.Scalar" is "norm__Scalar".
std::string getFunctionName(llvm::StringRef operatorName);

/// The embedded functions as a module of private `func.func`s and the `ts.schema`s they use.
mlir::OwningOpRef<mlir::ModuleOp> load(mlir::MLIRContext &context);

/// Replaces every `ts.operator` in the functions of `module` that `prelude` has a function for by a call, and brings
/// the functions it needs into `module` as `@"prelude.<name>"`. Returns how many operators it replaced.
unsigned expand(mlir::ModuleOp module, mlir::ModuleOp prelude);

} // namespace wick::prelude

#endif // WICK_PRELUDE_PRELUDE_H
