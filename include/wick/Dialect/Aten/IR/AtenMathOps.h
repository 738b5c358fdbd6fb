//===- AtenMathOps.h - mathematical functions of each element ---===//
#ifndef WICK_DIALECT_ATEN_IR_ATENMATHOPS_H
#define WICK_DIALECT_ATEN_IR_ATENMATHOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenMathOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENMATHOPS_H
