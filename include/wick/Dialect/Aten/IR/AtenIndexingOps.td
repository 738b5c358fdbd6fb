//===- AtenIndexingOps.td - gathers, scatters, concatenations, pads -*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS
#define WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

//===----------------------------------------------------------------------===//
// Gathers
//===----------------------------------------------------------------------===//

def Aten_EmbeddingOp : Aten_Op<"embedding",
    (ins Aten_Tensor:$weight, Aten_Tensor:$indices, Aten_Int:$padding_idx),
    ["aten::embedding"]> {
  let summary = "Rows of a table by index";
  let description = [{
    The shape of the result is that of `indices` and the last dim of `weight`.
    `padding_idx` matters to gradients only.
    Source: `aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor`.

    ```mlir
    %y = aten.embedding %weight, %indices, %padding_idx : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_IndexSelectOp : Aten_Op<"index_select",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Tensor:$index),
    ["aten::index_select"]> {
  let summary = "The parts of a tensor at the given indices of a dim";
  let description = [{
    `index` has rank zero or one. An index out of range is an error.
    Source: `aten::index_select(Tensor self, int dim, Tensor index) -> Tensor`.

    ```mlir
    %y = aten.index_select %self, %dim, %index : (!ts.tensor, i64, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_GatherOp : Aten_Op<"gather", (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Tensor:$index), ["aten::gather"]> {
  let summary = "Elements by index along a dim";
  let description = [{
    The result has the shape of `index`: element [i, j, k] is `self[i, index[i, j, k],
    k]` for dim 1.
    Source: `aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor`.

    ```mlir
    %y = aten.gather %self, %dim, %index : (!ts.tensor, i64, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_TakeAlongDimOp : Aten_Op<"take_along_dim",
    (ins Aten_Tensor:$self, Aten_Tensor:$indices, Aten_OptionalInt:$dim),
    ["aten::take_along_dim"]> {
  let summary = "Elements by index along a dim, other dims broadcast";
  let description = [{
    Without `dim`, of the flattened tensor.
    Source: `aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor`.

    ```mlir
    %y = aten.take_along_dim %self, %indices, %dim : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_IndexOp : Aten_Op<"index",
    (ins Aten_Tensor:$self, Aten_TensorList:$indices),
    ["aten::index.Tensor", "aten::index.Tensor_hacked_twin"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "Elements by lists of indices";
  let description = [{
    The indices of dims broadcast to one shape, which takes the place of these dims if
    they are adjacent and leads the result otherwise; None keeps a dim. Negative indices
    count from the end. A mask of bool selects by value, so that the shape depends on
    data: type inference takes the positions of its true elements instead.
    Source: `aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor`.

    ```mlir
    %y = aten.index %self, %indices : (!ts.tensor, !ts.list<!ts.tensor>) -> !ts.tensor
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Scatters
//===----------------------------------------------------------------------===//

def Aten_ScatterOp : Aten_Op<"scatter",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Tensor:$index, Aten_Tensor:$src),
    ["aten::scatter.src"]> {
  let summary = "A tensor with elements written by index along a dim";
  let description = [{
    `self[i, index[i, j, k], k] = src[i, j, k]` for dim 1, in order.
    Source: `aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`.

    ```mlir
    %y = aten.scatter %self, %dim, %index, %src : (!ts.tensor, i64, !ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_ScatterValueOp : Aten_Op<"scatter.value",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Tensor:$index, Aten_Number:$value),
    ["aten::scatter.value"]> {
  let summary = "A tensor with a number written by index along a dim";
  let description = [{
    As `aten.scatter`.
    Source: `aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`.

    ```mlir
    %y = aten.scatter.value %self, %dim, %index, %value : (!ts.tensor, i64, !ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_ScatterAddOp : Aten_Op<"scatter_add",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Tensor:$index, Aten_Tensor:$src),
    ["aten::scatter_add"]> {
  let summary = "A tensor with elements added by index along a dim";
  let description = [{
    As `aten.scatter`, with `+=`.
    Source: `aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`.

    ```mlir
    %y = aten.scatter_add %self, %dim, %index, %src : (!ts.tensor, i64, !ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_ScatterReduceOp : Aten_Op<"scatter_reduce",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Tensor:$index, Aten_Tensor:$src, Aten_String:$reduce,
      Aten_Bool:$include_self),
    ["aten::scatter_reduce.two"], [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "A tensor with elements combined by index along a dim";
  let description = [{
    As `aten.scatter`; `reduce` is sum, prod, mean, amax or amin, or max or min, which are the last two, and without `include_self` what was there before does
    not take part.
    Source: `aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor`.

    ```mlir
    %y = aten.scatter_reduce %self, %dim, %index, %src, %reduce, %include
        : (!ts.tensor, i64, !ts.tensor, !ts.tensor, !ts.str, i1) -> !ts.tensor
    ```
  }];
}

def Aten_IndexPutOp : Aten_Op<"index_put",
    (ins Aten_Tensor:$self, Aten_TensorList:$indices, Aten_Tensor:$values, Aten_Bool:$accumulate),
    ["aten::index_put", "aten::index_put.hacked_twin"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "A tensor with elements written, or added, by lists of indices";
  let description = [{
    Indices as for `aten.index`; `values` broadcasts to the shape of what they select. One value where a mask holds is an
    `aten.masked_fill`.
    Source: `aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor`.

    ```mlir
    %y = aten.index_put %self, %indices, %values, %accumulate
        : (!ts.tensor, !ts.list<!ts.tensor>, !ts.tensor, i1) -> !ts.tensor
    ```
  }];
}

def Aten_SliceScatterOp : Aten_Op<"slice_scatter",
    (ins Aten_Tensor:$self, Aten_Tensor:$src, Aten_Int:$dim, Aten_OptionalInt:$start, Aten_OptionalInt:$end,
      Aten_Int:$step),
    ["aten::slice_scatter"]> {
  let summary = "A tensor with a slice replaced";
  let description = [{
    The slice is that of `aten.slice`, and `src` has its shape.
    Source: `aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor`.

    ```mlir
    %y = aten.slice_scatter %self, %src, %dim, %start, %end, %step
        : (!ts.tensor, !ts.tensor, i64, i64, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_SelectScatterOp : Aten_Op<"select_scatter",
    (ins Aten_Tensor:$self, Aten_Tensor:$src, Aten_Int:$dim, Aten_Int:$index),
    ["aten::select_scatter"]> {
  let summary = "A tensor with the part at one index of a dim replaced";
  let description = [{
    The part is that of `aten.select`, and `src` has its shape.
    Source: `aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor`.

    ```mlir
    %y = aten.select_scatter %self, %src, %dim, %index : (!ts.tensor, !ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_NonzeroOp : Aten_Op<"nonzero", (ins Aten_Tensor:$self), ["aten::nonzero", "aten::argwhere"]> {
  let summary = "Positions of the elements that are not zero, one a row";
  let description = [{
    How many there are depends on data.
    Source: `aten::nonzero(Tensor self) -> Tensor`.

    ```mlir
    %y = aten.nonzero %x : (!ts.tensor) -> !ts.tensor
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Rearrangements
//===----------------------------------------------------------------------===//

def Aten_CatOp : Aten_Op<"cat",
    (ins Aten_TensorList:$tensors, Aten_Int:$dim),
    ["aten::cat", "aten::concat", "aten::concatenate"]> {
  let summary = "Tensors one behind the other along a dim";
  let description = [{
    Dtypes are promoted. An empty tensor of rank one is left out.
    Source: `aten::cat(Tensor[] tensors, int dim=0) -> Tensor`.

    ```mlir
    %y = aten.cat %tensors, %dim : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
    ```
  }];
}

def Aten_StackOp : Aten_Op<"stack", (ins Aten_TensorList:$tensors, Aten_Int:$dim), ["aten::stack"]> {
  let summary = "Tensors side by side along a new dim";
  let description = [{
    All have the same shape.
    Source: `aten::stack(Tensor[] tensors, int dim=0) -> Tensor`.

    ```mlir
    %y = aten.stack %tensors, %dim : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
    ```
  }];
}

def Aten_FlipOp : Aten_Op<"flip", (ins Aten_Tensor:$self, Aten_IntList:$dims), ["aten::flip"]> {
  let summary = "The order of elements reversed along dims";
  let description = [{
    Source: `aten::flip(Tensor self, int[] dims) -> Tensor`.

    ```mlir
    %y = aten.flip %self, %dims : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_RollOp : Aten_Op<"roll", (ins Aten_Tensor:$self, Aten_IntList:$shifts, Aten_IntList:$dims), ["aten::roll"]> {
  let summary = "Elements moved along dims, those that leave at the end back in front";
  let description = [{
    Without dims, of the flattened tensor.
    Source: `aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor`.

    ```mlir
    %y = aten.roll %self, %shifts, %dims : (!ts.tensor, !ts.list<i64>, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_RepeatOp : Aten_Op<"repeat", (ins Aten_Tensor:$self, Aten_IntList:$repeats), ["aten::repeat"]> {
  let summary = "A tensor repeated along each dim";
  let description = [{
    More repeats than dims stand for new leading dims.
    Source: `aten::repeat(Tensor self, SymInt[] repeats) -> Tensor`.

    ```mlir
    %y = aten.repeat %self, %repeats : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_ConstantPadOp : Aten_Op<"constant_pad_nd",
    (ins Aten_Tensor:$self, Aten_IntList:$pad, Aten_Number:$value),
    ["aten::constant_pad_nd"]> {
  let summary = "A border of one value";
  let description = [{
    `pad` holds pairs of sizes before and after, the last dim first; negative sizes
    crop.
    Source: `aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor`.

    ```mlir
    %y = aten.constant_pad_nd %self, %pad, %value : (!ts.tensor, !ts.list<i64>, f64) -> !ts.tensor
    ```
  }];
}

def Aten_PadOp : Aten_Op<"pad",
    (ins Aten_Tensor:$self, Aten_IntList:$pad, Aten_String:$mode, Aten_OptionalFloat:$value),
    ["aten::pad"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "A border by mode";
  let description = [{
    `mode` is "constant", "reflect", "replicate" or "circular".
    Source: `aten::pad(Tensor self, SymInt[] pad, str mode="constant", float? value=None) -> Tensor`.

    ```mlir
    %y = aten.pad %self, %pad, %mode, %value : (!ts.tensor, !ts.list<i64>, !ts.str, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_ReflectionPadOp : Aten_Op<"reflection_pad",
    (ins Aten_Tensor:$self, Aten_IntList:$padding),
    ["aten::reflection_pad2d", "aten::reflection_pad1d", "aten::reflection_pad3d"]> {
  let summary = "A border that mirrors the inside without the edge";
  let description = [{
    Source: `aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor`.

    ```mlir
    %y = aten.reflection_pad %self, %padding : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_ReplicationPadOp : Aten_Op<"replication_pad",
    (ins Aten_Tensor:$self, Aten_IntList:$padding),
    ["aten::replication_pad2d", "aten::replication_pad1d", "aten::replication_pad3d"]> {
  let summary = "A border that repeats the edge";
  let description = [{
    Source: `aten::replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor`.

    ```mlir
    %y = aten.replication_pad %self, %padding : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENINDEXINGOPS
