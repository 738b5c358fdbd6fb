//===- AtenViewOps.td - other views of the same elements -------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENVIEWOPS
#define WICK_DIALECT_ATEN_IR_ATENVIEWOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENVIEWOPS
