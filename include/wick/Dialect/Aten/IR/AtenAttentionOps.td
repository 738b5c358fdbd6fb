//===- AtenAttentionOps.td - scaled dot product attention ------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS
