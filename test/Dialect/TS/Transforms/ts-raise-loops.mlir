// RUN: wick-opt %s --ts-raise-loops | FileCheck %s

// CHECK-LABEL: func.func @counted
// CHECK: %[[R:.*]] = scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[A:.*]] = %{{.*}}) -> (i64)
// CHECK: %[[S:.*]] = arith.addi %[[A]], %[[I]]
// CHECK: scf.yield %[[S]]
// CHECK: return %[[R]]
func.func @counted(%n: i64, %x: i64) -> i64 {
  %true = arith.constant true
  %r = ts.loop %n while %true init(%x) : (i64) -> i64 {
  ^bb0(%i: i64, %a: i64):
    %s = arith.addi %a, %i : i64
    ts.yield %true, %s : i1, i64
  }
  return %r : i64
}

// CHECK-LABEL: func.func @conditional
// CHECK: %[[R:.*]]:2 = scf.while (%[[C:.*]] = %{{.*}}, %[[A:.*]] = %{{.*}})
// CHECK: scf.condition(%[[C]]) %[[C]], %[[A]]
// CHECK: ^bb0(%{{.*}}: i1, %[[B:.*]]: i64):
// CHECK: %[[S:.*]] = arith.addi %[[B]], %[[B]]
// CHECK: %[[N:.*]] = arith.cmpi slt, %[[S]]
// CHECK: scf.yield %[[N]], %[[S]]
// CHECK: return %[[R]]#1
func.func @conditional(%n: i64, %x: i64) -> i64 {
  %max = arith.constant 9223372036854775807 : i64
  %c = arith.cmpi slt, %x, %n : i64
  %r = ts.loop %max while %c init(%x) : (i64) -> i64 {
  ^bb0(%i: i64, %a: i64):
    %s = arith.addi %a, %a : i64
    %next = arith.cmpi slt, %s, %n : i64
    ts.yield %next, %s : i1, i64
  }
  return %r : i64
}

// Both a count and a condition: the counter is carried.
// CHECK-LABEL: func.func @both
// CHECK: scf.while (%[[C:.*]] = %{{.*}}, %[[K:.*]] = %{{.*}}, %[[A:.*]] = %{{.*}})
// CHECK: %[[M:.*]] = arith.cmpi slt, %[[K]]
// CHECK: %[[T:.*]] = arith.andi %[[C]], %[[M]]
// CHECK: scf.condition(%[[T]])
func.func @both(%n: i64, %x: i64) -> i64 {
  %true = arith.constant true
  %r = ts.loop %n while %true init(%x) : (i64) -> i64 {
  ^bb0(%i: i64, %a: i64):
    %s = arith.addi %a, %i : i64
    %next = arith.cmpi slt, %s, %n : i64
    ts.yield %next, %s : i1, i64
  }
  return %r : i64
}
