// RUN: wick-opt %s --convert-aten-to-linalg --split-input-file | FileCheck %s

// Of real numbers the last dim of the list first, for only that one has half of the results.
// CHECK-LABEL: func.func @from_reals
func.func @from_reals(%x: tensor<4x9xf32>, %mode: i64) -> tensor<4x5xcomplex<f32>> {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %dims = ts.list_construct %c0, %c1 : (i64, i64) -> !ts.list<i64>
  // CHECK: %[[ROWS:.*]] = plan.routine "fft" ins(%arg0, %c1_{{[a-z0-9_]*}}, %arg1, %[[FORWARD:[a-z0-9_]*]] : tensor<4x9xf32>, i64, i64, i1) outs(%{{.*}} : tensor<4x5xcomplex<f32>>)
  // CHECK: plan.routine "fft" ins(%[[ROWS]], %c0_{{[a-z0-9_]*}}, %arg1, %[[FORWARD]] : tensor<4x5xcomplex<f32>>, i64, i64, i1) outs(%{{.*}} : tensor<4x5xcomplex<f32>>)
  %y = aten.fft_r2c %x, %dims, %mode, %true : (tensor<4x9xf32>, !ts.list<i64>, i64, i1) -> tensor<4x5xcomplex<f32>>
  return %y : tensor<4x5xcomplex<f32>>
}

// -----

// CHECK-LABEL: func.func @to_reals
func.func @to_reals(%x: tensor<4x5xcomplex<f64>>) -> tensor<4x8xf64> {
  %c0 = arith.constant 0 : i64
  %cm1 = arith.constant -1 : i64
  %c8 = arith.constant 8 : i64
  %dims = ts.list_construct %c0, %cm1 : (i64, i64) -> !ts.list<i64>
  // CHECK: %[[COLUMNS:.*]] = plan.routine "fft" {{.*}} outs(%{{.*}} : tensor<4x5xcomplex<f64>>)
  // CHECK: plan.routine "fft" ins(%[[COLUMNS]], {{.*}}) outs(%{{.*}} : tensor<4x8xf64>)
  %y = aten.fft_c2r %x, %dims, %c0, %c8 : (tensor<4x5xcomplex<f64>>, !ts.list<i64>, i64, i64) -> tensor<4x8xf64>
  return %y : tensor<4x8xf64>
}

// -----

// Sizes that only run time knows.
// CHECK-LABEL: func.func @sizes
func.func @sizes(%x: tensor<?xf32>, %n: i64) -> (tensor<?xcomplex<f32>>, tensor<?xf32>) {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  %dims = ts.list_construct %c0 : (i64) -> !ts.list<i64>
  // CHECK: %[[SIZE:.*]] = tensor.dim %arg0
  // CHECK: %[[HALF:.*]] = arith.divui %[[SIZE]]
  // CHECK: %[[COUNT:.*]] = arith.addi %[[HALF]]
  // CHECK: tensor.empty(%[[COUNT]]) : tensor<?xcomplex<f32>>
  %y = aten.fft_r2c %x, %dims, %c0, %true : (tensor<?xf32>, !ts.list<i64>, i64, i1) -> tensor<?xcomplex<f32>>
  // CHECK: %[[COUNT:.*]] = arith.index_cast %arg1 : i64 to index
  // CHECK: ts.raise
  // CHECK: tensor.empty(%[[COUNT]]) : tensor<?xf32>
  %z = aten.fft_c2r %y, %dims, %c0, %n : (tensor<?xcomplex<f32>>, !ts.list<i64>, i64, i64) -> tensor<?xf32>
  return %y, %z : tensor<?xcomplex<f32>>, tensor<?xf32>
}
