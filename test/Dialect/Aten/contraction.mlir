// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_linear(
// CHECK: aten.linear %
func.func private @aten_linear(%input: !ts.tensor, %weight: !ts.tensor, %bias: !ts.none) -> !ts.tensor {
  %y = aten.linear %input, %weight, %bias : (!ts.tensor, !ts.tensor, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_matmul(
// CHECK: aten.matmul %
func.func private @aten_matmul(%self: !ts.tensor, %other: !ts.tensor) -> !ts.tensor {
  %y = aten.matmul %self, %other : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_mm(
// CHECK: aten.mm %
func.func private @aten_mm(%self: !ts.tensor, %mat2: !ts.tensor) -> !ts.tensor {
  %y = aten.mm %self, %mat2 : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_bmm(
// CHECK: aten.bmm %
func.func private @aten_bmm(%self: !ts.tensor, %mat2: !ts.tensor) -> !ts.tensor {
  %y = aten.bmm %self, %mat2 : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_addmm(
// CHECK: aten.addmm %
func.func private @aten_addmm(%self: !ts.tensor, %mat1: !ts.tensor, %mat2: !ts.tensor, %beta: f64,
    %alpha: f64) -> !ts.tensor {
  %y = aten.addmm %self, %mat1, %mat2, %beta, %alpha : (!ts.tensor, !ts.tensor, !ts.tensor, f64, f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_baddbmm(
// CHECK: aten.baddbmm %
func.func private @aten_baddbmm(%self: !ts.tensor, %batch1: !ts.tensor, %batch2: !ts.tensor, %beta: f64,
    %alpha: f64) -> !ts.tensor {
  %y = aten.baddbmm %self, %batch1, %batch2, %beta, %alpha : (!ts.tensor, !ts.tensor, !ts.tensor, f64,
    f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_mv(
// CHECK: aten.mv %
func.func private @aten_mv(%self: !ts.tensor, %vec: !ts.tensor) -> !ts.tensor {
  %y = aten.mv %self, %vec : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_dot(
// CHECK: aten.dot %
func.func private @aten_dot(%self: !ts.tensor, %tensor: !ts.tensor) -> !ts.tensor {
  %y = aten.dot %self, %tensor : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_outer(
// CHECK: aten.outer %
func.func private @aten_outer(%self: !ts.tensor, %vec2: !ts.tensor) -> !ts.tensor {
  %y = aten.outer %self, %vec2 : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_einsum(
// CHECK: aten.einsum %
func.func private @aten_einsum(%equation: !ts.str, %tensors: !ts.list<!ts.tensor>) -> !ts.tensor {
  %y = aten.einsum %equation, %tensors : (!ts.str, !ts.list<!ts.tensor>) -> !ts.tensor
  return %y : !ts.tensor
}
