// RUN: wick-opt %s --ts-infer-types="inputs=counted:0=4xi64,counted:1=2x4xf32,inside:0=4xf32,given:0=4xf32 no-fallback" | FileCheck %s
// RUN: wick-opt %s --ts-infer-types="inputs=counted:0=4xi64,counted:1=2x4xf32,inside:0=4xf32,given:0=4xf32" | FileCheck %s --check-prefix=MORE

// Each number of iterations has a branch, with what uses the tensor up to where all ranks are the same again. More than
// there are branches for raise, or go on in a loop for LibTorch.
// CHECK-LABEL: func.func @counted
// CHECK-SAME: -> !ts.tensor<[2, 4], i64>
// CHECK: %[[ONE:.*]] = arith.cmpi sgt, %arg2, %c0{{.*}} {ts.asks_trips = 0 : i64}
// CHECK: %[[Y:.*]] = scf.if %[[ONE]] -> (!ts.tensor<[2, 4], i64>)
// CHECK: %[[A:.*]] = aten.unsqueeze %arg0, {{.*}} -> !ts.tensor<[1, 4], i64>
// CHECK: %[[LEFT:.*]] = arith.subi %arg2, %c1
// CHECK: %[[TWO:.*]] = arith.cmpi sgt, %[[LEFT]], %c0{{.*}} {ts.asks_trips = 1 : i64}
// CHECK: scf.if %[[TWO]]
// CHECK: "a loop changes the rank of a tensor more than 8 times, for which the model was not compiled"
// CHECK: "expand(CPULongType{[1, 1, 4]}, size=[2, 4]): the number of sizes provided (2) must be greater or equal to
// CHECK: aten.expand %[[A]],
// CHECK: aten.expand %arg0,
// CHECK-NOT: ts.loop
// CHECK: aten.neg %[[Y]]
// MORE-LABEL: func.func @counted
// MORE-COUNT-8: {ts.asks_trips
// MORE: ts.loop {{.*}} -> !ts.tensor<*, i64>
// MORE-NOT: ts.asks_trips
// MORE: aten.neg
func.func @counted(%x: !ts.tensor, %y: !ts.tensor, %n: i64) -> !ts.tensor {
  %true = arith.constant true
  %first = arith.constant 0 : i64
  %z = ts.loop %n while %true init(%x) : (!ts.tensor) -> !ts.tensor {
  ^bb0(%i: i64, %t: !ts.tensor):
    %wider = aten.unsqueeze %t, %first : (!ts.tensor, i64) -> !ts.tensor
    ts.yield %true, %wider : i1, !ts.tensor
  }
  %s = ts.sizes %y : !ts.tensor -> !ts.list<i64>
  %e = aten.expand %z, %s : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  %r = aten.neg %e : (!ts.tensor) -> !ts.tensor
  return %r : !ts.tensor
}

// A branch around such a loop has what follows in it first. The condition of a loop is asked as well.
// CHECK-LABEL: func.func @inside
// CHECK-SAME: -> !ts.tensor<[4], f32>
// CHECK: scf.if %arg2 -> (!ts.tensor<[4], f32>)
// CHECK: %[[AGAIN:.*]] = arith.andi %{{.*}}, %arg3 {ts.asks_trips = 0 : i64}
// CHECK: scf.if %[[AGAIN]]
// CHECK: aten.unsqueeze
// CHECK: aten.flatten {{.*}}[1, 4]
// CHECK: aten.flatten %arg0
func.func @inside(%x: !ts.tensor, %n: i64, %wide: i1, %go: i1) -> !ts.tensor {
  %first = arith.constant 0 : i64
  %last = arith.constant -1 : i64
  %z = scf.if %wide -> (!ts.tensor) {
    %w = ts.loop %n while %go init(%x) : (!ts.tensor) -> !ts.tensor {
    ^bb0(%i: i64, %t: !ts.tensor):
      %wider = aten.unsqueeze %t, %first : (!ts.tensor, i64) -> !ts.tensor
      ts.yield %go, %wider : i1, !ts.tensor
    }
    scf.yield %w : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  %r = aten.flatten %z, %first, %last : (!ts.tensor, i64, i64) -> !ts.tensor
  return %r : !ts.tensor
}

// Where nothing uses the tensor, nothing is won.
// CHECK-LABEL: func.func @given
// CHECK-NOT: scf.if
// CHECK: ts.loop
func.func @given(%x: !ts.tensor, %n: i64) -> !ts.tensor {
  %true = arith.constant true
  %first = arith.constant 0 : i64
  %z = ts.loop %n while %true init(%x) : (!ts.tensor) -> !ts.tensor {
  ^bb0(%i: i64, %t: !ts.tensor):
    %wider = aten.unsqueeze %t, %first : (!ts.tensor, i64) -> !ts.tensor
    ts.yield %true, %wider : i1, !ts.tensor
  }
  return %z : !ts.tensor
}
