// RUN: wick-opt %s --ts-infer-types="inputs=extend:0=2x4xf32,nothing:0=2x4xf32,optional:0=2x4xf32,fields:0=2x4xf32,fields:1=2xbool" | FileCheck %s

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t" arguments ["list", "idx"] writes [] aliases []
ts.schema @"aten::__getitem__.Dict_str" "aten::__getitem__.Dict_str" arguments ["self", "key"] writes [] aliases []
ts.schema @"aten::_set_item.str" "aten::_set_item.str" arguments ["l", "idx", "v"] writes [0] aliases []
ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases []
ts.schema @"aten::len.t" "aten::len.t" arguments ["a"] writes [] aliases []

// What a loop extends begins with nothing: until something is seen to be stored, code after the read says nothing.
// CHECK-LABEL: func.func @extend
// CHECK-SAME:    -> !ts.list<!ts.tensor<[?, 4], f32>>
// CHECK:         %[[LIST:.*]] = ts.list_construct : () -> !ts.list<!ts.tensor<[?, 4], f32>>
// CHECK-NOT:     ts.raise
func.func @extend(%x: !ts.tensor, %n: i64) -> !ts.list<!ts.tensor> {
  %c0 = arith.constant 0 : i64
  %true = arith.constant true
  %l = ts.list_construct : () -> !ts.list<!ts.tensor>
  ts.loop %n while %true init() : () -> () {
  ^bb0(%i: i64):
    %len = ts.operator @"aten::len.t"(%l) : (!ts.list<!ts.tensor>) -> i64
    %some = arith.cmpi ne, %len, %c0 : i64
    %y = scf.if %some -> !ts.tensor {
      %before = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
      %both = ts.list_construct %before, %x : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
      %z = aten.cat %both, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
      scf.yield %z : !ts.tensor
    } else {
      scf.yield %x : !ts.tensor
    }
    ts.operator @"aten::append.t"(%l, %y) : (!ts.list<!ts.tensor>, !ts.tensor) -> ()
    ts.yield %true : i1
  }
  return %l : !ts.list<!ts.tensor>
}

// Where nothing is stored in the end, the read raises.
// CHECK-LABEL: func.func @nothing
// CHECK:         ts.operator @"aten::__getitem__.t"{{.*}} {ts.raises}
// CHECK:         ts.str "an element is read that no compiled method stores; compile the methods together"
// CHECK:         ts.raise
func.func @nothing(%x: !ts.tensor, %n: i64) -> !ts.tensor {
  %l = ts.list_construct : () -> !ts.list<!ts.tensor>
  %y = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %z = aten.add %x, %y, %n : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
  return %z : !ts.tensor
}

// So it is with an optional element that is said to be there.
// CHECK-LABEL: func.func @optional
// CHECK-SAME:    -> !ts.tensor<[?, 4], f32>
// CHECK:         ts.unchecked_cast {{.*}} to !ts.tensor<[?, 4], f32>
// CHECK-NOT:     ts.raise
func.func @optional(%x: !ts.tensor, %key: !ts.str) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %d = ts.dict_construct() to() : -> !ts.dict<!ts.str, !ts.optional<!ts.tensor>>
  %v = ts.upcast %x : !ts.tensor to !ts.optional<!ts.tensor>
  ts.operator @"aten::_set_item.str"(%d, %key, %v) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str, !ts.optional<!ts.tensor>) -> ()
  %o = ts.operator @"aten::__getitem__.Dict_str"(%d, %key) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str) -> !ts.optional<!ts.tensor>
  %before = ts.unchecked_cast %o : !ts.optional<!ts.tensor> to !ts.tensor
  %both = ts.list_construct %before, %x : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
  %z = aten.cat %both, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %u = ts.upcast %z : !ts.tensor to !ts.optional<!ts.tensor>
  ts.operator @"aten::_set_item.str"(%d, %key, %u) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str, !ts.optional<!ts.tensor>) -> ()
  return %z : !ts.tensor
}

ts.schema @"aten::__contains__.str" "aten::__contains__.str" arguments ["dict", "key"] writes [] aliases []

// A record of optional tensors: each key has its own, None says nothing of them, and a key that nothing is stored under
// is not read.
// CHECK-LABEL: func.func @fields
// CHECK-SAME:    -> (!ts.tensor<[?, 4], f32>, !ts.optional<!ts.tensor<[2], i1>>)
// CHECK:         ts.unchecked_cast %{{.*}} : !ts.optional<!ts.tensor<[?, 4], f32>> to !ts.tensor<[?, 4], f32>
func.func @fields(%x: !ts.tensor, %m: !ts.tensor, %n: i64, %some: i1) -> (!ts.tensor, !ts.optional<!ts.tensor>) {
  %c0 = arith.constant 0 : i64
  %true = arith.constant true
  %k = ts.str "k"
  %mask = ts.str "mask"
  %none = ts.none
  %d = ts.dict_construct() to() : -> !ts.dict<!ts.str, !ts.optional<!ts.tensor>>
  ts.loop %n while %true init() : () -> () {
  ^bb0(%i: i64):
    %has = ts.operator @"aten::__contains__.str"(%d, %k) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str) -> i1
    %y = scf.if %has -> !ts.tensor {
      %o = ts.operator @"aten::__getitem__.Dict_str"(%d, %k) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str) -> !ts.optional<!ts.tensor>
      %before = ts.unchecked_cast %o : !ts.optional<!ts.tensor> to !ts.tensor
      %both = ts.list_construct %before, %x : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
      %z = aten.cat %both, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
      scf.yield %z : !ts.tensor
    } else {
      scf.yield %x : !ts.tensor
    }
    %stored = ts.upcast %y : !ts.tensor to !ts.optional<!ts.tensor>
    ts.operator @"aten::_set_item.str"(%d, %k, %stored) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str, !ts.optional<!ts.tensor>) -> ()
    %given = scf.if %some -> !ts.optional<!ts.tensor> {
      %u = ts.upcast %m : !ts.tensor to !ts.optional<!ts.tensor>
      scf.yield %u : !ts.optional<!ts.tensor>
    } else {
      %u = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor>
      scf.yield %u : !ts.optional<!ts.tensor>
    }
    ts.operator @"aten::_set_item.str"(%d, %mask, %given) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str, !ts.optional<!ts.tensor>) -> ()
    ts.yield %true : i1
  }
  %o = ts.operator @"aten::__getitem__.Dict_str"(%d, %k) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str) -> !ts.optional<!ts.tensor>
  %last = ts.unchecked_cast %o : !ts.optional<!ts.tensor> to !ts.tensor
  %p = ts.operator @"aten::__getitem__.Dict_str"(%d, %mask) : (!ts.dict<!ts.str, !ts.optional<!ts.tensor>>, !ts.str) -> !ts.optional<!ts.tensor>
  return %last, %p : !ts.tensor, !ts.optional<!ts.tensor>
}

// Nothing makes objects of this class.
ts.class @Track "class" {
  ts.attr "box" : !ts.tensor
}
// CHECK-LABEL: func.func @never_made
// CHECK:         ts.get_attr
// CHECK:         ts.str "an element is read that no compiled method stores; compile the methods together"
func.func @never_made(%tracks: !ts.list<!ts.object<@Track>>) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %t = ts.operator @"aten::__getitem__.t"(%tracks, %c0) : (!ts.list<!ts.object<@Track>>, i64) -> !ts.object<@Track>
  %b = ts.get_attr %t["box"] : !ts.object<@Track> -> !ts.tensor
  return %b : !ts.tensor
}
