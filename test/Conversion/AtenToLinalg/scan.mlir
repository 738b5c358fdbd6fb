// RUN: wick-opt %s --convert-aten-to-linalg --split-input-file | FileCheck %s

// One pass along the dim for each position of the others; floats are added up in double precision.
// CHECK-LABEL: func.func @cumsum
func.func @cumsum(%x: tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>>) -> tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>> {
  %none = ts.none
  %c1 = arith.constant 1 : i64
  // CHECK: scf.for %[[I:.*]] = {{.*}} iter_args
  // CHECK:   scf.for %[[K:.*]] = {{.*}} iter_args
  // CHECK:     scf.for %[[J:.*]] = {{.*}} iter_args(%{{.*}} = %{{.*}}, %[[SUM:.*]] = %{{.*}}) -> (tensor<2x?x3xf32>, f64)
  // CHECK:       %[[X:.*]] = tensor.extract %{{.*}}[%[[I]], %[[J]], %[[K]]]
  // CHECK:       %[[E:.*]] = arith.extf %[[X]] : f32 to f64
  // CHECK:       %[[NEXT:.*]] = arith.addf %[[SUM]], %[[E]] : f64
  // CHECK:       tensor.insert %{{.*}} into %{{.*}}[%[[I]], %[[J]], %[[K]]]
  %0 = aten.cumsum %x, %c1, %none
      : (tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>>, i64, !ts.none) -> tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>>
  return %0 : tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>>
}
