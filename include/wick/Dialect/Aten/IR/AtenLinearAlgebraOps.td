//===- AtenLinearAlgebraOps.td - factors of matrices, and solutions -*- tablegen -*-===//
//
// The factorisations and the two substitutions of which the prelude makes inverses, determinants, solutions and
// eigenvalues (`lib/Prelude/LinearAlgebra.py`). Matrices stand in the last two dims; all dims in front are batches.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENLINEARALGEBRAOPS
#define WICK_DIALECT_ATEN_IR_ATENLINEARALGEBRAOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_LUFactorOp : Aten_Op<"lu_factor", (ins Aten_Tensor:$A, Aten_Bool:$pivot, Aten_Bool:$check_errors),
    ["aten::linalg_lu_factor_ex"]> {
  let results = (outs Aten_Tensor:$LU, Aten_Tensor:$pivots, Aten_Tensor:$info);
  let summary = "Lower and upper factors of matrices whose rows are exchanged";
  let description = [{
    The factors stand in one matrix, without the ones on the diagonal of the lower factor. Row k was exchanged with row
    `pivots[k] - 1`, in order, and `info` is the place, from one, of the first zero on the diagonal, or zero. Floats and
    complex numbers of 32 bits or more are taken.
    Source: `aten::linalg_lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor LU, Tensor pivots, Tensor info)`.

    ```mlir
    %lu, %pivots, %info = aten.lu_factor %a, %true, %false : (!ts.tensor, i1, i1) -> (!ts.tensor, !ts.tensor, !ts.tensor)
    ```
  }];
}

def Aten_CholeskyOp : Aten_Op<"cholesky", (ins Aten_Tensor:$self, Aten_Bool:$upper, Aten_Bool:$check_errors),
    ["aten::linalg_cholesky_ex"]> {
  let results = (outs Aten_Tensor:$L, Aten_Tensor:$info);
  let summary = "Triangular roots of positive-definite matrices";
  let description = [{
    Reads the triangle that the root has; the other one of the result is zero. `info` is the order of the first leading
    minor that is not positive, where the factorisation ends, or zero.
    Source: `aten::linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> (Tensor L, Tensor info)`.

    ```mlir
    %l, %info = aten.cholesky %a, %false, %false : (!ts.tensor, i1, i1) -> (!ts.tensor, !ts.tensor)
    ```
  }];
}

def Aten_EighOp : Aten_Op<"eigh", (ins Aten_Tensor:$A, Aten_OptionalString:$UPLO, Aten_OptionalBool:$compute_v),
    ["aten::_linalg_eigh"]> {
  let results = (outs Aten_Tensor:$eigenvalues, Aten_Tensor:$eigenvectors);
  let summary = "Eigenvalues and eigenvectors of Hermitian matrices";
  let description = [{
    Eigenvalues are real and ascend; eigenvectors are the columns of a unitary matrix, each up to its sign, or to a
    complex number of modulus one. Without `compute_v` there are none. `UPLO` is the triangle that is read, "L" or "U".
    Source: `aten::_linalg_eigh(Tensor A, str UPLO="L", bool compute_v=True) -> (Tensor eigenvalues, Tensor eigenvectors)`.

    ```mlir
    %l, %v = aten.eigh %a, %lower, %true : (!ts.tensor, !ts.str, i1) -> (!ts.tensor, !ts.tensor)
    ```
  }];
}

def Aten_SolveTriangularOp : Aten_Op<"solve_triangular",
    (ins Aten_Tensor:$self, Aten_Tensor:$B, Aten_Bool:$upper, Aten_Bool:$left, Aten_Bool:$unitriangular),
    ["aten::linalg_solve_triangular"]> {
  let summary = "Solutions of AX = B, or of XA = B, for triangular matrices A";
  let description = [{
    Only one triangle of `self` is read, and its diagonal unless that is said to be one. Batches broadcast.
    Source: `aten::linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> Tensor`.

    ```mlir
    %x = aten.solve_triangular %a, %b, %upper, %true, %false : (!ts.tensor, !ts.tensor, i1, i1, i1) -> !ts.tensor
    ```
  }];
}

def Aten_LUSolveOp : Aten_Op<"lu_solve",
    (ins Aten_Tensor:$LU, Aten_Tensor:$pivots, Aten_Tensor:$B, Aten_Bool:$left, Aten_Bool:$adjoint),
    ["aten::linalg_lu_solve"]> {
  let summary = "Solutions of AX = B, or of XA = B, for factored matrices A";
  let description = [{
    For what `lu_factor` gives. With `adjoint` the conjugate transpose stands for A. Batches broadcast.
    Source: `aten::linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False) -> Tensor`.

    ```mlir
    %x = aten.lu_solve %lu, %pivots, %b, %true, %false : (!ts.tensor, !ts.tensor, !ts.tensor, i1, i1) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENLINEARALGEBRAOPS
