//===- TSDialect.td - the dialect of TorchScript programs ------*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_IR_TSDIALECT
#define WICK_DIALECT_TS_IR_TSDIALECT

include "mlir/IR/DialectBase.td"
include "mlir/IR/OpBase.td"

def TS_Dialect : Dialect {
  let name = "ts";
  let cppNamespace = "::wick::ts";
  let summary = "TorchScript programs: classes, objects, containers, control flow, references";
  let description = [{
    The `ts` dialect holds what TorchScript has beyond tensor operators: classes and
    their objects, lists, dicts, tuples, strings, optional values, loops, exceptions,
    and tensors with reference semantics. `int`, `float` and `bool` are the builtin
    `i64`, `f64` and `i1`; functions and methods are `func.func`; branches are
    `scf.if`.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = "void registerTypes();";
}

class TS_Op<string mnemonic, list<Trait> traits = []> : Op<TS_Dialect, mnemonic, traits>;

#endif // WICK_DIALECT_TS_IR_TSDIALECT
