// RUN: wick-opt %s --plan-pack-weights | FileCheck %s
// RUN: wick-opt %s --plan-pack-weights=winograd=false | FileCheck %s --check-prefix=DIRECT

plan.weight @w file "x" offset 0 bytes 64

// A linear layer's weight is given as [N, K]; N is cut into panels.
// CHECK-LABEL: func.func @linear
// CHECK:         %[[P:.*]] = linalg.pack %{{.*}} outer_dims_perm = [0, 1] inner_dims_pos = [0] inner_tiles = [16] into %{{.*}} : tensor<3072x768xf32> -> tensor<192x768x16xf32>
// CHECK:         %[[U:.*]] = linalg.unpack %[[P]]
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %[[U]] :
func.func @linear(%x: tensor<128x768xf32>, %f: tensor<128x3072xf32>) -> tensor<128x3072xf32> {
  %w = plan.weight_ref @w offset 0 strides [768, 1] : tensor<3072x768xf32>
  %m = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<128x768xf32>, tensor<3072x768xf32>) outs(%f : tensor<128x3072xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<128x3072xf32>
  return %m : tensor<128x3072xf32>
}

// Output channels of a convolution; what does not fill a panel is padded.
// CHECK-LABEL: func.func @conv
// CHECK:         linalg.pack %{{.*}} padding_value(%{{.*}} : f32) outer_dims_perm = [3, 0, 1, 2] inner_dims_pos = [3] inner_tiles = [24] into %{{.*}} : tensor<3x3x16x70xf32> -> tensor<3x3x3x16x24xf32>
func.func @conv(%x: tensor<1x58x58x16xf32>, %f: tensor<1x56x56x70xf32>) -> tensor<1x56x56x70xf32> {
  %w = plan.weight_ref @w offset 0 strides [3360, 1120, 70, 1] : tensor<3x3x16x70xf32>
  %m = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x58x58x16xf32>, tensor<3x3x16x70xf32>)
      outs(%f : tensor<1x56x56x70xf32>) -> tensor<1x56x56x70xf32>
  return %m : tensor<1x56x56x70xf32>
}

// Two activations: nothing is constant.
// CHECK-LABEL: func.func @scores
// CHECK-NOT:     linalg.pack
func.func @scores(%x: tensor<128x64xf32>, %y: tensor<64x128xf32>, %f: tensor<128x128xf32>) -> tensor<128x128xf32> {
  %m = linalg.matmul ins(%x, %y : tensor<128x64xf32>, tensor<64x128xf32>) outs(%f : tensor<128x128xf32>) -> tensor<128x128xf32>
  return %m : tensor<128x128xf32>
}

// Enough channels and a 3x3 window: the filter is stored by its Winograd transform, for tiles of four where the image is
// large.
// CHECK-LABEL: func.func @winograd
// CHECK:         linalg.generic
// CHECK:         } -> tensor<6x3x64x64xf32>
// CHECK:         %[[BOTH:.*]] = linalg.generic
// CHECK:         } -> tensor<6x6x64x64xf32>
// CHECK:         %[[P:.*]] = linalg.pack %[[BOTH]] outer_dims_perm = [0, 1, 3, 2] inner_dims_pos = [3] inner_tiles = [16] into %{{.*}} : tensor<6x6x64x64xf32> -> tensor<6x6x4x64x16xf32>
// CHECK:         %[[U:.*]] = plan.restore_filter %[[P]] tile 4 : tensor<6x6x4x64x16xf32> -> tensor<3x3x64x64xf32>
// CHECK:         linalg.conv_2d_nhwc_hwcf ins(%{{.*}}, %[[U]] :
// DIRECT-LABEL: func.func @winograd
// DIRECT:         linalg.unpack
// DIRECT-NOT:     plan.restore_filter
func.func @winograd(%x: tensor<1x58x58x64xf32>, %f: tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32> {
  %w = plan.weight_ref @w offset 0 strides [12288, 4096, 64, 1] : tensor<3x3x64x64xf32>
  %m = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x58x58x64xf32>, tensor<3x3x64x64xf32>)
      outs(%f : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  return %m : tensor<1x56x56x64xf32>
}
