//===- AtenContractionOps.h - matrix products ------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenContractionOps.h.inc"

namespace wick::aten {

/// The subscripts of an einsum equation as loops: those of the result come first, in its order.
struct EinsumFormula {
  unsigned numLoops = 0, numResultDims = 0;
  /// For each operand the loop of each of its dims.
  llvm::SmallVector<llvm::SmallVector<unsigned>> operands;
  /// The subscript of each loop, for messages.
  llvm::SmallVector<std::string> names;

  /// Fails, with an error emitted at `op`, when the equation is invalid for tensors of these ranks.
  static llvm::FailureOr<EinsumFormula> parse(mlir::Operation *op, llvm::StringRef equation,
                                              llvm::ArrayRef<int64_t> ranks);
};

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS_H
