// RUN: wick-opt %s --plan-lower-kernels=only=generic | FileCheck %s

// Results become arguments that are computed into; a nest of few iterations is not distributed.
// CHECK-LABEL: func.func private @concat
// CHECK-SAME:    (%[[X:.*]]: memref<8x4xf32>, %[[Y:.*]]: memref<8x8xf32>, %[[R:.*]]: memref<8x12xf32>)
// CHECK-NOT:     memref.alloc
// CHECK-NOT:     scf.parallel
// CHECK:         memref.subview %[[R]][0, 0] [8, 4]
// CHECK:         memref.subview %[[R]][0, 4] [8, 8]
func.func private @concat(%x: tensor<8x4xf32>, %y: tensor<8x8xf32>) -> tensor<8x12xf32> attributes {plan.kernel} {
  %r = tensor.concat dim(1) %x, %y : (tensor<8x4xf32>, tensor<8x8xf32>) -> tensor<8x12xf32>
  return %r : tensor<8x12xf32>
}

// Rows are distributed, the reduction is not.
// CHECK-LABEL: func.func private @softmax
// CHECK:         scf.parallel (%{{.*}}) = (%{{.*}}) to (%c128) step
// CHECK:           scf.for
// CHECK:             arith.maxnumf
// CHECK:         math.exp
// CHECK:         return
func.func private @softmax(%x: tensor<128x?xf32>) -> tensor<128x?xf32> attributes {plan.kernel} {
  %c1 = arith.constant 1 : index
  %d = tensor.dim %x, %c1 : tensor<128x?xf32>
  %e = tensor.empty(%d) : tensor<128x?xf32>
  %r = linalg.softmax dimension(1) ins(%x : tensor<128x?xf32>) outs(%e : tensor<128x?xf32>) -> tensor<128x?xf32>
  return %r : tensor<128x?xf32>
}

// Constants are stored, not made globals; an argument that is a result is copied.
// CHECK-LABEL: func.func private @constants
// CHECK-NOT:     memref.get_global
// CHECK-DAG:     arith.constant 3 : i64
// CHECK-DAG:     arith.constant 4 : i64
// CHECK:         memref.store
func.func private @constants(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<2xi64>) attributes {plan.kernel} {
  %c = arith.constant dense<[3, 4]> : tensor<2xi64>
  return %x, %c : tensor<3xf32>, tensor<2xi64>
}
