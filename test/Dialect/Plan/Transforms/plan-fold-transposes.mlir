// RUN: wick-opt %s --plan-fold-transposes --canonicalize | FileCheck %s

#q = affine_map<(b, h, m, n, k) -> (b, h, m, k)>
#k = affine_map<(b, h, m, n, k) -> (b, h, n, k)>
#r = affine_map<(b, h, m, n, k) -> (b, h, m, n)>

// CHECK-DAG: #[[R:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[QT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d4)>
// CHECK-LABEL: func.func @heads
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.generic {indexing_maps = [#[[QT]], #{{.*}}, #[[R]]]
// CHECK-SAME:      outs(%{{.*}} : tensor<1x5x2x7xf32>)
func.func @heads(%q: tensor<1x2x5x3xf32>, %k: tensor<1x7x2x3xf32>) -> tensor<1x5x2x7xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x2x7x3xf32>
  %t = linalg.transpose ins(%k : tensor<1x7x2x3xf32>) outs(%e0 : tensor<1x2x7x3xf32>) permutation = [0, 2, 1, 3]
  %e1 = tensor.empty() : tensor<1x2x5x7xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x2x5x7xf32>) -> tensor<1x2x5x7xf32>
  %s = linalg.generic {indexing_maps = [#q, #k, #r],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %t : tensor<1x2x5x3xf32>, tensor<1x2x7x3xf32>) outs(%f : tensor<1x2x5x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %x = arith.addf %o, %p : f32
    linalg.yield %x : f32
  } -> tensor<1x2x5x7xf32>
  %e2 = tensor.empty() : tensor<1x5x2x7xf32>
  %u = linalg.transpose ins(%s : tensor<1x2x5x7xf32>) outs(%e2 : tensor<1x5x2x7xf32>) permutation = [0, 2, 1, 3]
  return %u : tensor<1x5x2x7xf32>
}
