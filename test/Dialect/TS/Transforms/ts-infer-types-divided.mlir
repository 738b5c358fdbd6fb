// RUN: wick-opt %s --ts-infer-types="inputs=0=?x8xf32" | FileCheck %s

// The branches give tensors of two ranks: what uses them stands in both, up to where the ranks are the same again.
// CHECK-LABEL: func.func @divided
// CHECK-SAME: -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: %[[Y:.*]]:3 = scf.if
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0, 2, 4], f32>
// CHECK: aten.neg {{.*}} -> !ts.tensor<[s0, 2, 4], f32>
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: } else {
// CHECK: aten.neg {{.*}} -> !ts.tensor<[s0, 8], f32>
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: }
// CHECK-NOT: aten.neg
// CHECK: aten.relu %[[Y]]#2
func.func @divided(%x: !ts.tensor, %flag: i1) -> !ts.tensor {
  %c2 = arith.constant 2 : i64
  %c4 = arith.constant 4 : i64
  %m1 = arith.constant -1 : i64
  %three = ts.list_construct %m1, %c2, %c4 : (i64, i64, i64) -> !ts.list<i64>
  %two = ts.list_construct %m1, %c4 : (i64, i64) -> !ts.list<i64>
  %y = scf.if %flag -> !ts.tensor {
    %r = aten.reshape %x, %three : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    scf.yield %r : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  %n = aten.neg %y : (!ts.tensor) -> !ts.tensor
  %same = aten.reshape %n, %two : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  %z = aten.relu %same : (!ts.tensor) -> !ts.tensor
  return %z : !ts.tensor
}
