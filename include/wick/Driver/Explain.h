//===- Explain.h - tells what a model is compiled to -----------------------===//
#ifndef WICK_DRIVER_EXPLAIN_H
#define WICK_DRIVER_EXPLAIN_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <string>
#include <vector>

namespace wick {

/// Operators of a program by name, for each home of their code (docs/Architecture.md).
struct OperatorCounts {
  std::map<std::string, int64_t> native, runtime;
  /// Those whose home the dtypes and shapes of tensors decide.
  std::map<std::string, int64_t> undecided;
  /// Those that LibTorch runs, with the places where they stand.
  std::map<std::string, std::vector<std::string>> fallback;
};

/// Counts the operators of a module at the end of the program phase or of the typed one.
void countOperators(mlir::ModuleOp module, OperatorCounts &counts);

/// Whether methods take tensors whose dtype and shape were not given, which all phases after the program phase need.
bool lacksInputs(mlir::ModuleOp module);

/// Prints operators by home.
void explainOperators(const OperatorCounts &counts, llvm::raw_ostream &os);

/// Prints kernels, guards and the memory plan of a module at the end of the kernels phase.
void explainPlan(mlir::ModuleOp module, llvm::raw_ostream &os);

} // namespace wick

#endif // WICK_DRIVER_EXPLAIN_H
