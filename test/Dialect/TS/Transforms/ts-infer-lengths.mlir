// RUN: wick-opt %s --ts-infer-types="inputs=largest:0=[3x?x?xf32],carried:0=[3x?x?xf32],varying:0=[3x?x?xf32],apart:0=[3x?x?xf32]" | FileCheck %s

ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t" arguments ["list", "idx"] writes [] aliases []
ts.schema @"aten::_set_item.t" "aten::_set_item.t" arguments ["l", "idx", "el"] writes [0] aliases [0]
ts.schema @"aten::add.t" "aten::add.t" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::list.t" "aten::list.t" arguments ["l"] writes [] aliases []
ts.schema @"aten::len.t" "aten::len.t" arguments ["a"] writes [] aliases []

// All lists in the list are as long as an image has dims; one of them, changed in place, and the number of images make
// the sizes of a batch. The tensor is of their sum's rank, and its sizes are read where it is made.
// CHECK-LABEL: func.func @largest
// CHECK-SAME: -> !ts.tensor<[?, ?, ?, ?], f32>
// CHECK:         %[[SIZES:.*]] = ts.operator @"aten::add.t"
// CHECK-COUNT-4: ts.operator @"aten::__getitem__.t"(%[[SIZES]],
// CHECK:         %[[LIST:.*]] = ts.list_construct %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (i64, i64, i64, i64)
// CHECK:         aten.zeros %[[LIST]]
// CHECK-NOT:     ts.length_site
func.func @largest(%images: !ts.list<!ts.tensor>) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %none = ts.none
  %true = arith.constant true
  %all = ts.list_construct : () -> !ts.list<!ts.list<i64>>
  %n = ts.operator @"aten::len.t"(%images) : (!ts.list<!ts.tensor>) -> i64
  ts.loop %n while %true init() : () -> () {
  ^bb0(%i: i64):
    %image = ts.operator @"aten::__getitem__.t"(%images, %i) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
    %sizes = ts.sizes %image : !ts.tensor -> !ts.list<i64>
    %copy = ts.operator @"aten::list.t"(%sizes) : (!ts.list<i64>) -> !ts.list<i64>
    %0 = ts.operator @"aten::append.t"(%all, %copy) : (!ts.list<!ts.list<i64>>, !ts.list<i64>) -> !ts.list<!ts.list<i64>>
    ts.yield %true : i1
  }
  %most = ts.operator @"aten::__getitem__.t"(%all, %c0) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
  %1 = ts.operator @"aten::_set_item.t"(%most, %c0, %n) : (!ts.list<i64>, i64, i64) -> !ts.list<i64>
  %count = ts.list_construct %n : (i64) -> !ts.list<i64>
  %batch = ts.operator @"aten::add.t"(%count, %most) : (!ts.list<i64>, !ts.list<i64>) -> !ts.list<i64>
  %z = aten.zeros %batch, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}

// CHECK-LABEL: func.func @carried
// CHECK-SAME: -> !ts.tensor<[?, ?, ?, ?], f32>
func.func @carried(%images: !ts.list<!ts.tensor>) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %none = ts.none
  %true = arith.constant true
  %image = ts.operator @"aten::__getitem__.t"(%images, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %sizes = ts.sizes %image : !ts.tensor -> !ts.list<i64>
  %first = ts.operator @"aten::list.t"(%sizes) : (!ts.list<i64>) -> !ts.list<i64>
  %n = ts.operator @"aten::len.t"(%images) : (!ts.list<!ts.tensor>) -> i64
  %all = ts.list_construct %first : (!ts.list<i64>) -> !ts.list<!ts.list<i64>>
  %best = ts.loop %n while %true init(%first) : (!ts.list<i64>) -> !ts.list<i64> {
  ^bb0(%i: i64, %sofar: !ts.list<i64>):
    %next = ts.operator @"aten::__getitem__.t"(%all, %i) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
    ts.yield %true, %next : i1, !ts.list<i64>
  }
  %count = ts.list_construct %n : (i64) -> !ts.list<i64>
  %batch = ts.operator @"aten::add.t"(%count, %best) : (!ts.list<i64>, !ts.list<i64>) -> !ts.list<i64>
  %z = aten.zeros %batch, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}

// One of them grows, under another name.
// CHECK-LABEL: func.func @varying
// CHECK-SAME: -> !ts.tensor<*, f32>
func.func @varying(%images: !ts.list<!ts.tensor>, %i: i64) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %none = ts.none
  %image = ts.operator @"aten::__getitem__.t"(%images, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %sizes = ts.sizes %image : !ts.tensor -> !ts.list<i64>
  %first = ts.operator @"aten::list.t"(%sizes) : (!ts.list<i64>) -> !ts.list<i64>
  %all = ts.list_construct %first, %first : (!ts.list<i64>, !ts.list<i64>) -> !ts.list<!ts.list<i64>>
  %same = ts.operator @"aten::__getitem__.t"(%all, %i) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
  %0 = ts.operator @"aten::append.t"(%same, %i) : (!ts.list<i64>, i64) -> !ts.list<i64>
  %other = ts.operator @"aten::__getitem__.t"(%all, %c0) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
  %z = aten.zeros %other, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}

// Lists of two lengths in one.
// CHECK-LABEL: func.func @apart
// CHECK-SAME: -> !ts.tensor<*, f32>
func.func @apart(%images: !ts.list<!ts.tensor>, %i: i64) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %none = ts.none
  %image = ts.operator @"aten::__getitem__.t"(%images, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %sizes = ts.sizes %image : !ts.tensor -> !ts.list<i64>
  %first = ts.operator @"aten::list.t"(%sizes) : (!ts.list<i64>) -> !ts.list<i64>
  %pair = ts.list_construct %i, %i : (i64, i64) -> !ts.list<i64>
  %all = ts.list_construct %first, %pair : (!ts.list<i64>, !ts.list<i64>) -> !ts.list<!ts.list<i64>>
  %other = ts.operator @"aten::__getitem__.t"(%all, %i) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
  %z = aten.zeros %other, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %z : !ts.tensor
}
