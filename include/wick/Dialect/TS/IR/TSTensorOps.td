//===- TSTensorOps.td - tensors as references and as values ----*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_IR_TSTENSOROPS
#define WICK_DIALECT_TS_IR_TSTENSOROPS

include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/TS/IR/TSTypes.td"

def TS_WeightRefOp : TS_Op<"weight_ref", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A tensor of the archive";
  let description = [{
    Reference to a tensor over the bytes of a `plan.weight`. Two references to the same
    storage share memory. Offset and strides are in elements.

    ```mlir
    %w = ts.weight_ref @storage0 offset 0 sizes [4, 4] strides [4, 1] : !ts.tensor<[4, 4], f32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight, I64Attr:$offset, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides,
                       OptionalAttr<StrAttr>:$name, UnitAttr:$requires_grad);
  let results = (outs TS_TensorType:$result);
  let assemblyFormat = "$weight `offset` $offset `sizes` $sizes `strides` $strides attr-dict `:` qualified(type($result))";
  let extraClassDeclaration = [{
    /// The element of a tensor without dims as the archive has it, a number of the tensor's dtype; none of others, and
    /// where its bytes cannot be read.
    ::std::optional<::mlir::TypedAttr> readElement();
  }];
}

def TS_ReadOp : TS_Op<"read", [MemoryEffects<[MemRead]>]> {
  let summary = "The present value of a tensor reference";
  let description = [{
    Takes a snapshot: later writes to the reference do not change the result. What a container or slot holds may be
    `strided`, a view whose elements do not lie in order.

    ```mlir
    %v = ts.read %x : !ts.tensor<[4], f32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins TS_TensorType:$reference, UnitAttr:$strided);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$reference attr-dict `:` qualified(type($reference)) `->` qualified(type($result))";
  let hasFolder = 1;
}

def TS_FromValueOp : TS_Op<"from_value", [MemoryEffectsOpInterface]> {
  let summary = "New tensor with a given value";
  let description = [{
    ```mlir
    %x = ts.from_value %v : tensor<4xf32> -> !ts.tensor<[4], f32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$value);
  let results = (outs Res<TS_TensorType, "", [MemAlloc]>:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($value)) `->` qualified(type($result))";
}

def TS_WriteOp : TS_Op<"write", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Overwrite the elements of a tensor";
  let description = [{
    Copies `value`, broadcast to the shape of `reference` and converted to its dtype,
    into the elements of `reference`; every alias sees it. With `strict`, as for the
    in-place form of an arithmetic operator, the shapes must agree after broadcasting
    `value` alone and a conversion to a lower category of dtype is an error. `strided` as for `ts.read`. Where
    several elements of `reference` are one element of memory after `expand`, it raises unless it `may_repeat`, as
    filling a tensor does. Windows that overlap are written in order.

    ```mlir
    ts.write %x, %v {strict} : !ts.tensor, !ts.tensor
    ```
  }];
  let arguments = (ins TS_TensorType:$reference, AnyTypeOf<[TS_TensorType, AnyRankedTensor]>:$value, UnitAttr:$strict,
                       UnitAttr:$strided, UnitAttr:$may_repeat);
  let assemblyFormat = "$reference `,` $value attr-dict `:` qualified(type($reference)) `,` qualified(type($value))";
}

def TS_DeferWriteOp : TS_Op<"defer_write", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "What a tensor of the caller is to hold if the call ends here";
  let description = [{
    From here on `value` stands for the elements of `reference`, whose memory is written later, by a `ts.write`; code
    reads `value` until then. What raises before that has to write first, which `ts-write-before-raises` sees to.

    ```mlir
    ts.defer_write %x, %v : !ts.tensor<[4], f32>, tensor<4xf32>
    ```
  }];
  let arguments = (ins TS_TensorType:$reference, AnyRankedTensor:$value);
  let assemblyFormat = "$reference `,` $value attr-dict `:` qualified(type($reference)) `,` qualified(type($value))";
}

def TS_RefineOp : TS_Op<"refine", [NoMemoryEffect, ConditionallySpeculatable]> {
  let summary = "The same tensor with more or less known of it";
  let description = [{
    Changes only what the type says; used where control flow joins values of which
    different things are known. Where the type says more than before, the program has
    asked (`ts.has_type`), and it never moves in front of that.

    ```mlir
    %y = ts.refine %x : !ts.tensor<[4], f32> to !ts.tensor
    ```
  }];
  let arguments = (ins TS_TensorType:$value);
  let results = (outs TS_TensorType:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($value)) `to` qualified(type($result))";
  let hasFolder = 1;
  let extraClassDeclaration = [{
    ::mlir::Speculation::Speculatability getSpeculatability();
  }];
}

def TS_SymbolOp : TS_Op<"symbol", [Pure]> {
  let summary = "The value of a dimension symbol";
  let description = [{
    Symbols are sizes of the arguments of the enclosing function, whose attribute
    `ts.symbols` says of which (`[[argument, dim], …]`, one pair per symbol).

    ```mlir
    %b = ts.symbol 0
    ```
  }];
  let arguments = (ins I64Attr:$number);
  let results = (outs Index:$result);
  let assemblyFormat = "$number attr-dict";
}

def TS_BindSymbolOp : TS_Op<"bind_symbol", [MemoryEffects<[MemWrite]>]> {
  let summary = "Names a size that only run time knows";
  let description = [{
    After it, where it dominates, the symbol stands for the size of a dim of the tensor. Such symbols have numbers that
    `ts.symbols` of the function leaves free, and exist only while operators become linalg (see `aten-name-sizes`).

    ```mlir
    ts.bind_symbol 3 = %x[0] : tensor<?x4xf32>
    %n = ts.symbol 3
    ```
  }];
  let arguments = (ins I64Attr:$number, AnyRankedTensor:$tensor, I64Attr:$dim);
  let assemblyFormat = "$number `=` $tensor `[` $dim `]` attr-dict `:` type($tensor)";
}

#endif // WICK_DIALECT_TS_IR_TSTENSOROPS
