//===- AtenReductionOps.h - sums, means, extrema over dims -----------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenReductionOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS_H
