//===- AtenSortingOps.h - orders and selections by order -------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENSORTINGOPS_H
#define WICK_DIALECT_ATEN_IR_ATENSORTINGOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenSortingOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENSORTINGOPS_H
