// RUN: wick-opt %s --canonicalize --cse --plan-form-kernels | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>

plan.weight @w file "x" offset 0 bytes 64

// Two equal layers are one kernel; a residual joins the second; a reshape between launches stays on the host.
// CHECK-LABEL: func.func @layers
// CHECK:         %[[S0:.*]] = ts.symbol 0
// CHECK:         %[[X:.*]] = ts.read
// CHECK:         %[[E:.*]] = tensor.empty(%[[S0]])
// CHECK:         %[[H:.*]] = plan.launch @contraction_0 ins(%[[X]], %{{.*}}, %{{.*}}) outs(%[[E]] : tensor<?x768xf32>)
// CHECK:         %[[H2:.*]] = plan.launch @contraction_0 ins(%[[H]],
// CHECK:         %[[H3:.*]] = plan.launch @contraction_1 ins(%[[H2]], %{{.*}}, %{{.*}}, %[[X]] :
// CHECK:         tensor.expand_shape %[[H3]]
// CHECK-NOT:     linalg
// CHECK:         return
func.func @layers(%arg0: !ts.tensor<[s0, 768], f32>) -> !ts.tensor<[s0, 12, 64], f32> attributes {ts.symbols = [[0, 0]]} {
  %s0 = ts.symbol 0
  %c0 = arith.constant 0 : index
  %x = ts.read %arg0 : !ts.tensor<[s0, 768], f32> -> tensor<?x768xf32>
  %w = plan.weight_ref @w offset 0 strides [768, 1] : tensor<768x768xf32>
  %w2 = plan.weight_ref @w offset 8 strides [768, 1] : tensor<768x768xf32>
  %b = plan.weight_ref @w offset 0 strides [1] : tensor<768xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%s0) : tensor<?x768xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x768xf32>) -> tensor<?x768xf32>
  %m = linalg.matmul ins(%x, %w : tensor<?x768xf32>, tensor<768x768xf32>) outs(%f : tensor<?x768xf32>) -> tensor<?x768xf32>
  %r = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m, %b : tensor<?x768xf32>, tensor<768xf32>) outs(%e : tensor<?x768xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<?x768xf32>
  %d = tensor.dim %r, %c0 : tensor<?x768xf32>
  %e2 = tensor.empty(%d) : tensor<?x768xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<?x768xf32>) -> tensor<?x768xf32>
  %m2 = linalg.matmul ins(%r, %w2 : tensor<?x768xf32>, tensor<768x768xf32>) outs(%f2 : tensor<?x768xf32>) -> tensor<?x768xf32>
  %r2 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m2, %b : tensor<?x768xf32>, tensor<768xf32>) outs(%e2 : tensor<?x768xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<?x768xf32>
  %m3 = linalg.matmul ins(%r2, %w : tensor<?x768xf32>, tensor<768x768xf32>) outs(%f2 : tensor<?x768xf32>) -> tensor<?x768xf32>
  %r3 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m3, %b : tensor<?x768xf32>, tensor<768xf32>) outs(%e2 : tensor<?x768xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<?x768xf32>
  %r4 = linalg.add ins(%r3, %x : tensor<?x768xf32>, tensor<?x768xf32>) outs(%e: tensor<?x768xf32>) -> tensor<?x768xf32>
  %v = tensor.expand_shape %r4 [[0], [1, 2]] output_shape [%s0, 12, 64] : tensor<?x768xf32> into tensor<?x12x64xf32>
  %y = ts.from_value %v : tensor<?x12x64xf32> -> !ts.tensor<[s0, 12, 64], f32>
  return %y : !ts.tensor<[s0, 12, 64], f32>
}

// Scalars of the host are arguments, constants are copied.
// CHECK-LABEL: func.func @scalars(
// CHECK-SAME:    %[[X:.*]]: tensor<4xf32>, %[[A:.*]]: f32)
// CHECK:         plan.launch @map_0 ins(%[[X]], %[[A]] : tensor<4xf32>, f32) outs(%{{.*}} : tensor<4xf32>)
func.func @scalars(%x: tensor<4xf32>, %a: f32) -> tensor<4xf32> {
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%v: f32, %o: f32):
    %p = arith.mulf %v, %a : f32
    %q = arith.mulf %p, %two : f32
    linalg.yield %q : f32
  } -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// A depthwise convolution does not take up a transpose that would make it a plain reduction.
// CHECK-LABEL: func.func @specific
// CHECK:         %[[W:.*]] = plan.launch @map_{{.*}} ins(%{{.*}} : tensor<8x3x3xf32>)
// CHECK:         plan.launch @convolution_0 ins(%{{.*}}, %[[W]] :
func.func @specific(%x: tensor<1x10x10x8xf32>, %w: tensor<8x3x3xf32>) -> tensor<1x8x8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %ew = tensor.empty() : tensor<3x3x8xf32>
  %t = linalg.transpose ins(%w : tensor<8x3x3xf32>) outs(%ew : tensor<3x3x8xf32>) permutation = [1, 2, 0]
  %e = tensor.empty() : tensor<1x8x8x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %m = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %t : tensor<1x10x10x8xf32>, tensor<3x3x8xf32>)
      outs(%f : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  return %m : tensor<1x8x8x8xf32>
}

// A softmax between two products is one kernel with both of them.
// CHECK-LABEL: func.func @attention
// CHECK:         plan.launch @attention_0 ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x50x16xf32>, tensor<4x50x16xf32>, tensor<4x50x16xf32>)
// CHECK-NOT:     plan.launch
// CHECK:         return
func.func @attention(%q: tensor<4x50x16xf32>, %k: tensor<4x50x16xf32>, %v: tensor<4x50x16xf32>) -> tensor<4x50x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x50x50xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x50x50xf32>) -> tensor<4x50x50xf32>
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>,
                                            affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%q, %k : tensor<4x50x16xf32>, tensor<4x50x16xf32>) outs(%f : tensor<4x50x50xf32>) -> tensor<4x50x50xf32>
  %p = linalg.softmax dimension(2) ins(%s : tensor<4x50x50xf32>) outs(%e : tensor<4x50x50xf32>) -> tensor<4x50x50xf32>
  %e2 = tensor.empty() : tensor<4x50x16xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<4x50x16xf32>) -> tensor<4x50x16xf32>
  %o = linalg.batch_matmul ins(%p, %v : tensor<4x50x50xf32>, tensor<4x50x16xf32>) outs(%f2 : tensor<4x50x16xf32>)
      -> tensor<4x50x16xf32>
  return %o : tensor<4x50x16xf32>
}

// CHECK-LABEL: func.func private @contraction_0
// CHECK-SAME:    (%[[A:.*]]: tensor<?x768xf32> {plan.dims = [0, -1]}, %{{.*}}: tensor<768x768xf32>, %{{.*}}: tensor<768xf32>) -> tensor<?x768xf32>
// CHECK-SAME:    plan.kernel
// CHECK:         tensor.dim %[[A]]
// CHECK-LABEL: func.func private @contraction_1
// CHECK-SAME:    tensor<?x768xf32> {plan.dims = [0, -1]}, %{{.*}}: tensor<768x768xf32>, %{{.*}}: tensor<768xf32>, %{{.*}}: tensor<?x768xf32> {plan.dims = [0, -1]}) -> tensor<?x768xf32>
