// RUN: wick-opt %s --plan-lower-kernels=only=convolution | FileCheck %s

#id = affine_map<(n, y, x, c) -> (n, y, x, c)>
#channel = affine_map<(n, y, x, c) -> (c)>

// Tiles of 4x4 pixels in blocks: 36 products of transformed tiles by the transformed filter. The border is not in memory:
// tiles there go through a patch of zeros.
// CHECK-LABEL: func.func private @blocks
// CHECK:         scf.parallel (%{{.*}}) = (%c0) to (%c{{[0-9]+}})
// CHECK-DAG:       %[[IN:.*]] = memref.alloc() {{.*}} : memref<[[SIZE:[0-9]+]]xf32>
// CHECK-DAG:       %{{.*}} = memref.alloc() {{.*}} : memref<[[SIZE]]xf32>
// CHECK-DAG:       memref.alloc() {{.*}} : memref<288xf32>
// CHECK:           scf.if
// CHECK-COUNT-36:    vector.load
// CHECK-COUNT-36:    vector.store
// CHECK:           } else {
// CHECK:           scf.for %{{.*}} = %c0 to %c36 step
// CHECK:             scf.for %{{.*}} = %c0 to %c64 step %c1 iter_args
// CHECK:               vector.fma
// CHECK:           arith.maximumf
func.func private @blocks(%x: tensor<1x56x56x64xf32>, %u: tensor<6x6x4x64x16xf32>, %b: tensor<64xf32>)
    -> tensor<1x56x56x64xf32> attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %xp = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x56x56x64xf32> to tensor<1x58x58x64xf32>
  %w = plan.restore_filter %u tile 4 : tensor<6x6x4x64x16xf32> -> tensor<3x3x64x64xf32>
  %e = tensor.empty() : tensor<1x56x56x64xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  %m = linalg.conv_2d_nhwc_hwcf ins(%xp, %w : tensor<1x58x58x64xf32>, tensor<3x3x64x64xf32>)
      outs(%f : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  %r = linalg.generic {indexing_maps = [#id, #channel, #id],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%m, %b : tensor<1x56x56x64xf32>, tensor<64xf32>) outs(%e : tensor<1x56x56x64xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    %t = arith.maximumf %s, %zero : f32
    linalg.yield %t : f32
  } -> tensor<1x56x56x64xf32>
  return %r : tensor<1x56x56x64xf32>
}

// A small image is one block: its three parts are distributed one after the other.
// CHECK-LABEL: func.func private @one_block
// CHECK:         scf.parallel (%{{.*}}) = (%c0) to (%c16)
// CHECK:         scf.parallel (%[[PLACE:.*]]) = (%c0) to (%c16)
// CHECK-NOT:       scf.parallel
// CHECK:           vector.fma
// CHECK:         scf.parallel (%{{.*}}) = (%c0) to (%c16)
func.func private @one_block(%x: tensor<1x9x9x512xf32>, %u: tensor<4x4x32x512x16xf32>) -> tensor<1x7x7x512xf32>
    attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %w = plan.restore_filter %u tile 2 : tensor<4x4x32x512x16xf32> -> tensor<3x3x512x512xf32>
  %e = tensor.empty() : tensor<1x7x7x512xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x7x7x512xf32>) -> tensor<1x7x7x512xf32>
  %m = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x9x9x512xf32>, tensor<3x3x512x512xf32>)
      outs(%f : tensor<1x7x7x512xf32>) -> tensor<1x7x7x512xf32>
  return %m : tensor<1x7x7x512xf32>
}

// Sizes that are known only at run time: blocks of a fixed number of tiles, the last of which repeats its last tile.
// CHECK-LABEL: func.func private @dynamic
// CHECK:         scf.parallel
// CHECK:           arith.minsi
// CHECK:           vector.fma
func.func private @dynamic(%x: tensor<?x?x?x32xf32>, %u: tensor<6x6x2x32x16xf32>, %f: tensor<?x?x?x32xf32>)
    -> tensor<?x?x?x32xf32> attributes {plan.kernel} {
  %w = plan.restore_filter %u tile 4 : tensor<6x6x2x32x16xf32> -> tensor<3x3x32x32xf32>
  %m = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<?x?x?x32xf32>, tensor<3x3x32x32xf32>)
      outs(%f : tensor<?x?x?x32xf32>) -> tensor<?x?x?x32xf32>
  return %m : tensor<?x?x?x32xf32>
}
