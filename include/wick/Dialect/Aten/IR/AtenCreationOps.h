//===- AtenCreationOps.h - new tensors: zeros, full, arange ----------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCREATIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENCREATIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenCreationOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENCREATIONOPS_H
