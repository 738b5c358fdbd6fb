//===- AtenLinearAlgebraOps.h - factors of matrices, and solutions ----------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENLINEARALGEBRAOPS_H
#define WICK_DIALECT_ATEN_IR_ATENLINEARALGEBRAOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenLinearAlgebraOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENLINEARALGEBRAOPS_H
