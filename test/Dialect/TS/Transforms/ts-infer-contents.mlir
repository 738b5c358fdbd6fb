// RUN: wick-opt %s --ts-infer-types="inputs=grow:0=3x4xf32,kept:0=3x4xf32,nested:0=2xf32,examples:0=[?x4xf32],examples:1={str: (2xi64, int)},examples:2=int,record:0=3x4xf32,fields:0=3x4xf32" | FileCheck %s

ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases []
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t" arguments ["list", "idx"] writes [] aliases []
ts.schema @"aten::_set_item.str" "aten::_set_item.str" arguments ["l", "idx", "v"] writes [0] aliases []
ts.schema @"aten::__getitem__.Dict_str" "aten::__getitem__.Dict_str" arguments ["self", "key"] writes [] aliases []
ts.schema @"aten::values" "aten::values" arguments ["self"] writes [] aliases []
ts.schema @"aten::len.t" "aten::len.t" arguments ["a"] writes [] aliases []

// What is appended says what a list holds, in all rounds of a loop, and so what stacking it gives. What is read from the
// list is appended again, after one more round.
// CHECK-LABEL: func.func @grow
// CHECK-SAME: -> !ts.tensor<[?, 3, 4], f32>
func.func @grow(%x: !ts.tensor, %n: i64) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %count = arith.index_cast %n : i64 to index
  // CHECK: ts.list_construct {{.*}} -> !ts.list<!ts.tensor<[3, 4], f32>>
  %l = ts.list_construct %x : (!ts.tensor) -> !ts.list<!ts.tensor>
  scf.for %i = %i0 to %count step %i1 {
    %last = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
    // CHECK: aten.relu {{.*}} -> !ts.tensor<[3, 4], f32>
    %y = aten.relu %last : (!ts.tensor) -> !ts.tensor
    %same = ts.operator @"aten::append.t"(%l, %y) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  }
  %r = aten.stack %l, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %r : !ts.tensor
}

// Lists that a loop hands on may be the same: both hold what is stored in either. A third one is not concerned.
// CHECK-LABEL: func.func @kept
// CHECK-SAME: -> (!ts.tensor<[?, 4], f32>, !ts.tensor<[3, 4], i1>)
func.func @kept(%x: !ts.tensor, %n: i64, %flag: i1) -> (!ts.tensor, !ts.tensor) {
  %c0 = arith.constant 0 : i64
  // CHECK: ts.list_construct : () -> !ts.list<!ts.tensor<[?, 4], f32>>
  %a = ts.list_construct : () -> !ts.list<!ts.tensor>
  // CHECK: ts.list_construct : () -> !ts.list<!ts.tensor<[?, 4], f32>>
  %b = ts.list_construct : () -> !ts.list<!ts.tensor>
  %c = ts.list_construct : () -> !ts.list<!ts.tensor>
  %xx = ts.list_construct %x, %x : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
  %long = aten.cat %xx, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %either = scf.if %flag -> !ts.list<!ts.tensor> {
    scf.yield %a : !ts.list<!ts.tensor>
  } else {
    scf.yield %b : !ts.list<!ts.tensor>
  }
  %0 = ts.operator @"aten::append.t"(%either, %x) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  %1 = ts.operator @"aten::append.t"(%a, %long) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  %t = aten.gt %x, %c0 : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: ts.list_construct {{.*}} -> !ts.list<!ts.tensor<[3, 4], i1>>
  %2 = ts.operator @"aten::append.t"(%c, %t) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  %r = ts.operator @"aten::__getitem__.t"(%b, %n) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %s = ts.operator @"aten::__getitem__.t"(%c, %n) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %r, %s : !ts.tensor, !ts.tensor
}

// Containers in containers.
// CHECK-LABEL: func.func @nested
func.func @nested(%x: !ts.tensor, %key: !ts.str, %n: i64) -> !ts.tensor {
  %l = ts.list_construct : () -> !ts.list<!ts.tensor>
  // CHECK: ts.dict_construct{{.*}} -> !ts.dict<!ts.str, !ts.list<!ts.tensor<[2], f32>>>
  %d = ts.dict_construct(%key) to(%l) : (!ts.str) (!ts.list<!ts.tensor>) -> !ts.dict<!ts.str, !ts.list<!ts.tensor>>
  ts.operator @"aten::_set_item.str"(%d, %key, %l) : (!ts.dict<!ts.str, !ts.list<!ts.tensor>>, !ts.str, !ts.list<!ts.tensor>) -> ()
  %found = ts.operator @"aten::__getitem__.Dict_str"(%d, %key) : (!ts.dict<!ts.str, !ts.list<!ts.tensor>>, !ts.str) -> !ts.list<!ts.tensor>
  %0 = ts.operator @"aten::append.t"(%found, %x) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  // CHECK: ts.operator @"aten::__getitem__.t"{{.*}} -> !ts.tensor<[2], f32>
  %r = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %r : !ts.tensor
}

