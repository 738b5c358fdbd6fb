// RUN: wick-opt %s --ts-expand-writes --split-input-file | FileCheck %s

ts.schema @"aten::unsqueeze_" "aten::unsqueeze_" arguments ["self", "dim"] writes [0] aliases [0]

// What follows uses the view, with the branch that may have made it or not.
// CHECK-LABEL: func.func @branch
// CHECK: %[[Y:.*]] = aten.neg
// CHECK: aten.relu %[[Y]]
// CHECK: %[[Z:.*]] = scf.if %{{.*}} -> (!ts.tensor) {
// CHECK:   %[[V:.*]] = aten.unsqueeze %[[Y]], %c0
// CHECK:   aten.exp %[[V]]
// CHECK:   scf.yield %[[V]]
// CHECK: } else {
// CHECK:   scf.yield %[[Y]]
// CHECK: }
// CHECK: return %{{.*}}, %[[Z]]
func.func @branch(%x: !ts.tensor, %p: i1) -> (!ts.tensor, !ts.tensor) {
  %c0 = arith.constant 0 : i64
  %y = aten.neg %x : (!ts.tensor) -> !ts.tensor
  %before = aten.relu %y : (!ts.tensor) -> !ts.tensor
  scf.if %p {
    %r = ts.operator @"aten::unsqueeze_"(%y, %c0) : (!ts.tensor, i64) -> !ts.tensor
    %e = aten.exp %y : (!ts.tensor) -> !ts.tensor
  }
  return %before, %y : !ts.tensor, !ts.tensor
}

// -----

ts.schema @"aten::unsqueeze_" "aten::unsqueeze_" arguments ["self", "dim"] writes [0] aliases [0]

// Of an argument callers see the shape, and a list holds it.
// CHECK-LABEL: func.func @seen
// CHECK: ts.operator @"aten::unsqueeze_"
// CHECK: ts.operator @"aten::unsqueeze_"
func.func @seen(%x: !ts.tensor) -> !ts.list<!ts.tensor> {
  %c0 = arith.constant 0 : i64
  %r = ts.operator @"aten::unsqueeze_"(%x, %c0) : (!ts.tensor, i64) -> !ts.tensor
  %y = aten.neg %x : (!ts.tensor) -> !ts.tensor
  %l = ts.list_construct %y : (!ts.tensor) -> !ts.list<!ts.tensor>
  %s = ts.operator @"aten::unsqueeze_"(%y, %c0) : (!ts.tensor, i64) -> !ts.tensor
  return %l : !ts.list<!ts.tensor>
}
