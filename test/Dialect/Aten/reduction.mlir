// RUN: wick-opt %s | wick-opt | FileCheck %s
// RUN: wick-opt %s --ts-infer-types="inputs=BxSx4xi32" | FileCheck %s --check-prefix=TYPES

// CHECK-LABEL: func.func @reductions
func.func @reductions(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor) {
  %none = ts.none
  %true = arith.constant true
  %c1 = arith.constant 1 : i64
  %cm1 = arith.constant -1 : i64
  %dims = ts.list_construct %cm1, %c1 : (i64, i64) -> !ts.list<i64>
  // CHECK: aten.sum
  // TYPES: aten.sum {{.*}} -> !ts.tensor<[s0], i64>
  %0 = aten.sum %x, %dims, %none, %none : (!ts.tensor, !ts.list<i64>, !ts.none, !ts.none) -> !ts.tensor
  // CHECK: aten.amax
  // TYPES: aten.amax {{.*}} -> !ts.tensor<[s0, 1, 1], i32>
  %1 = aten.amax %x, %dims, %true : (!ts.tensor, !ts.list<i64>, i1) -> !ts.tensor
  // CHECK: aten.max_dim
  // TYPES: aten.max_dim {{.*}} -> (!ts.tensor<[s0, 4], i32>, !ts.tensor<[s0, 4], i64>)
  %v, %i = aten.max_dim %x, %c1, %none : (!ts.tensor, i64, !ts.none) -> (!ts.tensor, !ts.tensor)
  // CHECK: aten.all
  // TYPES: aten.all {{.*}} -> !ts.tensor<[], i1>
  %2 = aten.all %x, %none, %none : (!ts.tensor, !ts.none, !ts.none) -> !ts.tensor
  // CHECK: aten.cumsum
  // TYPES: aten.cumsum {{.*}} -> !ts.tensor<[s0, s1, 4], i64>
  %3 = aten.cumsum %x, %c1, %none : (!ts.tensor, i64, !ts.none) -> !ts.tensor
  return %0, %1, %v, %i, %2, %3 : !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor
}

// CHECK-LABEL: func.func @scans
func.func @scans(%x: !ts.tensor)
    -> (!ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor) {
  %none = ts.none
  %c1 = arith.constant 1 : i64
  // CHECK: aten.cumprod
  // TYPES: aten.cumprod {{.*}} -> !ts.tensor<[s0, s1, 4], i64>
  %0 = aten.cumprod %x, %c1, %none : (!ts.tensor, i64, !ts.none) -> !ts.tensor
  // CHECK: aten.logcumsumexp
  // TYPES: aten.logcumsumexp {{.*}} -> !ts.tensor<[s0, s1, 4], f32>
  %c6 = arith.constant 6 : i64
  %false = arith.constant false
  %f = aten.to %x, %none, %c6, %false : (!ts.tensor, !ts.none, i64, i1) -> !ts.tensor
  %1 = aten.logcumsumexp %f, %c1 : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: aten.cummax
  // TYPES: aten.cummax {{.*}} -> (!ts.tensor<[s0, s1, 4], i32>, !ts.tensor<[s0, s1, 4], i64>)
  %v, %i = aten.cummax %x, %c1 : (!ts.tensor, i64) -> (!ts.tensor, !ts.tensor)
  // CHECK: aten.cummin
  %w, %j = aten.cummin %x, %c1 : (!ts.tensor, i64) -> (!ts.tensor, !ts.tensor)
  return %0, %1, %v, %i, %w, %j : !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor
}
