// RUN: wick-opt %s --plan-hoist-constants | FileCheck %s

plan.weight @w file "model.pt" offset 0 bytes 128

// CHECK-LABEL: func.func @rearranged
// CHECK-DAG:     plan.weight_ref @w offset 0 strides [1, 4] : tensor<4x8xf32>
// CHECK-DAG:     plan.weight_ref @w offset 0 strides [16, 1, 4] : tensor<2x4x4xf32>
// CHECK-DAG:     plan.weight_ref @w offset 4 strides [1] : tensor<4xf32>
// CHECK-NOT:     linalg
func.func @rearranged() -> (tensor<4x8xf32>, tensor<2x4x4xf32>, tensor<4xf32>) {
  %w = plan.weight_ref @w offset 0 strides [4, 1] : tensor<8x4xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %t = linalg.transpose ins(%w : tensor<8x4xf32>) outs(%e : tensor<4x8xf32>) permutation = [1, 0]
  %p = tensor.empty() : tensor<2x4x4xf32>
  %packed = linalg.pack %w inner_dims_pos = [0] inner_tiles = [4] into %p : tensor<8x4xf32> -> tensor<2x4x4xf32>
  %row = tensor.extract_slice %w[1, 0] [1, 4] [1, 1] : tensor<8x4xf32> to tensor<4xf32>
  return %t, %packed, %row : tensor<4x8xf32>, tensor<2x4x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @computed
// CHECK:         %[[C:.*]] = plan.weight_ref @const_0 offset 0 strides [4, 1] : tensor<8x4xf32>
// CHECK-NEXT:    linalg.add ins(%arg0, %[[C]]
func.func @computed(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = plan.weight_ref @w offset 0 strides [4, 1] : tensor<8x4xf32>
  %e = tensor.empty() : tensor<8x4xf32>
  %m = linalg.mul ins(%w, %w : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %n = linalg.exp ins(%m : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %r = linalg.add ins(%x, %n : tensor<8x4xf32>, tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %r : tensor<8x4xf32>
}

// CHECK:       plan.weight @const_0 file "" offset 0 bytes 128 {computed = 0 : i64}
// CHECK-LABEL: func.func @__constants() -> (!ts.tensor<[8, 4], f32>, !ts.tensor<[8, 4], f32>, !ts.tensor<[8, 4], f32>) attributes {plan.constants}
// CHECK:         linalg.mul
// CHECK:         %[[E:.*]] = linalg.exp
// CHECK:         ts.from_value %[[E]]

// A constant that is computed from another one finds it in the function.
// CHECK-NOT:   plan.weight_ref @const_
func.func @chained(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = plan.weight_ref @w offset 64 strides [4, 1] : tensor<8x4xf32>
  %e = tensor.empty() : tensor<8x4xf32>
  %m = linalg.exp ins(%w : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %n = linalg.exp ins(%m : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %r = linalg.add ins(%x, %m : tensor<8x4xf32>, tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  %s = linalg.add ins(%r, %n : tensor<8x4xf32>, tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %s : tensor<8x4xf32>
}
