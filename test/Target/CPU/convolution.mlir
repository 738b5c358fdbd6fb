// RUN: wick-opt %s --plan-lower-kernels=only=convolution | FileCheck %s

#id = affine_map<(n, y, x, c) -> (n, y, x, c)>
#channel = affine_map<(n, y, x, c) -> (c)>

// The padded image goes to scratch memory; window rows and (column, channel) runs are the two reduction loops.
// CHECK-LABEL: func.func private @conv3x3
// CHECK:         memref.alloc() {{.*}} : memref<215296xf32>
// CHECK:         scf.parallel
// CHECK:           scf.if
// CHECK:         scf.parallel
// CHECK:           %{{.*}}:12 = scf.for {{.*}} to %c3 step
// CHECK:             %{{.*}}:12 = scf.for {{.*}} to %c192 step
// CHECK:             vector.fma
// CHECK:           vector.load {{.*}} memref<64xf32>, vector<8xf32>
func.func private @conv3x3(%x: tensor<1x56x56x64xf32>, %wp: tensor<4x3x3x64x16xf32>, %b: tensor<64xf32>)
    -> tensor<1x56x56x64xf32> attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %xp = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x56x56x64xf32> to tensor<1x58x58x64xf32>
  %we = tensor.empty() : tensor<3x3x64x64xf32>
  %w = linalg.unpack %wp outer_dims_perm = [3, 0, 1, 2] inner_dims_pos = [3] inner_tiles = [16] into %we
      : tensor<4x3x3x64x16xf32> -> tensor<3x3x64x64xf32>
  %e = tensor.empty() : tensor<1x56x56x64xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  %m = linalg.conv_2d_nhwc_hwcf ins(%xp, %w : tensor<1x58x58x64xf32>, tensor<3x3x64x64xf32>)
      outs(%f : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  %r = linalg.generic {indexing_maps = [#id, #channel, #id],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%m, %b : tensor<1x56x56x64xf32>, tensor<64xf32>) outs(%e : tensor<1x56x56x64xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<1x56x56x64xf32>
  return %r : tensor<1x56x56x64xf32>
}

// Depthwise: nine weights stay in registers over a row of pixels.
// CHECK-LABEL: func.func private @depthwise
// CHECK:         scf.parallel
// CHECK:           scf.for
// CHECK-COUNT-9:     vector.load %{{.*}} : memref<648xf32>
// CHECK:             scf.for
// CHECK-NOT:           memref<648xf32>
// CHECK-COUNT-45:      vector.fma
func.func private @depthwise(%x: tensor<1x58x57x72xf32>, %w: tensor<3x3x72xf32>) -> tensor<1x56x55x72xf32>
    attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x56x55x72xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x56x55x72xf32>) -> tensor<1x56x55x72xf32>
  %m = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<1x58x57x72xf32>, tensor<3x3x72xf32>)
      outs(%f : tensor<1x56x55x72xf32>) -> tensor<1x56x55x72xf32>
  return %m : tensor<1x56x55x72xf32>
}

// A border of zeros around a depthwise convolution does not stand in memory: what lies there is left out.
// CHECK-LABEL: func.func private @bordered
// CHECK-NOT:     memref.alloc
// CHECK:         scf.parallel
// CHECK:           scf.if
// CHECK:           } else {
// CHECK:         return
func.func private @bordered(%x: tensor<1x56x56x72xf32>, %w: tensor<3x3x72xf32>) -> tensor<1x56x56x72xf32>
    attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %xp = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x56x56x72xf32> to tensor<1x58x58x72xf32>
  %e = tensor.empty() : tensor<1x56x56x72xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x56x56x72xf32>) -> tensor<1x56x56x72xf32>
  %m = linalg.depthwise_conv_2d_nhwc_hwc ins(%xp, %w : tensor<1x58x58x72xf32>, tensor<3x3x72xf32>)
      outs(%f : tensor<1x56x56x72xf32>) -> tensor<1x56x56x72xf32>
  return %m : tensor<1x56x56x72xf32>
}
