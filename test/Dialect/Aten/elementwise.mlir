// RUN: wick-opt %s | wick-opt | FileCheck %s

// CHECK-LABEL: func.func @arithmetic
func.func @arithmetic(%x: !ts.tensor, %y: !ts.tensor, %n: f64, %i: i64, %mode: !ts.str) -> !ts.tensor {
  %none = ts.none
  // CHECK: aten.add %{{.*}} : (!ts.tensor, f64, !ts.none) -> !ts.tensor
  %0 = aten.add %x, %n, %none : (!ts.tensor, f64, !ts.none) -> !ts.tensor
  // CHECK: aten.rsub
  %1 = aten.rsub %0, %n, %i : (!ts.tensor, f64, i64) -> !ts.tensor
  // CHECK: aten.div
  %2 = aten.div %1, %y, %mode : (!ts.tensor, !ts.tensor, !ts.str) -> !ts.tensor
  // CHECK: aten.pow
  %3 = aten.pow %2, %n : (!ts.tensor, f64) -> !ts.tensor
  // CHECK: aten.clamp
  %4 = aten.clamp %3, %n, %none : (!ts.tensor, f64, !ts.none) -> !ts.tensor
  // CHECK: aten.ge
  %5 = aten.ge %4, %y : (!ts.tensor, !ts.tensor) -> !ts.tensor
  // CHECK: aten.where
  %6 = aten.where %5, %4, %n : (!ts.tensor, !ts.tensor, f64) -> !ts.tensor
  // CHECK: aten.masked_fill
  %7 = aten.masked_fill %6, %5, %n : (!ts.tensor, !ts.tensor, f64) -> !ts.tensor
  // CHECK: aten.to %
  %false = arith.constant false
  %8 = aten.to %7, %none, %i, %false : (!ts.tensor, !ts.none, i64, i1) -> !ts.tensor
  return %8 : !ts.tensor
}

// On values operators are pure; on references they read and make a new tensor.
// CHECK-LABEL: func.func @functions
func.func @functions(%x: tensor<?x3xf32, #ts.dims<[s0, 3]>>) -> tensor<?x3xf32, #ts.dims<[s0, 3]>> {
  // CHECK: aten.exp %{{.*}} : (tensor<?x3xf32, #ts.dims<[s0, 3]>>) -> tensor<?x3xf32, #ts.dims<[s0, 3]>>
  %0 = aten.exp %x : (tensor<?x3xf32, #ts.dims<[s0, 3]>>) -> tensor<?x3xf32, #ts.dims<[s0, 3]>>
  // CHECK: aten.gelu
  %none = ts.none
  %1 = aten.gelu %0, %none : (tensor<?x3xf32, #ts.dims<[s0, 3]>>, !ts.none) -> tensor<?x3xf32, #ts.dims<[s0, 3]>>
  return %1 : tensor<?x3xf32, #ts.dims<[s0, 3]>>
}

// CHECK-LABEL: func.func @complex
func.func @complex(%x: !ts.tensor, %y: !ts.tensor) -> !ts.tensor {
  // CHECK: aten.complex %{{.*}}, %{{.*}} : (!ts.tensor, !ts.tensor) -> !ts.tensor
  %0 = aten.complex %x, %y : (!ts.tensor, !ts.tensor) -> !ts.tensor
  // CHECK: aten.conj_physical
  %1 = aten.conj_physical %0 : (!ts.tensor) -> !ts.tensor
  return %1 : !ts.tensor
}
