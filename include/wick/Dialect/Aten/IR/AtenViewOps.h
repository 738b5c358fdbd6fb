//===- AtenViewOps.h - other views of the same elements --------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENVIEWOPS_H
#define WICK_DIALECT_ATEN_IR_ATENVIEWOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenViewOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENVIEWOPS_H
