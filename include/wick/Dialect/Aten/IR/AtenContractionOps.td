//===- AtenContractionOps.td - matrix products -----------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS
