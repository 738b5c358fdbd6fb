//===- AtenFFTOps.h - discrete Fourier transforms --------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENFFTOPS_H
#define WICK_DIALECT_ATEN_IR_ATENFFTOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenFFTOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENFFTOPS_H
