//===- ElementBytes.h - what elements of tensors and buffers take ----------===//
#ifndef WICK_LIB_DIALECT_PLAN_TRANSFORMS_ELEMENTBYTES_H
#define WICK_LIB_DIALECT_PLAN_TRANSFORMS_ELEMENTBYTES_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace wick::plan {

/// The bytes of an element: a number, or the two of a complex one.
inline int64_t getElementBytes(mlir::Type element) {
  if (auto complex = llvm::dyn_cast<mlir::ComplexType>(element))
    return 2 * getElementBytes(complex.getElementType());
  return llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

} // namespace wick::plan

#endif // WICK_LIB_DIALECT_PLAN_TRANSFORMS_ELEMENTBYTES_H
