// RUN: wick-opt %s --plan-lower-kernels=only=attention | FileCheck %s

#q = affine_map<(b, h, m, n, k) -> (b, m, h, k)>
#k = affine_map<(b, h, m, n, k) -> (b, n, h, k)>
#s = affine_map<(b, h, m, n, k) -> (b, h, m, n)>
#id = affine_map<(b, h, m, n) -> (b, h, m, n)>
#mask = affine_map<(b, h, m, n) -> (b, 0, 0, n)>
#p = affine_map<(b, m, h, n, k) -> (b, h, m, k)>
#v = affine_map<(b, m, h, n, k) -> (b, k, h, n)>
#o = affine_map<(b, m, h, n, k) -> (b, m, h, n)>

// An item is a head: keys are packed by transposing squares in registers, then values; scores of four tiles of rows stay
// in scratch memory, where they are masked and become exponentials.
// CHECK-LABEL: func.func private @heads
// CHECK:         scf.parallel (%{{.*}}) = (%c0) to (%c20)
// CHECK:           memref.alloc() {{.*}} : memref<7168xf32>
// CHECK-COUNT-24:    vector.shuffle
// CHECK:           memref.alloc() {{.*}} : memref<4800xf32>
// CHECK:           %[[SCORES:.*]] = memref.alloc() {{.*}} : memref<2688xf32>
// CHECK:             vector.fma
// CHECK:             vector.store %{{.*}}, %[[SCORES]]
// CHECK:             vector.load %[[SCORES]]
// CHECK:             math.exp
// CHECK:             arith.divf
// CHECK:             vector.fma
// CHECK-NOT:       math.exp
// CHECK:         return
func.func private @heads(%q: tensor<1x100x20x64xf32>, %k: tensor<1x100x20x64xf32>, %v: tensor<1x100x20x48xf32>,
                         %mask: tensor<1x1x1x100xf32>) -> tensor<1x100x20x48xf32> attributes {plan.kernel} {
  %zero = arith.constant 0.0 : f32
  %scale = arith.constant 0.125 : f32
  %e = tensor.empty() : tensor<1x20x100x100xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x20x100x100xf32>) -> tensor<1x20x100x100xf32>
  %scores = linalg.generic {indexing_maps = [#q, #k, #s],
                            iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : tensor<1x100x20x64xf32>, tensor<1x100x20x64xf32>) outs(%f : tensor<1x20x100x100xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %r = arith.addf %o, %m : f32
    linalg.yield %r : f32
  } -> tensor<1x20x100x100xf32>
  %masked = linalg.generic {indexing_maps = [#id, #mask, #id],
                            iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%scores, %mask : tensor<1x20x100x100xf32>, tensor<1x1x1x100xf32>) outs(%e : tensor<1x20x100x100xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %scale : f32
    %r = arith.addf %m, %b : f32
    linalg.yield %r : f32
  } -> tensor<1x20x100x100xf32>
  %soft = linalg.softmax dimension(3) ins(%masked : tensor<1x20x100x100xf32>)
      outs(%e : tensor<1x20x100x100xf32>) -> tensor<1x20x100x100xf32>
  %e2 = tensor.empty() : tensor<1x100x20x48xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<1x100x20x48xf32>) -> tensor<1x100x20x48xf32>
  %out = linalg.generic {indexing_maps = [#p, #v, #o],
                         iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%soft, %v : tensor<1x20x100x100xf32>, tensor<1x100x20x48xf32>) outs(%f2 : tensor<1x100x20x48xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %r = arith.addf %o, %m : f32
    linalg.yield %r : f32
  } -> tensor<1x100x20x48xf32>
  return %out : tensor<1x100x20x48xf32>
}
