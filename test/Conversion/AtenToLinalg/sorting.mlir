// RUN: wick-opt %s --convert-aten-to-linalg --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @sort
func.func @sort(%x: tensor<4x5xui8>) -> (tensor<4x5xui8>, tensor<4x5xi64>) {
  %true = arith.constant true
  %cm1 = arith.constant -1 : i64
  // The routine knows few dtypes.
  // CHECK: %[[WIDE:.*]] = linalg.generic {{.*}}outs({{.*}} : tensor<4x5xi32>)
  // CHECK: %[[DIM:.*]] = arith.constant 1 : i64
  // CHECK: plan.routine "sort" ins(%[[WIDE]], %[[DIM]], %{{.*}} : tensor<4x5xi32>, i64, i1) outs(%{{.*}}, %{{.*}} : tensor<4x5xi32>, tensor<4x5xi64>)
  %v, %i = aten.sort %x, %cm1, %true : (tensor<4x5xui8>, i64, i1) -> (tensor<4x5xui8>, tensor<4x5xi64>)
  return %v, %i : tensor<4x5xui8>, tensor<4x5xi64>
}

// -----

// CHECK-LABEL: func.func @topk
func.func @topk(%x: tensor<9xf32>, %k: i64) -> tensor<?xf32> {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  // CHECK: %[[K:.*]] = arith.index_cast %{{.*}} : i64 to index
  // CHECK: %[[OUTSIDE:.*]] = arith.cmpi ugt, %[[K]]
  // CHECK: scf.if %[[OUTSIDE]]
  // CHECK: plan.routine "topk" {{.*}} -> tensor<?xf32>, tensor<?xi64>
  %v, %i = aten.topk %x, %k, %c0, %true, %true : (tensor<9xf32>, i64, i64, i1, i1) -> (tensor<?xf32>, tensor<?xi64>)
  return %v : tensor<?xf32>
}

// -----

// Sizes that only the run tells are taken from the list. Where they meet and differ, one must be 1, and that operand is
// repeated.
// CHECK-LABEL: func.func @sizes
func.func @sizes(%n: i64, %m: i64) -> tensor<?xf32> {
  %none = ts.none
  // CHECK: arith.cmpi slt
  // CHECK: tensor.empty(%{{.*}}) : tensor<?xf32>
  // CHECK: arith.cmpi slt
  // CHECK: tensor.empty(%{{.*}}) : tensor<?xf32>
  %a = ts.list_construct %n : (i64) -> !ts.list<i64>
  %x = aten.zeros %a, %none : (!ts.list<i64>, !ts.none) -> tensor<?xf32>
  %b = ts.list_construct %m : (i64) -> !ts.list<i64>
  %y = aten.zeros %b, %none : (!ts.list<i64>, !ts.none) -> tensor<?xf32>
  // CHECK: ts.raise
  // CHECK: %[[TARGET:.*]] = arith.select
  // CHECK: %[[REPEATS:.*]] = arith.cmpi ne, %{{.*}}, %[[TARGET]]
  // CHECK: %[[REPEATED:.*]] = scf.if %[[REPEATS]] -> (tensor<?xf32>)
  // CHECK: tensor.empty(%[[TARGET]])
  // CHECK: linalg.generic {{.*}} ins(%[[REPEATED]], %{{.*}} :
  %z = aten.atan2 %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %z : tensor<?xf32>
}
