// RUN: wick-opt %s --convert-aten-to-linalg --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// Real operands become complex; the magnitude is real.
// CHECK-LABEL: func.func @arithmetic
func.func @arithmetic(%x: tensor<3xcomplex<f32>>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %none = ts.none
  // CHECK: linalg.generic
  // CHECK: ^bb0(%[[A:.*]]: complex<f32>, %[[B:.*]]: f32, %{{.*}}: complex<f32>):
  // CHECK: %[[WIDE:.*]] = complex.create %[[B]], %{{.*}} : complex<f32>
  // CHECK: complex.add %[[A]], %[[WIDE]] : complex<f32>
  %0 = aten.add %x, %y, %none : (tensor<3xcomplex<f32>>, tensor<3xf32>, !ts.none) -> tensor<3xcomplex<f32>>
  // CHECK: complex.abs %{{.*}} : complex<f32>
  %1 = aten.abs %0 : (tensor<3xcomplex<f32>>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// CHECK-LABEL: func.func @parts
func.func @parts(%x: tensor<3xcomplex<f64>>) -> tensor<3xcomplex<f64>> {
  // CHECK: linalg.index 1
  // CHECK-DAG: complex.re
  // CHECK-DAG: complex.im
  %0 = aten.view_as_real %x : (tensor<3xcomplex<f64>>) -> tensor<3x2xf64>
  // CHECK: complex.create
  %1 = aten.view_as_complex %0 : (tensor<3x2xf64>) -> tensor<3xcomplex<f64>>
  return %1 : tensor<3xcomplex<f64>>
}

// CHECK-LABEL: func.func @product
// CHECK: complex.mul
// CHECK: complex.add
func.func @product(%x: tensor<3x4xcomplex<f32>>, %y: tensor<4x5xcomplex<f32>>) -> tensor<3x5xcomplex<f32>> {
  %0 = aten.mm %x, %y : (tensor<3x4xcomplex<f32>>, tensor<4x5xcomplex<f32>>) -> tensor<3x5xcomplex<f32>>
  return %0 : tensor<3x5xcomplex<f32>>
}

// -----

func.func @unordered(%x: tensor<3xcomplex<f32>>) -> tensor<3xcomplex<f32>> {
  // expected-error @+1 {{operator 'aten.asin' has no native code: it is not computed for complex numbers}}
  %0 = aten.asin %x : (tensor<3xcomplex<f32>>) -> tensor<3xcomplex<f32>>
  return %0 : tensor<3xcomplex<f32>>
}
