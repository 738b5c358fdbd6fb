//===- AtenCreationOps.td - new tensors: zeros, full, arange ---------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCREATIONOPS
#define WICK_DIALECT_ATEN_IR_ATENCREATIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENCREATIONOPS
