//===- Weights.h - the bytes of a program's weights ------------------------===//
#ifndef WICK_LIB_DRIVER_WEIGHTS_H
#define WICK_LIB_DRIVER_WEIGHTS_H

#include "mlir/IR/BuiltinOps.h"
#include "wick/Artifact/Writer.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

namespace wick {

/// Finds the bytes behind `plan.weight` symbols: ranges of mapped files, or constants that
/// were computed.
class WeightStore {
public:
  /// Adds the weights that `plan.weights` of `module` lists to an artifact, C-contiguous.
  llvm::LogicalResult addTo(artifact::Writer &writer, mlir::ModuleOp module);

  /// Results of `@__constants`, by number.
  std::vector<std::string> computed;

private:
  /// The bytes of a whole `plan.weight`; fails with an emitted error.
  llvm::FailureOr<llvm::StringRef> getBytes(mlir::Operation *weight);

  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> files;
};

} // namespace wick

#endif // WICK_LIB_DRIVER_WEIGHTS_H
