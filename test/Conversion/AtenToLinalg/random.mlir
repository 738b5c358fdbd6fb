// RUN: wick-opt %s --convert-aten-to-linalg --cse --canonicalize | FileCheck %s

// A routine fills a new tensor in place of `self`; half precision is drawn in single.
// CHECK-LABEL: func.func @uniform
// CHECK:         %[[NEW:.*]] = tensor.empty() : tensor<2x3xf32>
// CHECK:         %[[R:.*]] = plan.routine "draw_uniform" ins(%{{.*}}, %{{.*}}, %{{.*}} : f64, f64, !ts.none) outs(%[[NEW]] : tensor<2x3xf32>) {draws}
// CHECK:         arith.truncf
func.func @uniform(%x: tensor<2x3xf16>) -> tensor<2x3xf16> {
  %none = ts.none
  %from = arith.constant 0.0 : f64
  %to = arith.constant 1.0 : f64
  %y = aten.uniform %x, %from, %to, %none : (tensor<2x3xf16>, f64, f64, !ts.none) -> tensor<2x3xf16>
  return %y : tensor<2x3xf16>
}

// Equal draws are two, and an unused one stays.
// CHECK-LABEL: func.func @twice
// CHECK-COUNT-3: plan.routine "draw_normal"
func.func @twice(%x: tensor<4xf32>, %mean: f64, %std: f64) -> (tensor<4xf32>, tensor<4xf32>) {
  %none = ts.none
  %a = aten.normal %x, %mean, %std, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  %b = aten.normal %x, %mean, %std, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  %c = aten.normal %x, %mean, %std, %none : (tensor<4xf32>, f64, f64, !ts.none) -> tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// As many numbers as the dtype holds.
// CHECK-LABEL: func.func @random
// CHECK:         plan.routine "draw_bits" ins(%c128_i64, %{{.*}} : i64, !ts.none) outs(%{{.*}} : tensor<4xi32>) {draws}
func.func @random(%x: tensor<4xi8>) -> tensor<4xi8> {
  %none = ts.none
  %y = aten.random %x, %none : (tensor<4xi8>, !ts.none) -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// A generator of the program's own.
// CHECK-LABEL: func.func @own
// CHECK-SAME:    %[[G:[^:]*]]: !ts.generator
// CHECK:         plan.routine "draw_permutation" ins(%[[G]] : !ts.generator) outs(%{{.*}} : tensor<?xi64>) {draws}
func.func @own(%g: !ts.generator, %n: i64) -> tensor<?xi64> {
  %none = ts.none
  %y = aten.randperm %n, %none, %g : (i64, !ts.none, !ts.generator) -> tensor<?xi64>
  return %y : tensor<?xi64>
}
