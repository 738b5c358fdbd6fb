//===- AtenIndexingOps.h - gathers, scatters, embeddings -------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS_H
#define WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS_H
