//===- AtenRandomOps.h - tensors of random numbers ----------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENRANDOMOPS_H
#define WICK_DIALECT_ATEN_IR_ATENRANDOMOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenRandomOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENRANDOMOPS_H
