// RUN: wick-opt %s --verify-roundtrip --ts-infer-types --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @order
func.func @order(%x: !ts.tensor<[4, s0], f16>, %n: i64) -> (!ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor) {
  %true = arith.constant true
  %cm1 = arith.constant -1 : i64
  %c3 = arith.constant 3 : i64
  %c0 = arith.constant 0 : i64
  // CHECK: aten.sort {{.*}} -> (!ts.tensor<[4, s0], f16>, !ts.tensor<[4, s0], i64>)
  %v, %i = aten.sort %x, %cm1, %true : (!ts.tensor<[4, s0], f16>, i64, i1) -> (!ts.tensor, !ts.tensor)
  // CHECK: aten.topk {{.*}} -> (!ts.tensor<[3, s0], f16>, !ts.tensor<[3, s0], i64>)
  %t, %ti = aten.topk %x, %c3, %c0, %true, %true : (!ts.tensor<[4, s0], f16>, i64, i64, i1, i1) -> (!ts.tensor, !ts.tensor)
  // CHECK: aten.topk {{.*}} -> (!ts.tensor<[?, s0], f16>, !ts.tensor<[?, s0], i64>)
  %u, %ui = aten.topk %x, %n, %c0, %true, %true : (!ts.tensor<[4, s0], f16>, i64, i64, i1, i1) -> (!ts.tensor, !ts.tensor)
  // CHECK: aten.median_dim {{.*}} -> (!ts.tensor<[4, 1], f16>, !ts.tensor<[4, 1], i64>)
  %m, %mi = aten.median_dim %x, %cm1, %true : (!ts.tensor<[4, s0], f16>, i64, i1) -> (!ts.tensor, !ts.tensor)
  return %v, %ti, %u, %m : !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor
}

// -----

func.func @too_many(%x: !ts.tensor<[4], f32>) -> !ts.tensor {
  %true = arith.constant true
  %c5 = arith.constant 5 : i64
  %c0 = arith.constant 0 : i64
  // expected-error@+1 {{selected index k out of range}}
  %v, %i = aten.topk %x, %c5, %c0, %true, %true : (!ts.tensor<[4], f32>, i64, i64, i1, i1) -> (!ts.tensor, !ts.tensor)
  return %v : !ts.tensor
}
