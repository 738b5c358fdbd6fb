//===- AtenPoolingOps.h - windows over images ------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS_H
#define WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h.inc"

namespace wick::aten {

/// LibTorch's text for windows that have no place, and the numbers in it: sizes of dims of space, or of the channels
/// before them (-1).
struct PoolMisfit {
  enum Kind { Input, Output, Window };
  std::string form;
  llvm::SmallVector<std::pair<Kind, int64_t>> shown;
};
PoolMisfit getPoolMisfit(mlir::Operation *op, int64_t space);
/// The text for an input without elements, in which "{}" stand for its sizes.
std::string getEmptyInputForm(mlir::Operation *op, int64_t space, int64_t rank);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS_H
