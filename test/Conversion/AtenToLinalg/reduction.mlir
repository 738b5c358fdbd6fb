// RUN: wick-opt %s --convert-aten-to-linalg --split-input-file | FileCheck %s

// f16 accumulates in f32.
// CHECK-LABEL: func.func @mean
func.func @mean(%x: tensor<2x3x?xf16, #ts.dims<[2, 3, s0]>>) -> tensor<2x1x?xf16, #ts.dims<[2, 1, s0]>> {
  %none = ts.none
  %true = arith.constant true
  %c1 = arith.constant 1 : i64
  %l = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  // CHECK: linalg.fill {{.*}} -> tensor<2x?xf32>
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]
  // CHECK: arith.divf
  // CHECK: arith.truncf
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2]] {{.*}} : tensor<2x?xf16> into tensor<2x1x?xf16>
  %0 = aten.mean %x, %l, %true, %none
      : (tensor<2x3x?xf16, #ts.dims<[2, 3, s0]>>, !ts.list<i64>, i1, !ts.none) -> tensor<2x1x?xf16, #ts.dims<[2, 1, s0]>>
  return %0 : tensor<2x1x?xf16, #ts.dims<[2, 1, s0]>>
}

// -----

// CHECK-LABEL: func.func @max
func.func @max(%x: tensor<4x5xf32>) -> (tensor<4xf32>, tensor<4xi64>) {
  %false = arith.constant false
  %c1 = arith.constant 1 : i64
  // CHECK: linalg.generic
  // CHECK: linalg.index 1
  %v, %i = aten.max_dim %x, %c1, %false : (tensor<4x5xf32>, i64, i1) -> (tensor<4xf32>, tensor<4xi64>)
  return %v, %i : tensor<4xf32>, tensor<4xi64>
}