// Example arguments, by their numbers: containers, and what `Any` is.
// CHECK-LABEL: func.func @examples
// CHECK-SAME: (%arg0: !ts.list<!ts.tensor<[?, 4], f32>>, %arg1: !ts.dict<!ts.str, !ts.tuple<!ts.tensor<[2], i64>, i64>>, %arg2: i64)
func.func @examples(%l: !ts.list<!ts.tensor>, %d: !ts.dict<!ts.str, !ts.tuple<!ts.tensor, i64>>, %any: !ts.any) -> (!ts.tensor, !ts.any) {
  %c0 = arith.constant 0 : i64
  %r = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %r, %any : !ts.tensor, !ts.any
}

// A dict that serves as a record: each constant key has its own tensors.
// CHECK-LABEL: func.func @record
// CHECK-SAME: -> (!ts.tensor<[3, 4], f32>, !ts.tensor<[3, 4], i1>)
func.func @record(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  %c0 = arith.constant 0 : i64
  %values = ts.str "values"
  %flags = ts.str "flags"
  %t = aten.gt %x, %c0 : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: ts.dict_construct({{.*}} -> !ts.dict<!ts.str, !ts.tensor<[3, 4], [!ts.tensor<[3, 4], f32>, !ts.tensor<[3, 4], i1>]>>
  %d = ts.dict_construct(%values) to(%x) : (!ts.str) (!ts.tensor) -> !ts.dict<!ts.str, !ts.tensor>
  %l = ts.list_construct %d : (!ts.dict<!ts.str, !ts.tensor>) -> !ts.list<!ts.dict<!ts.str, !ts.tensor>>
  %e = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<!ts.dict<!ts.str, !ts.tensor>>, i64) -> !ts.dict<!ts.str, !ts.tensor>
  %0 = ts.operator @"aten::_set_item.str"(%e, %flags, %t) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str, !ts.tensor) -> !ts.dict<!ts.str, !ts.tensor>
  %a = ts.operator @"aten::__getitem__.Dict_str"(%d, %values) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str) -> !ts.tensor
  %b = ts.operator @"aten::__getitem__.Dict_str"(%d, %flags) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str) -> !ts.tensor
  return %a, %b : !ts.tensor, !ts.tensor
}

// Fields of records have tensors of their own, although the record is stored as a whole.
// CHECK-LABEL: func.func @fields
// CHECK-SAME: -> (!ts.tensor<[3, 4], f32>, !ts.tensor<[3, 4], i1>)
func.func @fields(%x: !ts.tensor, %i: i64) -> (!ts.tensor, !ts.tensor) {
  %c0 = arith.constant 0 : i64
  %t = aten.gt %x, %c0 : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: ts.dict_construct({{.*}} -> !ts.dict<i64, !ts.tuple<!ts.tensor<[3, 4], f32>, !ts.tensor<[3, 4], i1>>>
  %d = ts.dict_construct() to() : -> !ts.dict<i64, !ts.tuple<!ts.tensor, !ts.tensor>>
  %p = ts.tuple_construct %x, %t : (!ts.tensor, !ts.tensor) -> !ts.tuple<!ts.tensor, !ts.tensor>
  ts.operator @"aten::_set_item.str"(%d, %i, %p) : (!ts.dict<i64, !ts.tuple<!ts.tensor, !ts.tensor>>, i64, !ts.tuple<!ts.tensor, !ts.tensor>) -> ()
  %v = ts.operator @"aten::values"(%d) : (!ts.dict<i64, !ts.tuple<!ts.tensor, !ts.tensor>>) -> !ts.list<!ts.tuple<!ts.tensor, !ts.tensor>>
  %q = ts.operator @"aten::__getitem__.t"(%v, %i) : (!ts.list<!ts.tuple<!ts.tensor, !ts.tensor>>, i64) -> !ts.tuple<!ts.tensor, !ts.tensor>
  %a = ts.tuple_index %q[0] : !ts.tuple<!ts.tensor, !ts.tensor> -> !ts.tensor
  %b = ts.tuple_index %q[1] : !ts.tuple<!ts.tensor, !ts.tensor> -> !ts.tensor
  return %a, %b : !ts.tensor, !ts.tensor
}
