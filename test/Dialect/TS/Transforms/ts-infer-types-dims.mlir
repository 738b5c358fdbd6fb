// RUN: wick-opt %s --ts-infer-types="inputs=sum:x=?x3xf32,size:x=?x3xf32,new:x=3xf32,two:x=2x3xf32,never:x=2x3xf32" | FileCheck %s

ts.schema @"aten::format" "aten::format" arguments ["self"] writes [] aliases []

// Along each dim that there is, counted from either end; others raise.
// CHECK-LABEL: func.func @sum
// CHECK-SAME: (%[[X:[^:]*]]: !ts.tensor<[s0, 3], f32> {{.*}}, %[[D:[^:]*]]: i64
// CHECK-SAME: -> !ts.tensor<[?], f32>
// CHECK-DAG: %[[FRONT:.*]] = arith.cmpi eq, %[[D]], %c0
// CHECK-DAG: %[[BACK:.*]] = arith.cmpi eq, %[[D]], %c-2
// CHECK: %[[IS:.*]] = arith.ori %[[FRONT]], %[[BACK]] {ts.asks_dim} : i1
// CHECK: scf.if %[[IS]]
// CHECK: aten.sum {{.*}} -> !ts.tensor<[3], f32>
// CHECK: } else {
// CHECK: arith.ori {{.*}} {ts.asks_dim}
// CHECK: aten.sum {{.*}} -> !ts.tensor<[s0], f32>
// CHECK: "Dimension out of range (expected to be in range of [-2, 1], but got {})"
// CHECK: ts.raise
func.func @sum(%x: !ts.tensor {ts.name = "x"}, %d: i64) -> !ts.tensor {
  %false = arith.constant false
  %none = ts.none
  %dims = ts.list_construct %d : (i64) -> !ts.list<i64>
  %y = aten.sum %x, %dims, %false, %none : (!ts.tensor, !ts.list<i64>, i1, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func @size
// CHECK: %[[N:.*]] = scf.if
// CHECK: ts.symbol
// CHECK: } else {
// CHECK: scf.if
// CHECK: scf.yield %c3
// CHECK: ts.raise
// CHECK: return %[[N]]
func.func @size(%x: !ts.tensor {ts.name = "x"}, %d: i64) -> i64 {
  %n = ts.size %x, %d : !ts.tensor
  return %n : i64
}

// A new dim may stand behind all others.
// CHECK-LABEL: func.func @new
// CHECK-SAME: -> !ts.tensor<[?, ?], f32>
// CHECK: aten.unsqueeze {{.*}} -> !ts.tensor<[1, 3], f32>
// CHECK: aten.unsqueeze {{.*}} -> !ts.tensor<[3, 1], f32>
// CHECK: expected to be in range of [-2, 1]
func.func @new(%x: !ts.tensor {ts.name = "x"}, %d: i64) -> !ts.tensor {
  %y = aten.unsqueeze %x, %d : (!ts.tensor, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func @two
// CHECK-COUNT-4: aten.transpose
// CHECK-NOT: aten.transpose
func.func @two(%x: !ts.tensor {ts.name = "x"}, %a: i64, %b: i64) -> !ts.tensor {
  %y = aten.transpose %x, %a, %b : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// What never succeeds along one dim raises there, without a warning.
// CHECK-LABEL: func.func @never
// CHECK: aten.narrow {{.*}} -> !ts.tensor<[2, 3], f32>
// CHECK-NOT: aten.narrow
// CHECK: ts.raise
func.func @never(%x: !ts.tensor {ts.name = "x"}, %d: i64) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %c3 = arith.constant 3 : i64
  %y = aten.narrow %x, %d, %c0, %c3 : (!ts.tensor, i64, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}
