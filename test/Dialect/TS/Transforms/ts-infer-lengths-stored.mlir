// RUN: wick-opt %s --ts-infer-types | FileCheck %s

ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::slice.t" "aten::slice.t" arguments ["l", "start", "end", "step"] writes [] aliases []
ts.schema @"aten::__getitem__.Dict_str" "aten::__getitem__.Dict_str" arguments ["self", "key"] writes [] aliases []

ts.class @C "module" {
  ts.attr "shape" : !ts.list<i64>
  ts.attr "grown" : !ts.list<i64>
}

// What an attribute begins with, empty lists apart, and what methods store there is of one length. Callers may store
// others, so it is checked.
func.func @begin(%o: !ts.object<@C>) {
  %empty = ts.list_construct : () -> !ts.list<i64>
  ts.set_attr %o["shape"] = %empty : !ts.object<@C>, !ts.list<i64>
  %other = ts.list_construct : () -> !ts.list<i64>
  ts.set_attr %o["grown"] = %other : !ts.object<@C>, !ts.list<i64>
  return
}
func.func @set(%o: !ts.object<@C>, %i: i64) {
  %shape = ts.list_construct %i, %i : (i64, i64) -> !ts.list<i64>
  ts.set_attr %o["shape"] = %shape : !ts.object<@C>, !ts.list<i64>
  %grown = ts.list_construct %i, %i : (i64, i64) -> !ts.list<i64>
  ts.set_attr %o["grown"] = %grown : !ts.object<@C>, !ts.list<i64>
  return
}

// CHECK-LABEL: func.func @make
// CHECK-SAME: -> !ts.tensor<[?, ?], f32>
// CHECK:         %[[SHAPE:.*]] = ts.get_attr %{{.*}}["shape"]
// CHECK:         %[[LENGTH:.*]] = ts.operator @"aten::len.t"(%[[SHAPE]])
// CHECK:         %[[C2:.*]] = arith.constant 2 : i64
// CHECK:         %[[OTHER:.*]] = arith.cmpi ne, %[[LENGTH]], %[[C2]] : i64
// CHECK:         scf.if %[[OTHER]] {
// CHECK:           ts.raise
// CHECK-COUNT-2: ts.operator @"aten::__getitem__.t"(%[[SHAPE]],
func.func @make(%o: !ts.object<@C>) -> !ts.tensor {
  %none = ts.none
  %shape = ts.get_attr %o["shape"] : !ts.object<@C> -> !ts.list<i64>
  %z = aten.zeros %shape, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}

// CHECK-LABEL: func.func @slice
// CHECK-SAME: -> !ts.tensor<[?], f32>
func.func @slice(%o: !ts.object<@C>) -> !ts.tensor {
  %none = ts.none
  %c1 = arith.constant 1 : i64
  %shape = ts.get_attr %o["shape"] : !ts.object<@C> -> !ts.list<i64>
  %rest = ts.operator @"aten::slice.t"(%shape, %c1, %none, %c1) : (!ts.list<i64>, i64, !ts.none, i64) -> !ts.list<i64>
  %z = aten.zeros %rest, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}

// CHECK-LABEL: func.func @grow
// CHECK-SAME: -> !ts.tensor<*, f32>
func.func @grow(%o: !ts.object<@C>, %i: i64) -> !ts.tensor {
  %none = ts.none
  %grown = ts.get_attr %o["grown"] : !ts.object<@C> -> !ts.list<i64>
  %0 = ts.operator @"aten::append.t"(%grown, %i) : (!ts.list<i64>, i64) -> !ts.list<i64>
  %z = aten.zeros %grown, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}

// The lists of a dict are of one length, too, and no caller has them.
// CHECK-LABEL: func.func @keyed
// CHECK-SAME: -> !ts.tensor<[?], f32>
// CHECK-NOT:     ts.raise
func.func @keyed(%key: !ts.str, %i: i64) -> !ts.tensor {
  %none = ts.none
  %list = ts.list_construct %i : (i64) -> !ts.list<i64>
  %sizes = ts.dict_construct(%key) to(%list) : (!ts.str) (!ts.list<i64>) -> !ts.dict<!ts.str, !ts.list<i64>>
  %size = ts.operator @"aten::__getitem__.Dict_str"(%sizes, %key) : (!ts.dict<!ts.str, !ts.list<i64>>, !ts.str) -> !ts.list<i64>
  %z = aten.zeros %size, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}
