//===- AtenContractionOps.h - matrix products ------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS_H
#define WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS_H

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenContractionOps.h.inc"

#endif // WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS_H
