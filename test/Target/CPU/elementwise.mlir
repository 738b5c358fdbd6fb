// RUN: wick-opt %s --plan-lower-kernels=only=elementwise | FileCheck %s

#id4 = affine_map<(n, y, x, c) -> (n, y, x, c)>
#channel = affine_map<(n, y, x, c) -> (c)>

// Contiguous dims are one loop: four vectors at a time, then one, then a masked rest.
// CHECK-LABEL: func.func private @flat
// CHECK:         scf.parallel
// CHECK:           scf.for
// CHECK-COUNT-4:     vector.load
// CHECK:           scf.for
// CHECK:             vector.load
// CHECK:           scf.for
// CHECK:             vector.maskedload
// CHECK:             vector.maskedstore
// CHECK-NOT:     scf.for
// CHECK:         return
func.func private @flat(%x: tensor<1x56x56x65xf32>) -> tensor<1x56x56x65xf32> attributes {plan.kernel} {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x56x56x65xf32>
  %r = linalg.generic {indexing_maps = [#id4, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : tensor<1x56x56x65xf32>) outs(%e : tensor<1x56x56x65xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = arith.maximumf %a, %z : f32
    linalg.yield %m : f32
  } -> tensor<1x56x56x65xf32>
  return %r : tensor<1x56x56x65xf32>
}

// Pixels in front of a broadcast dim are one loop of rows.
// CHECK-LABEL: func.func private @broadcast
// CHECK:         scf.parallel (%{{.*}}) = (%{{.*}}) to (%c13)
// CHECK:           scf.for
// CHECK:             scf.for
// CHECK-NOT:           scf.for
// CHECK:               vector.load %{{.*}} : memref<64xf32>, vector<8xf32>
func.func private @broadcast(%x: tensor<1x56x56x64xf32>, %b: tensor<64xf32>) -> tensor<1x56x56x64xf32> attributes {plan.kernel} {
  %e = tensor.empty() : tensor<1x56x56x64xf32>
  %r = linalg.generic {indexing_maps = [#id4, #channel, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x, %b : tensor<1x56x56x64xf32>, tensor<64xf32>) outs(%e : tensor<1x56x56x64xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %m = arith.addf %a, %c : f32
    linalg.yield %m : f32
  } -> tensor<1x56x56x64xf32>
  return %r : tensor<1x56x56x64xf32>
}

// A row of an embedding is read with vectors from the place that one scalar gives.
// CHECK-LABEL: func.func private @embedding
// CHECK:         vector.load %{{.*}} : memref<6400xf32>, vector<8xf32>
// CHECK-NOT:     vector.from_elements {{.*}} : vector<8xf32>
// CHECK:         return
func.func private @embedding(%w: tensor<100x64xf32>, %i: tensor<3x7xi64>) -> tensor<3x7x64xf32> attributes {plan.kernel} {
  %e = tensor.empty() : tensor<3x7x64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, b)>, affine_map<(a, b, c) -> (a, b, c)>],
                       iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%i : tensor<3x7xi64>) outs(%e : tensor<3x7x64xf32>) {
  ^bb0(%a: i64, %o: f32):
    %x = arith.index_cast %a : i64 to index
    %c = linalg.index 2 : index
    %v = tensor.extract %w[%x, %c] : tensor<100x64xf32>
    linalg.yield %v : f32
  } -> tensor<3x7x64xf32>
  return %r : tensor<3x7x64xf32>
}

// Each part of a concatenation has a loop of its own, and what is computed is computed into its place.
// CHECK-LABEL: func.func private @concat
// CHECK-NOT:     memref.alloc
// CHECK:         arith.negf
// CHECK:         vector.store {{.*}} : memref<832xf32>
func.func private @concat(%x: tensor<8x4x8xf32>, %y: tensor<8x9x8xf32>) -> tensor<8x13x8xf32> attributes {plan.kernel} {
  %e = tensor.empty() : tensor<8x4x8xf32>
  %n = linalg.negf ins(%x : tensor<8x4x8xf32>) outs(%e : tensor<8x4x8xf32>) -> tensor<8x4x8xf32>
  %r = tensor.concat dim(1) %n, %y : (tensor<8x4x8xf32>, tensor<8x9x8xf32>) -> tensor<8x13x8xf32>
  return %r : tensor<8x13x8xf32>
}
