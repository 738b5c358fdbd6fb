// RUN: wick-opt %s --plan-lower-kernels=only=reduction | FileCheck %s

// Rows are summed along the lanes, four sums at a time; what follows is applied to the total.
// CHECK-LABEL: func.func private @rows
// CHECK:         %{{.*}}:4 = scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK:         vector.shuffle
// CHECK:         math.sqrt
// CHECK:         vector.store {{.*}} vector<1xf32>
func.func private @rows(%x: tensor<64x768xf32>) -> tensor<64xf32> attributes {plan.kernel} {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<64x768xf32>) outs(%f : tensor<64xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = arith.mulf %a, %a : f32
    %s = arith.addf %m, %o : f32
    linalg.yield %s : f32
  } -> tensor<64xf32>
  %t = linalg.sqrt ins(%r : tensor<64xf32>) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  return %t : tensor<64xf32>
}

// Where channels are innermost, each lane is another result.
// CHECK-LABEL: func.func private @pool
// CHECK:         scf.parallel
// CHECK:           scf.for {{.*}} iter_args
// CHECK:             arith.maximumf
// CHECK-NOT:     vector.shuffle
// CHECK:         return
func.func private @pool(%x: tensor<1x112x112x64xf32>) -> tensor<1x56x56x64xf32> attributes {plan.kernel} {
  %z = arith.constant 0xFF800000 : f32
  %w = tensor.empty() : tensor<2x2xf32>
  %e = tensor.empty() : tensor<1x56x56x64xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  %r = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%x, %w : tensor<1x112x112x64xf32>, tensor<2x2xf32>) outs(%f : tensor<1x56x56x64xf32>) -> tensor<1x56x56x64xf32>
  return %r : tensor<1x56x56x64xf32>
}

// Two results that depend on each other are reduced element by element.
// CHECK-LABEL: func.func private @argmax
// CHECK:         scf.for {{.*}} -> (vector<4xf32>, vector<4xi64>)
// CHECK:           arith.cmpf ogt, {{.*}} : vector<4xf32>
func.func private @argmax(%x: tensor<13x77xf32>) -> (tensor<13xf32>, tensor<13xi64>) attributes {plan.kernel} {
  %z = arith.constant 0xFF800000 : f32
  %zi = arith.constant 0 : i64
  %e = tensor.empty() : tensor<13xf32>
  %ei = tensor.empty() : tensor<13xi64>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<13xf32>) -> tensor<13xf32>
  %fi = linalg.fill ins(%zi : i64) outs(%ei : tensor<13xi64>) -> tensor<13xi64>
  %r:2 = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a)>, affine_map<(a, b) -> (a)>],
                         iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<13x77xf32>) outs(%f, %fi : tensor<13xf32>, tensor<13xi64>) {
  ^bb0(%a: f32, %o: f32, %oi: i64):
    %i = linalg.index 1 : index
    %ii = arith.index_cast %i : index to i64
    %g = arith.cmpf ogt, %a, %o : f32
    %s = arith.select %g, %a, %o : f32
    %t = arith.select %g, %ii, %oi : i64
    linalg.yield %s, %t : f32, i64
  } -> (tensor<13xf32>, tensor<13xi64>)
  return %r#0, %r#1 : tensor<13xf32>, tensor<13xi64>
}
