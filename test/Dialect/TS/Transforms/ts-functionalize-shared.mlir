// RUN: wick-opt %s --ts-functionalize --split-input-file | FileCheck %s

ts.class @C "module" {
  ts.attr "a" : !ts.tensor<[4], f32>
  ts.attr "b" : !ts.tensor<[4], f32>
}

// What slots hold is read where it is used, so loops carry none of it.
// CHECK-LABEL: func.func @loop
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<[4], f32>, %[[O:.*]]: !ts.object<@C>)
// CHECK: %[[A:.*]] = ts.get_attr %[[O]]["a"]
// CHECK-NEXT: %[[B:.*]] = ts.get_attr %[[O]]["b"]
// CHECK-NEXT: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} : i64 {
// CHECK-NEXT:   %[[V:.*]] = ts.read %[[A]] {strided}
// CHECK-NEXT:   %[[R:.*]] = aten.relu %[[V]]
// CHECK-NEXT:   ts.write %[[A]], %[[R]] {strided}
// CHECK-NEXT: }
// CHECK-NEXT: %[[W:.*]] = ts.read %[[B]]
// CHECK-NEXT: aten.relu %[[W]]
func.func @loop(%x: !ts.tensor<[4], f32>, %o: !ts.object<@C>) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c3 = arith.constant 3 : i64
  %a = ts.get_attr %o["a"] : !ts.object<@C> -> !ts.tensor<[4], f32>
  %b = ts.get_attr %o["b"] : !ts.object<@C> -> !ts.tensor<[4], f32>
  scf.for %i = %c0 to %c3 step %c1 : i64 {
    %r = aten.relu %a : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
    ts.write %a, %r : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  }
  %y = aten.relu %b : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  return %y : !ts.tensor<[4], f32>
}

// -----

ts.class @C "module" {
  ts.attr "a" : !ts.tensor<[4], f32>
}

// One of two tensors is stored, and an argument that it may be is written later: it is stored as what it is.
// CHECK-LABEL: func.func @choice
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<[4], f32>, %[[P:.*]]: i1, %[[O:.*]]: !ts.object<@C>)
// CHECK: %[[Y:.*]] = scf.if %[[P]] -> (!ts.tensor<[4], f32>) {
// CHECK:   scf.yield %[[X]]
// CHECK: ts.set_attr %[[O]]["a"] = %[[Y]]
// CHECK: ts.write %[[X]]
func.func @choice(%x: !ts.tensor<[4], f32>, %p: i1, %o: !ts.object<@C>) -> i1 {
  %y = scf.if %p -> (!ts.tensor<[4], f32>) {
    scf.yield %x : !ts.tensor<[4], f32>
  } else {
    %r = aten.relu %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
    scf.yield %r : !ts.tensor<[4], f32>
  }
  ts.set_attr %o["a"] = %y : !ts.object<@C>, !ts.tensor<[4], f32>
  %n = aten.neg %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  ts.write %x, %n {strict} : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %p : i1
}

// -----

// A branch gives a tensor or None; what takes it for a tensor reads it.
// CHECK-LABEL: func.func @optional
// CHECK: %[[Y:.*]] = scf.if %{{.*}} -> (!ts.optional<!ts.tensor<[4], f32>>)
// CHECK: %[[T:.*]] = ts.unchecked_cast %[[Y]] : !ts.optional<!ts.tensor<[4], f32>> to !ts.tensor<[4], f32>
// CHECK: %[[V:.*]] = ts.read %[[T]]
// CHECK: aten.relu %[[V]]
func.func @optional(%x: !ts.tensor<[4], f32>, %p: i1) -> !ts.tensor<[4], f32> {
  %none = ts.none
  %y = scf.if %p -> (!ts.optional<!ts.tensor<[4], f32>>) {
    %0 = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor<[4], f32>>
    scf.yield %0 : !ts.optional<!ts.tensor<[4], f32>>
  } else {
    %0 = ts.upcast %x : !ts.tensor<[4], f32> to !ts.optional<!ts.tensor<[4], f32>>
    scf.yield %0 : !ts.optional<!ts.tensor<[4], f32>>
  }
  %t = ts.unchecked_cast %y : !ts.optional<!ts.tensor<[4], f32>> to !ts.tensor<[4], f32>
  %r = aten.relu %t : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  return %r : !ts.tensor<[4], f32>
}

// -----

ts.class @C "module" {
  ts.attr "a" : !ts.tensor<[4], f32>
}
ts.schema @"aten::__isnot__" "aten::__isnot__" arguments ["self", "obj"] writes [] aliases []

// A row or None, as only run time knows, is no memory that a write to a slot reaches.
// CHECK-LABEL: func.func @row
// CHECK: %[[Z:.*]] = scf.if %{{.*}} -> (!ts.optional<!ts.tensor<[4], f32>>) {
// CHECK: %[[ROW:.*]] = aten.select
// CHECK: ts.from_value %[[ROW]]
// CHECK: ts.write
func.func @row(%x: !ts.tensor<[3, 4], f32>, %o: !ts.object<@C>, %p: i1) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %z = scf.if %p -> (!ts.optional<!ts.tensor<[4], f32>>) {
    %row = aten.select %x, %c0, %c1 : (!ts.tensor<[3, 4], f32>, i64, i64) -> !ts.tensor<[4], f32>
    %some = ts.upcast %row : !ts.tensor<[4], f32> to !ts.optional<!ts.tensor<[4], f32>>
    scf.yield %some : !ts.optional<!ts.tensor<[4], f32>>
  } else {
    %none = ts.none
    %nothing = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor<[4], f32>>
    scf.yield %nothing : !ts.optional<!ts.tensor<[4], f32>>
  }
  %none = ts.none
  %there = ts.operator @"aten::__isnot__"(%z, %none) : (!ts.optional<!ts.tensor<[4], f32>>, !ts.none) -> i1
  scf.if %there {
    %row = ts.unchecked_cast %z : !ts.optional<!ts.tensor<[4], f32>> to !ts.tensor<[4], f32>
    %a = ts.get_attr %o["a"] : !ts.object<@C> -> !ts.tensor<[4], f32>
    ts.write %a, %row : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  }
  return
}

// -----

ts.class @C "module" {
  ts.attr "a" : !ts.tensor
}

// A tensor of which run time has been asked the type is shared under this type.
// CHECK-LABEL: func.func @asked
// CHECK: %[[A:.*]] = ts.get_attr
// CHECK: %[[P:.*]] = ts.has_type %[[A]]
// CHECK: scf.if %[[P]]
// CHECK:   %[[R:.*]] = ts.refine %[[A]] : !ts.tensor to !ts.tensor<[4], f32>
// CHECK:   ts.read %[[R]]
// CHECK:   ts.write %[[R]]
func.func @asked(%o: !ts.object<@C>) {
  %a = ts.get_attr %o["a"] : !ts.object<@C> -> !ts.tensor
  %p = ts.has_type %a : !ts.tensor, !ts.tensor<[4], f32>
  scf.if %p {
    %r = ts.refine %a : !ts.tensor to !ts.tensor<[4], f32>
    %y = aten.relu %r : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
    ts.write %r, %y : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  }
  return
}
