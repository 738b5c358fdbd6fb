// RUN: wick-opt %s --cse --canonicalize | FileCheck %s

// Draws are never merged or dropped, on values or references.
// CHECK-LABEL: func.func @values
// CHECK-COUNT-3: aten.uniform
// CHECK:         aten.normal
// CHECK:         aten.randperm
// CHECK:         return
func.func @values(%x: tensor<4xf32>, %n: i64) -> (tensor<4xf32>, tensor<4xf32>) {
  %none = ts.none
  %from = arith.constant 0.0 : f64
  %to = arith.constant 1.0 : f64
  %a = aten.uniform %x, %from, %to, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  %b = aten.uniform %x, %from, %to, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  %unused = aten.uniform %x, %from, %to, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  %c = aten.normal %x, %from, %to, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  %d = aten.randperm %n, %none, %none : (i64, !ts.none, !ts.none) -> tensor<?xi64>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @references
// CHECK-COUNT-2: aten.bernoulli %
// CHECK:         aten.multinomial
func.func @references(%x: !ts.tensor, %p: f64, %n: i64, %again: i1) {
  %none = ts.none
  %a = aten.bernoulli %x, %p, %none : (!ts.tensor, f64, !ts.none) -> !ts.tensor
  %b = aten.bernoulli %x, %p, %none : (!ts.tensor, f64, !ts.none) -> !ts.tensor
  %c = aten.multinomial %x, %n, %again, %none : (!ts.tensor, i64, i1, !ts.none) -> !ts.tensor
  return
}
