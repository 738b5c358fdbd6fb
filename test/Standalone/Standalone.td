//===- Standalone.td - a dialect outside of Wick ---------------------------*- tablegen -*-===//
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def StandaloneDialect : Dialect {
  let name = "standalone";
  let summary = "Operators a downstream compiler adds";
  let cppNamespace = "::standalone";
}

def CountOp : Op<StandaloneDialect, "count", [Pure]> {
  let summary = "Number of operators of one dialect in the function it stands in";
  let arguments = (ins StrAttr:$dialect, I64Attr:$value);
  let assemblyFormat = "$dialect `=` $value attr-dict";
}
