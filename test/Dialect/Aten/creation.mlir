// RUN: wick-opt %s | wick-opt | FileCheck %s
// RUN: wick-opt %s --ts-infer-types="inputs=Bx4xf16" | FileCheck %s --check-prefix=TYPES

// CHECK-LABEL: func.func @creation
func.func @creation(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor) {
  %none = ts.none
  %c0 = arith.constant 0 : i64
  %c7 = arith.constant 7 : i64
  %half = arith.constant 0.5 : f64
  %n = ts.size %x, %c0 : !ts.tensor
  %size = ts.list_construct %n, %c7 : (i64, i64) -> !ts.list<i64>
  // The kind of the number decides the dtype.
  // CHECK: aten.full
  // TYPES: aten.full {{.*}} -> !ts.tensor<[s0, 7], i64>
  %0 = aten.full %size, %c7, %none : (!ts.list<i64>, i64, !ts.none) -> !ts.tensor
  // CHECK: aten.new_zeros
  // TYPES: aten.new_zeros {{.*}} -> !ts.tensor<[s0, 7], f16>
  %1 = aten.new_zeros %x, %size, %none : (!ts.tensor, !ts.list<i64>, !ts.none) -> !ts.tensor
  // CHECK: aten.arange
  // TYPES: aten.arange {{.*}} -> !ts.tensor<[s0], i64>
  %2 = aten.arange %none, %n, %none, %none : (!ts.none, i64, !ts.none, !ts.none) -> !ts.tensor
  // CHECK: aten.arange
  // TYPES: aten.arange {{.*}} -> !ts.tensor<[14], f32>
  %3 = aten.arange %none, %c7, %half, %none : (!ts.none, i64, f64, !ts.none) -> !ts.tensor
  // CHECK: aten.tril
  // TYPES: aten.tril {{.*}} -> !ts.tensor<[s0, 4], f16>
  %4 = aten.tril %x, %c0 : (!ts.tensor, i64) -> !ts.tensor
  return %0, %1, %2, %3, %4 : !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor
}
