// RUN: wick-opt %s --plan-lower-kernels=only=normalization | FileCheck %s

// Three passes over a row; the exponentials are computed once and kept where the result will stand.
// CHECK-LABEL: func.func private @softmax
// CHECK-SAME:    (%{{.*}}: memref<?x?xf32>, %[[R:.*]]: memref<?x?xf32>)
// CHECK:         %[[FLAT:.*]] = memref.collapse_shape %[[R]]
// CHECK-NOT:     memref.alloc
// CHECK:         scf.parallel
// CHECK:           arith.maxnumf
// CHECK:           %[[E:.*]] = math.exp
// CHECK:           vector.store %[[E]], %[[FLAT]]
// CHECK:           arith.addf
// CHECK:           vector.load %[[FLAT]]
// CHECK:           arith.divf
// CHECK:         return
func.func private @softmax(%x: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {plan.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d0 = tensor.dim %x, %c0 : tensor<?x?xf32>
  %d1 = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%d0, %d1) : tensor<?x?xf32>
  %r = linalg.softmax dimension(1) ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// RMS norm: one reduction and a pass over the same row.
// CHECK-LABEL: func.func private @rms
// CHECK:         scf.for
// CHECK:           vector.shuffle
// CHECK:           math.rsqrt
// CHECK:           vector.store
func.func private @rms(%x: tensor<128x64xf32>) -> tensor<128x64xf32> attributes {plan.kernel} {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<128x64xf32>
  %er = tensor.empty() : tensor<128xf32>
  %f = linalg.fill ins(%z : f32) outs(%er : tensor<128xf32>) -> tensor<128xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<128x64xf32>) outs(%f : tensor<128xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = arith.mulf %a, %a : f32
    %t = arith.addf %m, %o : f32
    linalg.yield %t : f32
  } -> tensor<128xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a)>, affine_map<(a, b) -> (a, b)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : tensor<128x64xf32>, tensor<128xf32>) outs(%e : tensor<128x64xf32>) {
  ^bb0(%a: f32, %q: f32, %o: f32):
    %h = math.rsqrt %q : f32
    %m = arith.mulf %a, %h : f32
    linalg.yield %m : f32
  } -> tensor<128x64xf32>
  return %r : tensor<128x64xf32>
}

// An outer product reads the exponentials at indices of its own, after the first result is stored: nothing is kept there.
// CHECK-LABEL: func.func private @outer_of_softmax
// CHECK:         math.exp
// CHECK-NOT:     store
// CHECK:         arith.addf
// CHECK:         math.exp
// CHECK:         store
// CHECK:         scf.for
// CHECK-COUNT-2:   math.exp
// CHECK:           store
func.func private @outer_of_softmax(%x: tensor<16xf32>) -> (tensor<16xf32>, tensor<16x16xf32>) attributes {plan.kernel} {
  %z = arith.constant 0.0 : f32
  %e1 = tensor.empty() : tensor<16xf32>
  %e2 = tensor.empty() : tensor<16x16xf32>
  %e0 = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%z : f32) outs(%e0 : tensor<f32>) -> tensor<f32>
  %y = linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
      ins(%x : tensor<16xf32>) outs(%e1 : tensor<16xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = math.exp %a : f32
    linalg.yield %m : f32
  } -> tensor<16xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> ()>], iterator_types = ["reduction"]}
      ins(%y : tensor<16xf32>) outs(%f : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %t = arith.addf %a, %o : f32
    linalg.yield %t : f32
  } -> tensor<f32>
  %p = linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> ()>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
      ins(%y, %s : tensor<16xf32>, tensor<f32>) outs(%e1 : tensor<16xf32>) {
  ^bb0(%a: f32, %q: f32, %o: f32):
    %m = arith.divf %a, %q : f32
    linalg.yield %m : f32
  } -> tensor<16xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a)>, affine_map<(a, b) -> (b)>, affine_map<(a, b) -> (a, b)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%p, %p : tensor<16xf32>, tensor<16xf32>) outs(%e2 : tensor<16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<16x16xf32>
  return %p, %r : tensor<16xf32>, tensor<16x16xf32>
}
