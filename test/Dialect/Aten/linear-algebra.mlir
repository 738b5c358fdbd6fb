// RUN: wick-opt %s --verify-roundtrip --ts-infer-types --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @factors
func.func @factors(%a: !ts.tensor<[s0, 4, s1], f64>, %b: !ts.tensor<[2, 3, 5], f32>) -> (!ts.tensor, !ts.tensor, !ts.tensor) {
  %true = arith.constant true
  %false = arith.constant false
  // CHECK: aten.lu_factor {{.*}} -> (!ts.tensor<[s0, 4, s1], f64>, !ts.tensor<[s0, ?], i32>, !ts.tensor<[s0], i32>)
  %lu, %pivots, %info = aten.lu_factor %a, %true, %false : (!ts.tensor<[s0, 4, s1], f64>, i1, i1) -> (!ts.tensor, !ts.tensor, !ts.tensor)
  // CHECK: aten.lu_factor {{.*}} -> (!ts.tensor<[2, 3, 5], f32>, !ts.tensor<[2, 3], i32>, !ts.tensor<[2], i32>)
  %lv, %pivots1, %info1 = aten.lu_factor %b, %true, %false : (!ts.tensor<[2, 3, 5], f32>, i1, i1) -> (!ts.tensor, !ts.tensor, !ts.tensor)
  // CHECK: aten.cholesky {{.*}} -> (!ts.tensor<[s0, 4, s1], f64>, !ts.tensor<[s0], i32>)
  %l, %info2 = aten.cholesky %a, %false, %false : (!ts.tensor<[s0, 4, s1], f64>, i1, i1) -> (!ts.tensor, !ts.tensor)
  return %pivots, %pivots1, %l : !ts.tensor, !ts.tensor, !ts.tensor
}

// CHECK-LABEL: func.func @solutions
func.func @solutions(%a: !ts.tensor<[s0, 3, 3], f32>, %p: !ts.tensor<[s0, 3], i32>, %b: !ts.tensor<[4, 1, 3, s1], f32>) -> (!ts.tensor, !ts.tensor) {
  %true = arith.constant true
  %false = arith.constant false
  // CHECK: aten.solve_triangular {{.*}} -> !ts.tensor<[4, s0, 3, s1], f32>
  %x = aten.solve_triangular %a, %b, %true, %true, %false : (!ts.tensor<[s0, 3, 3], f32>, !ts.tensor<[4, 1, 3, s1], f32>, i1, i1, i1) -> !ts.tensor
  // CHECK: aten.lu_solve {{.*}} -> !ts.tensor<[4, s0, 3, s1], f32>
  %y = aten.lu_solve %a, %p, %b, %true, %false : (!ts.tensor<[s0, 3, 3], f32>, !ts.tensor<[s0, 3], i32>, !ts.tensor<[4, 1, 3, s1], f32>, i1, i1) -> !ts.tensor
  return %x, %y : !ts.tensor, !ts.tensor
}

// -----

func.func @vector(%a: !ts.tensor<[3], f32>) -> !ts.tensor {
  %true = arith.constant true
  %false = arith.constant false
  // expected-error@+1 {{torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: [3] instead}}
  %lu, %pivots, %info = aten.lu_factor %a, %true, %false : (!ts.tensor<[3], f32>, i1, i1) -> (!ts.tensor, !ts.tensor, !ts.tensor)
  return %lu : !ts.tensor
}

// -----

func.func @ints(%a: !ts.tensor<[3, 3], i64>) -> !ts.tensor {
  %false = arith.constant false
  // expected-error@+1 {{linalg.cholesky: Expected a floating point or complex tensor as input. Got Long}}
  %l, %info = aten.cholesky %a, %false, %false : (!ts.tensor<[3, 3], i64>, i1, i1) -> (!ts.tensor, !ts.tensor)
  return %l : !ts.tensor
}

// -----

func.func @vector_side(%a: !ts.tensor<[3, 3], f32>, %b: !ts.tensor<[3], f32>) -> !ts.tensor {
  %true = arith.constant true
  // expected-error@+1 {{linalg.solve_triangular: The input tensor B must have at least 2 dimensions.}}
  %x = aten.solve_triangular %a, %b, %true, %true, %true : (!ts.tensor<[3, 3], f32>, !ts.tensor<[3], f32>, i1, i1, i1) -> !ts.tensor
  return %x : !ts.tensor
}

// -----

func.func @batches(%a: !ts.tensor<[2, 3, 3], f32>, %b: !ts.tensor<[4, 3, 1], f32>) -> !ts.tensor {
  %true = arith.constant true
  // expected-error@+1 {{The size of tensor a (4) must match the size of tensor b (2) at non-singleton dimension 0}}
  %x = aten.solve_triangular %a, %b, %true, %true, %true : (!ts.tensor<[2, 3, 3], f32>, !ts.tensor<[4, 3, 1], f32>, i1, i1, i1) -> !ts.tensor
  return %x : !ts.tensor
}

// -----

func.func @pivots(%a: !ts.tensor<[3, 3], f32>, %p: !ts.tensor<[3], i64>, %b: !ts.tensor<[3, 1], f32>) -> !ts.tensor {
  %true = arith.constant true
  // expected-error@+1 {{linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32}}
  %x = aten.lu_solve %a, %p, %b, %true, %true : (!ts.tensor<[3, 3], f32>, !ts.tensor<[3], i64>, !ts.tensor<[3, 1], f32>, i1, i1) -> !ts.tensor
  return %x : !ts.tensor
}
