//===- JoinTypes.h - tensors of one of several types -------------*- C++ -*-===//
#ifndef WICK_DIALECT_TS_IR_JOINTYPES_H
#define WICK_DIALECT_TS_IR_JOINTYPES_H

#include "wick/Dialect/TS/IR/TSDialect.h"

namespace wick::ts {

/// What holds of tensors of both types. Of a few that differ in rank or dtype the join names each in its alternatives.
TensorType joinTensorTypes(TensorType a, TensorType b);

/// Whether two types know rank and dtype of tensors that differ in them, or that these are some of several.
bool areDividedTensors(TensorType a, TensorType b);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_IR_JOINTYPES_H
