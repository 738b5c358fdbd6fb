//===- AtenInterfaces.td - interfaces of tensor operators ------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENINTERFACES
#define WICK_DIALECT_ATEN_IR_ATENINTERFACES

include "mlir/IR/OpBase.td"

def Aten_TypeInferenceInterface : OpInterface<"TypeInferenceInterface"> {
  let description = [{
    How dtype, rank and dims of an operator's results follow from its operands. The
    rules are PyTorch's (its meta kernels are the oracle in the tests).
  }];
  let cppNamespace = "::wick::aten";
  let methods = [
    InterfaceMethod<[{
      Computes the result types from what `facts` knows of the operands. Appends one
      type for each result; a result of which nothing can be said is `!ts.tensor`.
      Fails, with an error emitted at the op, when the operands are invalid in every
      execution (a dim out of range, shapes that can never agree).
    }], "::llvm::LogicalResult", "inferResultTypes",
    (ins "::wick::aten::Facts &":$facts, "::llvm::SmallVectorImpl<::mlir::Type> &":$types)>
  ];
}

#endif // WICK_DIALECT_ATEN_IR_ATENINTERFACES
