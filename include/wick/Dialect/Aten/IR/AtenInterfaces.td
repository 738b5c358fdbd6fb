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

def Aten_ViewInterface : OpInterface<"ViewInterface"> {
  let description = [{
    An operator whose result shows elements of its first operand: on references both
    share storage, and a write to either is seen through the other.
  }];
  let cppNamespace = "::wick::aten";
  let methods = [
    InterfaceMethod<"The tensor whose elements the result shows.",
      "::mlir::Value", "getViewSource", (ins), [{}], [{ return $_op->getOperand(0); }]>,
    InterfaceMethod<[{
      Whether the result is a copy when the strides of the source do not allow a view,
      as for `reshape`.
    }], "bool", "mayCopy", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{
      Builds the value of `base`, a builtin tensor of the source's type, after the
      elements that the result shows have been replaced by those of `update`, a
      builtin tensor of the result's type. Fails when several elements of the result
      are one element of the source.
    }], "::llvm::FailureOr<::mlir::Value>", "buildScatter",
    (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$base, "::mlir::Value":$update)>,
    InterfaceMethod<[{
      Builds the reference to the elements that the result shows of `source`, a reference to the tensor that the operand
      is a value of, for the runtime. Fails when that is not possible.
    }], "::llvm::FailureOr<::mlir::Value>", "buildReference",
    (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$source)>,
    InterfaceMethod<[{
      Makes of the layout of the source, at the insertion point of `builder`, that of the result, whose type has been
      inferred. Fails where too little is known.
    }], "::llvm::LogicalResult", "mapLayout",
    (ins "::mlir::OpBuilder &":$builder, "::wick::aten::Facts &":$facts, "::wick::aten::Layout &":$layout)>
  ];
}

def Aten_DecompositionInterface : OpInterface<"DecompositionInterface"> {
  let description = [{
    An operator that is a composition of others once the types of its operands are
    known. Type inference replaces it; in particular lists of tensors whose length
    becomes known turn into their elements.
  }];
  let cppNamespace = "::wick::aten";
  let methods = [
    InterfaceMethod<[{
      Builds the composition before the op and returns the values that replace its
      result: the elements when the result is a list. Fails when too little is known,
      and with an error emitted at the op when the operands are invalid.
    }], "::llvm::FailureOr<::llvm::SmallVector<::mlir::Value>>", "decompose",
    (ins "::mlir::OpBuilder &":$builder, "::wick::aten::Facts &":$facts)>
  ];
}

#endif // WICK_DIALECT_ATEN_IR_ATENINTERFACES
