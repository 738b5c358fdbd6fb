//===- AtenContractionOps.td - matrix products --------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_LinearOp : Aten_Op<"linear",
    (ins Aten_Tensor:$input, Aten_Tensor:$weight, Aten_OptionalTensor:$bias),
    ["aten::linear"]> {
  let summary = "Rows times a transposed matrix, plus a bias";
  let description = [{
    `input[..., k] * weight[n, k] + bias[n]`; a weight of rank one gives a result
    without the last dim. All dtypes are equal.
    Source: `aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor`.

    ```mlir
    %y = aten.linear %input, %weight, %bias : (!ts.tensor, !ts.tensor, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_MatmulOp : Aten_Op<"matmul", (ins Aten_Tensor:$self, Aten_Tensor:$other), ["aten::matmul"]> {
  let summary = "Matrix product with broadcast leading dims";
  let description = [{
    Rank one stands for a row on the left and a column on the right, and that dim is
    left out of the result.
    Source: `aten::matmul(Tensor self, Tensor other) -> Tensor`.

    ```mlir
    %y = aten.matmul %self, %other : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_MmOp : Aten_Op<"mm", (ins Aten_Tensor:$self, Aten_Tensor:$mat2), ["aten::mm"]> {
  let summary = "Product of two matrices";
  let description = [{
    Both have rank two.
    Source: `aten::mm(Tensor self, Tensor mat2) -> Tensor`.

    ```mlir
    %y = aten.mm %self, %mat2 : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_BmmOp : Aten_Op<"bmm", (ins Aten_Tensor:$self, Aten_Tensor:$mat2), ["aten::bmm"]> {
  let summary = "Products of two batches of matrices";
  let description = [{
    Both have rank three and equal first dims; nothing is broadcast.
    Source: `aten::bmm(Tensor self, Tensor mat2) -> Tensor`.

    ```mlir
    %y = aten.bmm %self, %mat2 : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_AddmmOp : Aten_Op<"addmm",
    (ins Aten_Tensor:$self, Aten_Tensor:$mat1, Aten_Tensor:$mat2, Aten_Number:$beta, Aten_Number:$alpha),
    ["aten::addmm"]> {
  let summary = "beta * self + alpha * (mat1 x mat2)";
  let description = [{
    `self` is broadcast to the product; where `beta` is zero it is not read.
    Source: `aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`.

    ```mlir
    %y = aten.addmm %self, %mat1, %mat2, %beta, %alpha
        : (!ts.tensor, !ts.tensor, !ts.tensor, f64, f64) -> !ts.tensor
    ```
  }];
}

def Aten_BaddbmmOp : Aten_Op<"baddbmm",
    (ins Aten_Tensor:$self, Aten_Tensor:$batch1, Aten_Tensor:$batch2, Aten_Number:$beta, Aten_Number:$alpha),
    ["aten::baddbmm"]> {
  let summary = "beta * self + alpha * (batch1 x batch2)";
  let description = [{
    `self` is broadcast to the product; where `beta` is zero it is not read.
    Source: `aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`.

    ```mlir
    %y = aten.baddbmm %self, %batch1, %batch2, %beta, %alpha
        : (!ts.tensor, !ts.tensor, !ts.tensor, f64, f64) -> !ts.tensor
    ```
  }];
}

def Aten_MvOp : Aten_Op<"mv", (ins Aten_Tensor:$self, Aten_Tensor:$vec), ["aten::mv"]> {
  let summary = "Product of a matrix and a vector";
  let description = [{
    Source: `aten::mv(Tensor self, Tensor vec) -> Tensor`.

    ```mlir
    %y = aten.mv %self, %vec : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_DotOp : Aten_Op<"dot", (ins Aten_Tensor:$self, Aten_Tensor:$tensor), ["aten::dot"]> {
  let summary = "Sum of the products of two vectors";
  let description = [{
    Source: `aten::dot(Tensor self, Tensor tensor) -> Tensor`.

    ```mlir
    %y = aten.dot %self, %tensor : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_OuterOp : Aten_Op<"outer", (ins Aten_Tensor:$self, Aten_Tensor:$vec2), ["aten::outer", "aten::ger"]> {
  let summary = "Products of all pairs of elements of two vectors";
  let description = [{
    Source: `aten::outer(Tensor self, Tensor vec2) -> Tensor`.

    ```mlir
    %y = aten.outer %self, %vec2 : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_EinsumOp : Aten_Op<"einsum", (ins Aten_String:$equation, Aten_TensorList:$tensors), ["aten::einsum"]> {
  let summary = "Sum of products by a formula over subscripts";
  let description = [{
    `bij,bjk->bik`: equal letters are equal dims, letters that the result lacks are
    summed over; `...` stands for dims that are broadcast.
    Source: `aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor`.

    ```mlir
    %y = aten.einsum %equation, %tensors : (!ts.str, !ts.list<!ts.tensor>) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENCONTRACTIONOPS
