//===- AtenConvolutionOps.td - convolutions --------------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

#endif // WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS
