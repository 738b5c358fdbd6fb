//===- AtenNormalizationOps.td - batch, layer and group norms, softmax -----*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS
#define WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS
