//===- AtenPoolingOps.td - windows over images -----------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS
#define WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS
