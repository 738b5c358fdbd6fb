// RUN: wick-opt %s --convert-aten-to-linalg | FileCheck %s

// A dim of size 1 is read at 0, f16 is computed in f32, bool is stored as i8.
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (0, d1)>
// CHECK-LABEL: func.func @broadcast
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf16>, %[[Y:.*]]: tensor<1x3xf32>) -> tensor<?x3xi8>
func.func @broadcast(%x: tensor<?x3xf16, #ts.dims<[s0, 3]>>, %y: tensor<1x3xf32>) -> tensor<?x3xi1, #ts.dims<[s0, 3]>> {
  // CHECK: %[[N:.*]] = ts.symbol 0
  // CHECK: tensor.empty(%[[N]]) : tensor<?x3xi8>
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[ROW]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
  // CHECK: arith.extf %{{.*}} : f16 to f32
  // CHECK: arith.cmpf olt
  // CHECK: arith.extui %{{.*}} : i1 to i8
  %0 = aten.lt %x, %y : (tensor<?x3xf16, #ts.dims<[s0, 3]>>, tensor<1x3xf32>) -> tensor<?x3xi1, #ts.dims<[s0, 3]>>
  return %0 : tensor<?x3xi1, #ts.dims<[s0, 3]>>
}

// A number is converted once, outside of the body.
// CHECK-LABEL: func.func @number
func.func @number(%x: tensor<4xf32>, %n: f64) -> tensor<4xf32> {
  %none = ts.none
  // CHECK: %[[N:.*]] = arith.truncf %{{.*}} : f64 to f32
  // CHECK: linalg.generic
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: arith.addf %{{.*}}, %[[N]]
  %0 = aten.add %x, %n, %none : (tensor<4xf32>, f64, !ts.none) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// uint8 is unsigned.
// CHECK-LABEL: func.func @unsigned
func.func @unsigned(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xui8> {
  // CHECK: arith.maxui %{{.*}} : i8
  %0 = aten.maximum %x, %y : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// Powers with small exponents are products.
// CHECK-LABEL: func.func @power
func.func @power(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = arith.constant 2 : i64
  // CHECK: arith.mulf
  // CHECK-NOT: math.powf
  %0 = aten.pow %x, %c : (tensor<4xf32>, i64) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @item
// CHECK: tensor.extract %arg0[] : tensor<i8>
// CHECK: arith.trunci %{{.*}} : i8 to i1
func.func @item(%x: tensor<i1>) -> i1 {
  %0 = ts.item %x : tensor<i1> -> i1
  return %0 : i1
}

// A divisor that is not known raises where it is zero, a known one does not need to be looked at.
// CHECK-LABEL: func.func @integer_division
// CHECK: %[[ZERO:.*]] = arith.cmpi ne
// CHECK: scf.if %[[ZERO]] {
// CHECK: %[[TEXT:.*]] = ts.str "ZeroDivisionError"
// CHECK: ts.raise %[[TEXT]]
// CHECK-NOT: ts.raise
func.func @integer_division(%x: tensor<4xi64>, %y: tensor<4xi64>) -> (tensor<4xi64>, tensor<4xi64>) {
  %c3 = arith.constant 3 : i64
  %a = aten.remainder %x, %y : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
  %b = aten.floor_divide %x, %c3 : (tensor<4xi64>, i64) -> tensor<4xi64>
  return %a, %b : tensor<4xi64>, tensor<4xi64>
}

// Sizes of two names: run time compares them, repeats what is of size one and raises where neither is.
// CHECK-LABEL: func.func @compared
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>, %[[Y:.*]]: tensor<?xf32>) -> tensor<?xf32>
func.func @compared(%x: tensor<?xf32, #ts.dims<[s0]>>, %y: tensor<?xf32, #ts.dims<[s1]>>) -> tensor<?xf32, #ts.dims<[?]>> {
  %none = ts.none
  // CHECK: arith.cmpi ne
  // CHECK: scf.if
  // CHECK: ts.raise
  // CHECK: %[[A:.*]] = scf.if %{{.*}} -> (tensor<?xf32>)
  // CHECK: %[[B:.*]] = scf.if %{{.*}} -> (tensor<?xf32>)
  // CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] :
  %0 = aten.add %x, %y, %none : (tensor<?xf32, #ts.dims<[s0]>>, tensor<?xf32, #ts.dims<[s1]>>, !ts.none) -> tensor<?xf32, #ts.dims<[?]>>
  return %0 : tensor<?xf32, #ts.dims<[?]>>
}

// One name for both: there is nothing to compare.
// CHECK-LABEL: func.func @tied
// CHECK-NOT: arith.cmpi
// CHECK: return
func.func @tied(%x: tensor<?xf32, #ts.dims<[s0]>>, %y: tensor<?xf32, #ts.dims<[s0]>>) -> tensor<?xf32, #ts.dims<[s0]>> {
  %none = ts.none
  %0 = aten.add %x, %y, %none : (tensor<?xf32, #ts.dims<[s0]>>, tensor<?xf32, #ts.dims<[s0]>>, !ts.none) -> tensor<?xf32, #ts.dims<[s0]>>
  return %0 : tensor<?xf32, #ts.dims<[s0]>>
}
