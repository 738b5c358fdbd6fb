//===- TSQueryOps.td - numbers from tensors and back -----------*- tablegen -*-===//
//
// What a program asks of a tensor: its sizes, dtype and single elements. The typed
// phase folds what the types answer.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_TSQUERYOPS
#define WICK_DIALECT_TS_IR_TSQUERYOPS

include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/TS/IR/TSTypes.td"

def TS_AnyTensor : Type<CPred<"::llvm::isa<::wick::ts::TensorType, ::mlir::RankedTensorType>($_self)">, "tensor">;

def TS_RankOp : TS_Op<"rank", [Pure]> {
  let summary = "Number of dims of a tensor";
  let description = [{
    Source: `aten::dim(Tensor self) -> int`.

    ```mlir
    %n = ts.rank %x : !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyTensor:$tensor);
  let results = (outs I64:$result);
  let assemblyFormat = "$tensor attr-dict `:` qualified(type($tensor))";
  let hasFolder = 1;
}

def TS_HasTypeOp : TS_Op<"has_type", [Pure]> {
  let summary = "Whether a tensor of which only run time knows the type has this one";
  let description = [{
    Compares dtype, rank and the dims that are constants.

    ```mlir
    %p = ts.has_type %x : !ts.tensor, !ts.tensor<[2, ?], f32>
    ```
  }];
  let arguments = (ins TS_TensorType:$tensor, TypeAttrOf<TS_TensorType>:$type);
  let results = (outs I1:$result);
  let assemblyFormat = "$tensor attr-dict `:` qualified(type($tensor)) `,` $type";
  let hasFolder = 1;
}

def TS_SizeOp : TS_Op<"size", [Pure]> {
  let summary = "Size of one dim of a tensor";
  let description = [{
    A negative dim counts from the end; one out of range raises.
    Source: `aten::size.int(Tensor self, int dim) -> int`.

    ```mlir
    %n = ts.size %x, %dim : !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyTensor:$tensor, I64:$dim);
  let results = (outs I64:$result);
  let assemblyFormat = "$tensor `,` $dim attr-dict `:` qualified(type($tensor))";
  let hasFolder = 1;
}

def TS_SizesOp : TS_Op<"sizes", [MemoryEffectsOpInterface]> {
  let summary = "New list of the sizes of a tensor";
  let description = [{
    Once the rank is known it becomes a list of `ts.size`. Source: `aten::size(Tensor self) -> int[]`.

    ```mlir
    %l = ts.sizes %x : !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyTensor:$tensor);
  let results = (outs Res<TS_ListType, "", [MemAlloc]>:$result);
  let assemblyFormat = "$tensor attr-dict `:` qualified(type($tensor)) `->` qualified(type($result))";
  let hasCanonicalizer = 1;
}

def TS_NumelOp : TS_Op<"numel", [Pure]> {
  let summary = "Number of elements of a tensor";
  let description = [{
    Source: `aten::numel(Tensor self) -> int`.

    ```mlir
    %n = ts.numel %x : !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyTensor:$tensor);
  let results = (outs I64:$result);
  let assemblyFormat = "$tensor attr-dict `:` qualified(type($tensor))";
  let hasFolder = 1;
}

def TS_DtypeOp : TS_Op<"dtype", [Pure]> {
  let summary = "Number of the dtype of a tensor";
  let description = [{
    PyTorch's `ScalarType` number, 6 for float32. Source: `prim::dtype(Tensor a) -> int`.

    ```mlir
    %d = ts.dtype %x : !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyTensor:$tensor);
  let results = (outs I64:$result);
  let assemblyFormat = "$tensor attr-dict `:` qualified(type($tensor))";
  let hasFolder = 1;
}

def TS_ItemOp : TS_Op<"item", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "The only element of a tensor as a number";
  let description = [{
    Converts the element to the result type as `int()`, `float()` and `bool()` do;
    `!ts.number` keeps the kind of the tensor's dtype. Raises unless the tensor has
    exactly one element; with `implicit`, unless it has no dims. Sources:
    `aten::Int.Tensor`, `aten::Float.Tensor`, `aten::Bool.Tensor`, `aten::item`,
    `aten::IntImplicit`, `aten::FloatImplicit`, `aten::ScalarImplicit`.

    ```mlir
    %b = ts.item %x : !ts.tensor -> i1
    ```
  }];
  let arguments = (ins TS_AnyTensor:$tensor, UnitAttr:$implicit);
  let results = (outs AnyTypeOf<[I64, F64, I1, TS_NumberType, AnyComplex]>:$result);
  let assemblyFormat = "$tensor attr-dict `:` qualified(type($tensor)) `->` qualified(type($result))";
}

def TS_NumberToTensorOp : TS_Op<"number_to_tensor", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "New tensor without dims from a number";
  let description = [{
    An int gives int64, a float float64, a bool bool. Source: `prim::NumToTensor`.

    ```mlir
    %x = ts.number_to_tensor %n : i64 -> !ts.tensor
    ```
  }];
  let arguments = (ins AnyTypeOf<[I64, F64, I1, TS_NumberType, AnyComplex]>:$number);
  let results = (outs TS_AnyTensor:$result);
  let assemblyFormat = "$number attr-dict `:` qualified(type($number)) `->` qualified(type($result))";
}

#endif // WICK_DIALECT_TS_IR_TSQUERYOPS
