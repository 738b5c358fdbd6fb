//===- AtenViewOps.td - other views of the same elements -------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENVIEWOPS
#define WICK_DIALECT_ATEN_IR_ATENVIEWOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

/// An operator whose result shows elements of its first operand.
class Aten_ViewOp<string mnemonic, dag args, list<string> schemas_,
                  list<string> viewMethods = ["buildScatter", "buildReference", "mapLayout"]>
    : Aten_Op<mnemonic, args, schemas_, [DeclareOpInterfaceMethods<Aten_ViewInterface, viewMethods>]>;

/// A view that is a copy where strides do not allow one.
class Aten_ReshapeOp<string mnemonic, dag args, list<string> schemas_>
    : Aten_ViewOp<mnemonic, args, schemas_, ["mayCopy", "buildScatter", "buildReference", "mapLayout"]>;

/// An operator that returns a list of views; it is decomposed once their number is known.
class Aten_ViewListOp<string mnemonic, dag args, list<string> schemas_>
    : Aten_Op<mnemonic, args, schemas_, [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let results = (outs Aten_TensorList:$result);
}

//===----------------------------------------------------------------------===//
// Other shapes
//===----------------------------------------------------------------------===//

def Aten_ViewAsSizeOp : Aten_ViewOp<"view", (ins Aten_Tensor:$self, Aten_IntList:$size),
    ["aten::view", "aten::_unsafe_view"]> {
  let summary = "The same elements in another shape";
  let description = [{
    The number of elements stays; at most one size is -1 and follows from the others.
    Source: `aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)`.

    ```mlir
    %y = aten.view %x, %size : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_ReshapeToOp : Aten_ReshapeOp<"reshape", (ins Aten_Tensor:$self, Aten_IntList:$shape), ["aten::reshape"]> {
  let summary = "The same elements in another shape, copied if need be";
  let description = [{
    As `aten.view`, of a copy where the strides of `self` do not allow a view.
    Source: `aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)`.

    ```mlir
    %y = aten.reshape %x, %shape : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_ViewAsOp : Aten_ReshapeOp<"reshape_as", (ins Aten_Tensor:$self, Aten_Tensor:$other),
    ["aten::reshape_as", "aten::view_as"]> {
  let summary = "The same elements in the shape of another tensor";
  let description = [{
    Source: `aten::reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)`.

    ```mlir
    %y = aten.reshape_as %x, %other : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_FlattenOp : Aten_ReshapeOp<"flatten", (ins Aten_Tensor:$self, Aten_Int:$start_dim, Aten_Int:$end_dim),
    ["aten::flatten.using_ints"]> {
  let summary = "A range of dims as one";
  let description = [{
    Both ends count; a tensor without dims gets one.
    Source: `aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)`.

    ```mlir
    %y = aten.flatten %x, %first, %last : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_UnflattenOp : Aten_ViewOp<"unflatten", (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_IntList:$sizes),
    ["aten::unflatten.int"]> {
  let summary = "One dim as several";
  let description = [{
    The product of `sizes`, of which one may be -1, is the size of `dim`.
    Source: `aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)`.

    ```mlir
    %y = aten.unflatten %x, %dim, %sizes : (!ts.tensor, i64, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_UnsqueezeOp : Aten_ViewOp<"unsqueeze", (ins Aten_Tensor:$self, Aten_Int:$dim), ["aten::unsqueeze"]> {
  let summary = "A new dim of size one";
  let description = [{
    `dim` is in [-rank - 1, rank].
    Source: `aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)`.

    ```mlir
    %y = aten.unsqueeze %x, %dim : (!ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_SqueezeOp : Aten_ViewOp<"squeeze",
    (ins Aten_Tensor:$self, AnyTypeOf<[Aten_Int, Aten_IntList, Aten_OptionalInt]>:$dim),
    ["aten::squeeze", "aten::squeeze.dim", "aten::squeeze.dims"]> {
  let summary = "The dims of size one removed";
  let description = [{
    Only those among `dim`, when it is given. Where it is not known whether a size is
    one, the rank of the result is not known.
    Source: `aten::squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)`.

    ```mlir
    %y = aten.squeeze %x, %dim : (!ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Complex numbers and their parts
//===----------------------------------------------------------------------===//

def Aten_ViewAsRealOp : Aten_ViewOp<"view_as_real", (ins Aten_Tensor:$self), ["aten::view_as_real"]> {
  let summary = "Complex numbers as pairs of real ones";
  let description = [{
    The real and imaginary parts are a new last dim.
    Source: `aten::view_as_real(Tensor(a) self) -> Tensor(a)`.

    ```mlir
    %y = aten.view_as_real %x : (!ts.tensor<[3], complex<f32>>) -> !ts.tensor<[3, 2], f32>
    ```
  }];
}

def Aten_ViewAsComplexOp : Aten_ViewOp<"view_as_complex", (ins Aten_Tensor:$self), ["aten::view_as_complex"]> {
  let summary = "Pairs of real numbers as complex ones";
  let description = [{
    The last dim, of size 2, holds the real and imaginary parts.
    Source: `aten::view_as_complex(Tensor(a) self) -> Tensor(a)`.

    ```mlir
    %y = aten.view_as_complex %x : (!ts.tensor<[3, 2], f32>) -> !ts.tensor<[3], complex<f32>>
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Other orders of dims
//===----------------------------------------------------------------------===//

def Aten_TransposeOp : Aten_ViewOp<"transpose", (ins Aten_Tensor:$self, Aten_Int:$dim0, Aten_Int:$dim1),
    ["aten::transpose.int", "aten::swapdims"]> {
  let summary = "Two dims exchanged";
  let description = [{
    Source: `aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`.

    ```mlir
    %y = aten.transpose %x, %i, %j : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_SwapaxesOp : Aten_ViewOp<"swapaxes", (ins Aten_Tensor:$self, Aten_Int:$axis0, Aten_Int:$axis1),
    ["aten::swapaxes"]> {
  let summary = "Two dims exchanged";
  let description = [{
    Source: `aten::swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)`.

    ```mlir
    %y = aten.swapaxes %x, %i, %j : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_TOp : Aten_ViewOp<"t", (ins Aten_Tensor:$self), ["aten::t"]> {
  let summary = "A matrix transposed";
  let description = [{
    Tensors of rank zero and one stay as they are; a higher rank is an error.
    Source: `aten::t(Tensor(a) self) -> Tensor(a)`.

    ```mlir
    %y = aten.t %x : (!ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_NumpyTOp : Aten_ViewOp<"numpy_T", (ins Aten_Tensor:$self), ["aten::numpy_T"]> {
  let summary = "All dims in reverse order";
  let description = [{
    Source: `aten::numpy_T(Tensor(a) self) -> Tensor(a)`.

    ```mlir
    %y = aten.numpy_T %x : (!ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_MTOp : Aten_ViewOp<"mT", (ins Aten_Tensor:$self), ["aten::mT"]> {
  let summary = "The last two dims exchanged";
  let description = [{
    Source: `aten::mT(Tensor(a) self) -> Tensor(a)`.

    ```mlir
    %y = aten.mT %x : (!ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_PermuteOp : Aten_ViewOp<"permute", (ins Aten_Tensor:$self, Aten_IntList:$dims), ["aten::permute"]> {
  let summary = "The dims in another order";
  let description = [{
    Dim i of the result is dim `dims[i]` of `self`.
    Source: `aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)`.

    ```mlir
    %y = aten.permute %x, %dims : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_MovedimOp : Aten_ViewOp<"movedim",
    (ins Aten_Tensor:$self, AnyTypeOf<[Aten_Int, Aten_IntList]>:$source, AnyTypeOf<[Aten_Int, Aten_IntList]>:$destination),
    ["aten::movedim.int", "aten::movedim.intlist", "aten::moveaxis.int", "aten::moveaxis.intlist"]> {
  let summary = "Dims moved to other places, the others in order";
  let description = [{
    Source: `aten::movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`.

    ```mlir
    %y = aten.movedim %x, %from, %to : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Parts and repetitions
//===----------------------------------------------------------------------===//

def Aten_ExpandOp : Aten_ViewOp<"expand", (ins Aten_Tensor:$self, Aten_IntList:$size), ["aten::expand"]> {
  let summary = "Dims of size one repeated, and new leading dims";
  let description = [{
    A size of -1 keeps the dim.
    Source: `aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)`.

    ```mlir
    %y = aten.expand %x, %size : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_ExpandAsOp : Aten_ViewOp<"expand_as", (ins Aten_Tensor:$self, Aten_Tensor:$other), ["aten::expand_as"]> {
  let summary = "Dims repeated to the shape of another tensor";
  let description = [{
    Source: `aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a)`.

    ```mlir
    %y = aten.expand_as %x, %other : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_SelectOp : Aten_ViewOp<"select", (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Int:$index), ["aten::select.int"]> {
  let summary = "The part of a tensor at one index of a dim";
  let description = [{
    Negative indices count from the end; out of range is an error.
    Source: `aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)`.

    ```mlir
    %y = aten.select %x, %dim, %index : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_SliceOp : Aten_ViewOp<"slice",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_OptionalInt:$start, Aten_OptionalInt:$end, Aten_Int:$step),
    ["aten::slice.Tensor"]> {
  let summary = "A range of the indices of a dim";
  let description = [{
    Negative bounds count from the end, bounds out of range are clamped; `step` is positive.
    Source: `aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)`.

    ```mlir
    %y = aten.slice %x, %dim, %start, %end, %step : (!ts.tensor, i64, i64, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_NarrowOp : Aten_ViewOp<"narrow",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_Int:$start, Aten_Int:$length), ["aten::narrow"]> {
  let summary = "A range of the indices of a dim, by start and length";
  let description = [{
    Out of range is an error; a negative start counts from the end.
    Source: `aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)`.

    ```mlir
    %y = aten.narrow %x, %dim, %start, %length : (!ts.tensor, i64, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_UnfoldOp : Aten_Op<"unfold",
    (ins Aten_Tensor:$self, Aten_Int:$dimension, Aten_Int:$size, Aten_Int:$step), ["aten::unfold"],
    [DeclareOpInterfaceMethods<Aten_ViewInterface, ["buildScatter", "buildReference", "mapLayout"]>,
     DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "Windows of a dim, which may overlap";
  let description = [{
    Of `size` elements, `step` apart; they are the last dim of the result.
    Source: `aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)`.

    ```mlir
    %y = aten.unfold %x, %dim, %size, %step : (!ts.tensor, i64, i64, i64) -> !ts.tensor
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Lists of parts
//===----------------------------------------------------------------------===//

def Aten_ChunkOp : Aten_ViewListOp<"chunk", (ins Aten_Tensor:$self, Aten_Int:$chunks, Aten_Int:$dim),
    ["aten::chunk", "aten::unsafe_chunk"]> {
  let summary = "A dim cut into at most so many parts of equal size";
  let description = [{
    Parts have `ceil(size / chunks)` indices, the last what is left. Where code does nothing but unpack `chunks` of
    them, they are values of their own, and fewer raise.
    Source: `aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]`.

    ```mlir
    %l = aten.chunk %x, %chunks, %dim : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
    ```
  }];
}

def Aten_SplitOp : Aten_ViewListOp<"split",
    (ins Aten_Tensor:$self, AnyTypeOf<[Aten_Int, Aten_IntList]>:$split_size, Aten_Int:$dim),
    ["aten::split.Tensor", "aten::split.sizes", "aten::unsafe_split.Tensor"]> {
  let summary = "A dim cut into parts of a given size, or of given sizes";
  let description = [{
    Source: `aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]`.

    ```mlir
    %l = aten.split %x, %size, %dim : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
    ```
  }];
}

def Aten_SplitWithSizesOp : Aten_ViewListOp<"split_with_sizes",
    (ins Aten_Tensor:$self, Aten_IntList:$split_sizes, Aten_Int:$dim),
    ["aten::split_with_sizes", "aten::split", "aten::unsafe_split_with_sizes"]> {
  let summary = "A dim cut into parts of given sizes";
  let description = [{
    The sizes sum up to the size of `dim`.
    Source: `aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]`.

    ```mlir
    %l = aten.split_with_sizes %x, %sizes, %dim : (!ts.tensor, !ts.list<i64>, i64) -> !ts.list<!ts.tensor>
    ```
  }];
}

def Aten_UnbindOp : Aten_ViewListOp<"unbind", (ins Aten_Tensor:$self, Aten_Int:$dim), ["aten::unbind.int"]> {
  let summary = "The parts of a tensor at each index of a dim";
  let description = [{
    Source: `aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]`.

    ```mlir
    %l = aten.unbind %x, %dim : (!ts.tensor, i64) -> !ts.list<!ts.tensor>
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENVIEWOPS
