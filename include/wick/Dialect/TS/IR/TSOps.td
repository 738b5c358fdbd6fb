//===- TSOps.td - umbrella of the ts operations ----------------*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_IR_TSOPS
#define WICK_DIALECT_TS_IR_TSOPS

include "wick/Dialect/TS/IR/TSStructureOps.td"
include "wick/Dialect/TS/IR/TSContainerOps.td"
include "wick/Dialect/TS/IR/TSControlOps.td"
include "wick/Dialect/TS/IR/TSTensorOps.td"
include "wick/Dialect/TS/IR/TSQueryOps.td"

#endif // WICK_DIALECT_TS_IR_TSOPS
