//===- AtenElementwiseOps.h - maps over elements, with broadcasting
//--------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS_H
#define WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS_H
