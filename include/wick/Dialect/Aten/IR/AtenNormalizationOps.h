//===- AtenNormalizationOps.h - batch, layer and group norms, softmax ------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS_H
