// RUN: wick-opt %s --plan-lower-kernels=only=contraction | FileCheck %s
// RUN: wick-opt %s --plan-lower-kernels="only=contraction target=x86-64-v4" | FileCheck %s --check-prefix=V4

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>

// Packed weights are read where they stand, bias and relu are applied to the accumulators.
// CHECK-LABEL: func.func private @linear
// CHECK-SAME:    (%{{.*}}: memref<128x768xf32>, %{{.*}}: memref<48x768x16xf32>, %{{.*}}: memref<768xf32>, %{{.*}}: memref<128x768xf32>)
// CHECK-SAME:    plan.strategy = "contraction"
// CHECK:         scf.parallel
// CHECK:           scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>) {
// CHECK-COUNT-12:    vector.fma
// CHECK-NOT:         vector.fma
// CHECK:           scf.yield
// CHECK:           vector.load %{{.*}} : memref<768xf32>, vector<8xf32>
// CHECK:           arith.addf
// CHECK:           arith.maximumf
// CHECK:           vector.store
// CHECK-NOT:     memref.alloc
// CHECK:         return
// V4-LABEL: func.func private @linear
// V4-COUNT-14: vector.fma %{{.*}} : vector<16xf32>
func.func private @linear(%x: tensor<128x768xf32>, %wp: tensor<48x768x16xf32>, %b: tensor<768xf32>)
    -> tensor<128x768xf32> attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %we = tensor.empty() : tensor<768x768xf32>
  %w = linalg.unpack %wp outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16] into %we
      : tensor<48x768x16xf32> -> tensor<768x768xf32>
  %e = tensor.empty() : tensor<128x768xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<128x768xf32>) -> tensor<128x768xf32>
  %m = linalg.matmul ins(%x, %w : tensor<128x768xf32>, tensor<768x768xf32>) outs(%f : tensor<128x768xf32>)
      -> tensor<128x768xf32>
  %r = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m, %b : tensor<128x768xf32>, tensor<768xf32>) outs(%e : tensor<128x768xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    %t = arith.maximumf %s, %zero : f32
    linalg.yield %t : f32
  } -> tensor<128x768xf32>
  return %r : tensor<128x768xf32>
}

// A transposed right-hand side that is not packed is packed by work items of its own.
// CHECK-LABEL: func.func private @scores
// CHECK:         memref.alloc() {{.*}} : memref<98304xf32>
// CHECK:         scf.parallel
// CHECK:           vector.store
// CHECK:         scf.parallel
// CHECK:           vector.fma
func.func private @scores(%q: tensor<12x128x64xf32>, %k: tensor<12x128x64xf32>) -> tensor<12x128x128xf32>
    attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<12x128x128xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<12x128x128xf32>) -> tensor<12x128x128xf32>
  %m = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>,
                                        affine_map<(b, m, n, k) -> (b, m, n)>],
                       iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : tensor<12x128x64xf32>, tensor<12x128x64xf32>) outs(%f : tensor<12x128x128xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<12x128x128xf32>
  return %m : tensor<12x128x128xf32>
}

// Rows of the result in two dims, of which only run time knows one, the other way round: both count for its place.
// CHECK-LABEL: func.func private @transposed
// CHECK-SAME:    (%{{.*}}: memref<2x?x8xf32>, %{{.*}}: memref<1x8x8xf32>, %[[OUT:.*]]: memref<?x2x5xf32>)
// CHECK-DAG:     %[[C5:.*]] = arith.constant 5 : index
// CHECK-DAG:     %[[C10:.*]] = arith.constant 10 : index
// CHECK-DAG:     %[[FLAT:.*]] = memref.collapse_shape %[[OUT]]
// CHECK-DAG:     %[[INNER:.*]] = arith.muli %{{.*}}, %[[C10]]
// CHECK-DAG:     %[[OUTER:.*]] = arith.muli %{{.*}}, %[[C5]]
// CHECK:         %[[PLACE:.*]] = arith.addi %{{.*}}, %{{.*}}
// CHECK:         vector.maskedstore %[[FLAT]][%[[PLACE]]]
func.func private @transposed(%x: tensor<2x?x8xf32>, %wp: tensor<1x8x8xf32>) -> tensor<?x2x5xf32>
    attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<2x?x8xf32>
  %we = tensor.empty() : tensor<5x8xf32>
  %w = linalg.unpack %wp inner_dims_pos = [0] inner_tiles = [8] into %we : tensor<1x8x8xf32> -> tensor<5x8xf32>
  %e = tensor.empty(%n) : tensor<2x?x5xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<2x?x5xf32>) -> tensor<2x?x5xf32>
  %m = linalg.generic {
      indexing_maps = [affine_map<(a, b, n, k) -> (a, b, k)>, affine_map<(a, b, n, k) -> (n, k)>,
                       affine_map<(a, b, n, k) -> (a, b, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<2x?x8xf32>, tensor<5x8xf32>) outs(%f : tensor<2x?x5xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %p = arith.mulf %a, %c : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x?x5xf32>
  %te = tensor.empty(%n) : tensor<?x2x5xf32>
  %t = linalg.transpose ins(%m : tensor<2x?x5xf32>) outs(%te : tensor<?x2x5xf32>) permutation = [1, 0, 2]
  return %t : tensor<?x2x5xf32>
}
