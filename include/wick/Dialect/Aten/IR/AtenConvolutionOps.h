//===- AtenConvolutionOps.h - convolutions ---------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS_H
