//===- AtenCreationOps.td - new tensors: zeros, full, arange ---------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCREATIONOPS
#define WICK_DIALECT_ATEN_IR_ATENCREATIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

/// A tensor with all elements alike. Its dims are `dims` (code for an optional list of
/// expressions) and its dtype is `dtype`, unless the operand of that name says another.
class Aten_FilledOp<string mnemonic, dag args, list<string> schemas_, string type, string what>
    : Aten_Op<mnemonic, !con(args, (ins Aten_OptionalInt:$dtype)), schemas_> {
  let summary = what;
  let description = what # [{. Source: `}] # !head(schemas_) # [{`; where `dtype` is None it is the
    default dtype, or that of `self` where there is one.

    ```mlir
    %y = aten.zeros %size, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
    ```
  }];
  let extraClassDefinition = effects # [{
    ::llvm::LogicalResult $cppClass::inferResultTypes(::wick::aten::Facts &facts, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.push_back(}] # type # [{);
      return ::llvm::success();
    }
  }];
}

class Aten_FilledSizeOp<string mnemonic, list<string> schemas_, string what>
    : Aten_FilledOp<mnemonic, (ins Aten_IntList:$size), schemas_,
                    "inferFilled(facts, getSize(), getDtype(), getDefaultDtype(getContext()))", what>;
class Aten_FilledLikeOp<string mnemonic, list<string> schemas_, string what>
    : Aten_FilledOp<mnemonic, (ins Aten_Tensor:$self), schemas_, "inferLike(facts, getSelf(), getDtype())", what>;
class Aten_FilledNewOp<string mnemonic, list<string> schemas_, string what>
    : Aten_FilledOp<mnemonic, (ins Aten_Tensor:$self, Aten_IntList:$size), schemas_,
                    "inferFilled(facts, getSize(), getDtype(), facts.getTensor(getSelf()).getDtype())", what>;

// What `empty` leaves open is zero here.
def Aten_ZerosOp : Aten_FilledSizeOp<"zeros", ["aten::zeros", "aten::empty.memory_format"], "Zeros">;
def Aten_OnesOp : Aten_FilledSizeOp<"ones", ["aten::ones"], "Ones">;
def Aten_FullOp : Aten_FilledOp<"full", (ins Aten_IntList:$size, Aten_Number:$fill_value), ["aten::full"],
    "inferFilled(facts, getSize(), getDtype(), getNumberDtype(getFillValue()))",
    "A number everywhere, whose kind decides the dtype">;
def Aten_ZerosLikeOp : Aten_FilledLikeOp<"zeros_like", ["aten::zeros_like", "aten::empty_like"], "Zeros in the shape of self">;
def Aten_OnesLikeOp : Aten_FilledLikeOp<"ones_like", ["aten::ones_like"], "Ones in the shape of self">;
def Aten_FullLikeOp : Aten_FilledOp<"full_like", (ins Aten_Tensor:$self, Aten_Number:$fill_value), ["aten::full_like"],
    "inferLike(facts, getSelf(), getDtype())", "A number everywhere, in the shape of self">;
def Aten_NewZerosOp : Aten_FilledNewOp<"new_zeros", ["aten::new_zeros", "aten::new_empty"], "Zeros in the dtype of self">;
def Aten_NewOnesOp : Aten_FilledNewOp<"new_ones", ["aten::new_ones"], "Ones in the dtype of self">;
def Aten_NewFullOp : Aten_FilledOp<"new_full", (ins Aten_Tensor:$self, Aten_IntList:$size, Aten_Number:$fill_value),
    ["aten::new_full"], "inferFilled(facts, getSize(), getDtype(), facts.getTensor(getSelf()).getDtype())",
    "A number everywhere, in the dtype of self">;

def Aten_ScalarTensorOp : Aten_Op<"scalar_tensor", (ins Aten_Number:$s, Aten_OptionalInt:$dtype), ["aten::scalar_tensor"]> {
  let summary = "A number as a tensor without dims, of the default dtype";
  let description = [{
    Source: `aten::scalar_tensor(Scalar s, *, ScalarType? dtype=None, …) -> Tensor`.

    ```mlir
    %x = aten.scalar_tensor %n, %none : (f64, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_TensorOp : Aten_Op<"tensor", (ins Aten_Number:$t, Aten_OptionalInt:$dtype),
    ["aten::tensor.int", "aten::tensor.complex", "aten::tensor.float", "aten::tensor.bool", "aten::as_tensor.int",
     "aten::as_tensor.complex", "aten::as_tensor.float", "aten::as_tensor.bool"]> {
  let summary = "A number as a tensor without dims, whose kind decides the dtype";
  let description = [{
    An int gives int64, a float the default dtype, a bool bool.
    Source: `aten::tensor.float(float t, *, ScalarType? dtype=None, …) -> Tensor`.

    ```mlir
    %x = aten.tensor %n, %none : (f64, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_ArangeOp : Aten_Op<"arange",
    (ins Aten_OptionalNumber:$start, Aten_Number:$end, Aten_OptionalNumber:$step, Aten_OptionalInt:$dtype),
    ["aten::arange.start_step", "aten::arange.start", "aten::arange"]> {
  let summary = "Numbers from start (0) to end, without it, in steps (1)";
  let description = [{
    Of int64 when all three are ints, else of the default dtype.
    Source: `aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, …) -> Tensor`.

    ```mlir
    %x = aten.arange %none, %n, %none, %none : (!ts.none, i64, !ts.none, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_LinspaceOp : Aten_Op<"linspace", (ins Aten_Number:$start, Aten_Number:$end, Aten_Int:$steps, Aten_OptionalInt:$dtype),
    ["aten::linspace"]> {
  let summary = "Numbers at equal distances from start to end, both included";
  let description = [{
    Source: `aten::linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, …) -> Tensor`.

    ```mlir
    %x = aten.linspace %a, %b, %n, %none : (f64, f64, i64, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_EyeOp : Aten_Op<"eye", (ins Aten_Int:$n, Aten_OptionalInt:$m, Aten_OptionalInt:$dtype), ["aten::eye.m", "aten::eye"]> {
  let summary = "The identity matrix with n rows and m (n) columns";
  let description = [{
    Source: `aten::eye.m(SymInt n, SymInt m, *, ScalarType? dtype=None, …) -> Tensor`.

    ```mlir
    %x = aten.eye %n, %none, %none : (i64, !ts.none, !ts.none) -> !ts.tensor
    ```
  }];
}

/// The part of matrices on one side of a diagonal; zero elsewhere.
class Aten_TriangleOp<string mnemonic, string what>
    : Aten_Op<mnemonic, (ins Aten_Tensor:$self, Aten_Int:$diagonal), ["aten::" # mnemonic]> {
  let summary = what;
  let description = what # [{. The last two dims are rows and columns; diagonal d holds (i, i + d).
    Source: `aten::}] # mnemonic # [{(Tensor self, SymInt diagonal=0) -> Tensor`.

    ```mlir
    %y = aten.}] # mnemonic # [{ %x, %d : (!ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_TrilOp : Aten_TriangleOp<"tril", "Elements on and below a diagonal">;
def Aten_TriuOp : Aten_TriangleOp<"triu", "Elements on and above a diagonal">;

#endif // WICK_DIALECT_ATEN_IR_ATENCREATIONOPS
