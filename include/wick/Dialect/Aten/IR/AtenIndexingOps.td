//===- AtenIndexingOps.td - gathers, scatters, embeddings ------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS
#define WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS
