//===- AtenAttentionOps.h - scaled dot product attention -------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenAttentionOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS_H
