//===- AtenReductionOps.td - sums, means, extrema over dims ----------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS
