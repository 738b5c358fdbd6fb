//===- PlanDialect.td - what runs where with which memory ------*- tablegen -*-===//
#ifndef WICK_DIALECT_PLAN_IR_PLANDIALECT
#define WICK_DIALECT_PLAN_IR_PLANDIALECT

include "mlir/IR/DialectBase.td"
include "mlir/IR/OpBase.td"

def Plan_Dialect : Dialect {
  let name = "plan";
  let cppNamespace = "::wick::plan";
  let summary = "Kernels, launches and memory of a compiled program";
  let description = [{
    The `plan` dialect states what runs where with which memory: weights, kernel
    launches, and the call's arena. It is shared by all devices.
  }];
}

class Plan_Op<string mnemonic, list<Trait> traits = []> : Op<Plan_Dialect, mnemonic, traits>;

#endif // WICK_DIALECT_PLAN_IR_PLANDIALECT
