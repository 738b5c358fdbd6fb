//===- PlanOps.td - the plan operations ------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_PLAN_IR_PLANOPS
#define WICK_DIALECT_PLAN_IR_PLANOPS

include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/Plan/IR/PlanDialect.td"

def Plan_WeightOp : Plan_Op<"weight", [Symbol]> {
  let summary = "Bytes of the program's weights, by reference";
  let description = [{
    A range of bytes of a file, little-endian: usually one storage of the archive. The
    bytes themselves are never part of the IR.

    ```mlir
    plan.weight @storage0 file "model.pt" offset 1088 bytes 64
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$file, I64Attr:$offset, I64Attr:$bytes);
  let assemblyFormat = "$sym_name `file` $file `offset` $offset `bytes` $bytes attr-dict";
}

def Plan_WeightRefOp : Plan_Op<"weight_ref", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Value of a weight";
  let description = [{
    A constant tensor whose elements are in a `plan.weight`. Offset and strides are in
    elements of the result's type.

    ```mlir
    %w = plan.weight_ref @storage0 offset 0 strides [4, 1] : tensor<4x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight, I64Attr:$offset, DenseI64ArrayAttr:$strides, OptionalAttr<StrAttr>:$name);
  let results = (outs AnyTypeOf<[AnyRankedTensor, AnyMemRef]>:$result);
  let assemblyFormat = "$weight `offset` $offset `strides` $strides attr-dict `:` type($result)";
}

def Plan_LaunchOp : Plan_Op<"launch", [AttrSizedOperandSegments, DestinationStyleOpInterface,
                                       DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                       DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
                                       DeclareOpInterfaceMethods<BufferizableOpInterface,
                                         ["bufferizesToMemoryRead", "bufferizesToMemoryWrite", "getAliasingValues", "bufferize",
                                          "bufferizesToElementwiseAccess"]>]> {
  let summary = "Run a kernel";
  let description = [{
    Calls a kernel function with inputs and destinations. On tensors the results are
    the destinations after the kernel has overwritten them entirely; on buffers there
    are no results.

    ```mlir
    %y = plan.launch @linear_0 ins(%x, %w : tensor<3x4xf32>, tensor<4x4xf32>) outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyType>:$inputs, Variadic<AnyType>:$outputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $kernel `ins` `(` ($inputs^ `:` type($inputs))? `)` `outs` `(` ($outputs^ `:` type($outputs))? `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutputsMutable(); }
  }];
}

#endif // WICK_DIALECT_PLAN_IR_PLANOPS
