// RUN: wick-opt %s --ts-infer-types="inputs=4xf32,4x2x3xf32" --split-input-file | FileCheck %s

// Iterations at whose end a tensor has another rank are taken out of the loop.
// CHECK-LABEL: func.func @widens
// CHECK: %[[A:.*]] = aten.unsqueeze %arg0, {{.*}} -> !ts.tensor<[4, 1], f32>
// CHECK: %[[B:.*]] = aten.unsqueeze %[[A]], {{.*}} -> !ts.tensor<[4, 1, 1], f32>
// CHECK-NOT: ts.loop
// CHECK: aten.mul %[[B]], %arg1
func.func @widens(%x: !ts.tensor, %y: !ts.tensor) -> !ts.tensor {
  %max = arith.constant 9223372036854775807 : i64
  %last = arith.constant -1 : i64
  %m = ts.rank %x : !ts.tensor
  %n = ts.rank %y : !ts.tensor
  %first = arith.cmpi slt, %m, %n : i64
  %z = ts.loop %max while %first init(%x) : (!ts.tensor) -> !ts.tensor {
  ^bb0(%i: i64, %t: !ts.tensor):
    %wider = aten.unsqueeze %t, %last : (!ts.tensor, i64) -> !ts.tensor
    %k = ts.rank %wider : !ts.tensor
    %again = arith.cmpi slt, %k, %n : i64
    ts.yield %again, %wider : i1, !ts.tensor
  }
  %r = aten.mul %z, %y : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %r : !ts.tensor
}

// -----

ts.schema @"aten::_set_item.t" "aten::_set_item.t(t[](a!) l, int idx, t(b -> *) el) -> t[](a!)" arguments ["l", "idx", "el"] writes [0] aliases [0, 2]

// From the second one on all are alike. A list that a loop writes is known where the loop is unrolled.
// CHECK-LABEL: func.func @once
// CHECK: %[[ONE:.*]] = aten.mul %arg0, %{{.*}} -> !ts.tensor<[4], f32>
// CHECK: %[[ALL:.*]] = ts.loop {{.*}} init(%[[ONE]]) : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
// CHECK-NOT: aten::_set_item
// CHECK: aten.view %[[ALL]], {{.*}} -> !ts.tensor<[1, 1, 4], f32>
func.func @once(%x: !ts.tensor, %y: !ts.tensor) -> !ts.tensor {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c4 = arith.constant 4 : i64
  %many = arith.constant 100 : i64
  %none = ts.none
  %scalar = aten.scalar_tensor %c1, %none : (i64, !ts.none) -> !ts.tensor
  %z = ts.loop %many while %true init(%scalar) : (!ts.tensor) -> !ts.tensor {
  ^bb0(%i: i64, %t: !ts.tensor):
    %next = aten.mul %x, %t : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.yield %true, %next : i1, !ts.tensor
  }
  %sizes = ts.list_construct %c0, %c0, %c4 : (i64, i64, i64) -> !ts.list<i64>
  %n = ts.rank %y : !ts.tensor
  %trips = arith.subi %n, %c1 : i64
  ts.loop %trips while %true init() : () -> () {
  ^bb0(%i: i64):
    %l = ts.operator @"aten::_set_item.t"(%sizes, %i, %c1) : (!ts.list<i64>, i64, i64) -> !ts.list<i64>
    ts.yield %true : i1
  }
  %r = aten.view %z, %sizes : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %r : !ts.tensor
}
