//===- AtenActivationOps.h - activation functions ---===//
#ifndef WICK_DIALECT_ATEN_IR_ATENACTIVATIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENACTIVATIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenActivationOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENACTIVATIONOPS_H
