//===- AtenPoolingOps.h - windows over images ------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS_H
#define WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS_H
