// RUN: wick-opt %s --aten-fold-batch-norms | FileCheck %s

// CHECK-LABEL: func.func @fold
// CHECK-SAME:    (%[[X:.*]]: tensor<1x3x8x8xf32>)
// CHECK:         %[[V:.*]] = aten.sqrt
// CHECK:         %[[S:.*]] = aten.div %{{.*}}, %[[V]]
// CHECK:         %[[B:.*]] = aten.sub
// CHECK:         %[[W:.*]] = aten.mul %{{.*}} : (tensor<4x3x3x3xf32>, tensor<4x1x1x1xf32>) -> tensor<4x3x3x3xf32>
// CHECK:         %[[Y:.*]] = aten.conv %[[X]], %[[W]], %[[B]],
// CHECK-NOT:     aten.batch_norm
// CHECK:         return %[[Y]]
func.func @fold(%x: tensor<1x3x8x8xf32>) -> tensor<1x4x6x6xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x3x3xf32>
  %v = arith.constant dense<2.0> : tensor<4xf32>
  %none = ts.none
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %false = arith.constant false
  %eps = arith.constant 1.0e-5 : f64
  %s = ts.list_construct %one, %one : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %zero, %zero : (i64, i64) -> !ts.list<i64>
  %c = aten.conv %x, %w, %none, %s, %p, %s, %one
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64)
      -> tensor<1x4x6x6xf32>
  %y = aten.batch_norm %c, %v, %v, %v, %v, %false, %eps, %eps
      : (tensor<1x4x6x6xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, i1, f64, f64)
      -> tensor<1x4x6x6xf32>
  return %y : tensor<1x4x6x6xf32>
}

// The convolution has another user.
// CHECK-LABEL: func.func @used
// CHECK:         aten.batch_norm
func.func @used(%x: tensor<1x3x8x8xf32>) -> (tensor<1x4x6x6xf32>, tensor<1x4x6x6xf32>) {
  %w = arith.constant dense<1.0> : tensor<4x3x3x3xf32>
  %v = arith.constant dense<2.0> : tensor<4xf32>
  %none = ts.none
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %false = arith.constant false
  %eps = arith.constant 1.0e-5 : f64
  %s = ts.list_construct %one, %one : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %zero, %zero : (i64, i64) -> !ts.list<i64>
  %c = aten.conv %x, %w, %none, %s, %p, %s, %one
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64)
      -> tensor<1x4x6x6xf32>
  %y = aten.batch_norm %c, %v, %v, %v, %v, %false, %eps, %eps
      : (tensor<1x4x6x6xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, i1, f64, f64)
      -> tensor<1x4x6x6xf32>
  return %c, %y : tensor<1x4x6x6xf32>, tensor<1x4x6x6xf32>
}
