// RUN: wick-opt %s --ts-infer-types="inputs=branch:x=2x3xf32,loop:x=2x3xf32,unread:x=2x3xf32,given:x=Bx3xf32,given:y=BxAxf32?,open:x=Bx3xf32,open:w=2x3xf32,open:b=2xf32?" | FileCheck %s

// None says nothing of what else an optional may be.
// CHECK-LABEL: func.func @branch
// CHECK: ts.upcast %{{.*}} : !ts.none to !ts.optional<!ts.tensor<[2, 3], f32>>
// CHECK: ts.unchecked_cast %{{.*}} : !ts.optional<!ts.tensor<[2, 3], f32>> to !ts.tensor<[2, 3], f32>
func.func @branch(%x: !ts.tensor {ts.name = "x"}, %p: i1) -> !ts.tensor {
  %none = ts.none
  %y = scf.if %p -> (!ts.optional<!ts.tensor>) {
    %0 = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor>
    scf.yield %0 : !ts.optional<!ts.tensor>
  } else {
    %0 = ts.upcast %x : !ts.tensor to !ts.optional<!ts.tensor>
    scf.yield %0 : !ts.optional<!ts.tensor>
  }
  %t = ts.unchecked_cast %y : !ts.optional<!ts.tensor> to !ts.tensor
  return %t : !ts.tensor
}

// So it is with what a loop starts with.
// CHECK-LABEL: func.func @loop
// CHECK: ts.loop {{.*}} -> !ts.optional<!ts.tensor<[2, 3], f32>>
func.func @loop(%x: !ts.tensor {ts.name = "x"}, %n: i64) -> !ts.optional<!ts.tensor> {
  %none = ts.none
  %true = arith.constant true
  %first = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor>
  %last = ts.loop %n while %true init(%first) : (!ts.optional<!ts.tensor>) -> !ts.optional<!ts.tensor> {
  ^bb0(%i: i64, %before: !ts.optional<!ts.tensor>):
    %y = ts.upcast %x : !ts.tensor to !ts.optional<!ts.tensor>
    ts.yield %true, %y : i1, !ts.optional<!ts.tensor>
  }
  return %last : !ts.optional<!ts.tensor>
}

// What a loop only hands around, and nothing has made, has no part in what comes after it.
// CHECK-LABEL: func.func @unread
// CHECK-SAME: -> !ts.tensor<[2, 3], f32>
func.func @unread(%x: !ts.tensor {ts.name = "x"}, %n: i64, %p: i1) -> !ts.tensor {
  %true = arith.constant true
  %nothing = ts.uninitialized : !ts.tensor
  %made = ts.loop %n while %true init(%nothing) : (!ts.tensor) -> !ts.tensor {
  ^bb0(%i: i64, %before: !ts.tensor):
    ts.yield %true, %before : i1, !ts.tensor
  }
  %y = scf.if %p -> (!ts.tensor) {
    scf.yield %made : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  return %y : !ts.tensor
}

// What may be absent is no place to read a size from, but has those of other tensors.
// CHECK-LABEL: func.func @given
// CHECK-SAME: (%arg0: !ts.tensor<[s0, 3], f32> {ts.name = "x"}, %arg1: !ts.optional<!ts.tensor<[s0, ?], f32>> {ts.name = "y"})
// CHECK-SAME: ts.symbols = {{\[\[}}0, 0]]
// CHECK: ts.unchecked_cast %arg1 : !ts.optional<!ts.tensor<[s0, ?], f32>> to !ts.tensor<[s0, ?], f32>
func.func @given(%x: !ts.tensor {ts.name = "x"}, %y: !ts.optional<!ts.tensor> {ts.name = "y"}) -> !ts.tensor {
  %t = ts.unchecked_cast %y : !ts.optional<!ts.tensor> to !ts.tensor
  return %t : !ts.tensor
}

// An operator on what only run time knows to be there is in a branch for either.
// CHECK-LABEL: func.func @open
// CHECK-SAME: -> !ts.tensor<[s0, 2], f32>
// CHECK: %[[NONE:.*]] = ts.none
// CHECK: %[[ABSENT:.*]] = ts.operator @"aten::__is__"(%arg2, %[[NONE]])
// CHECK: scf.if %[[ABSENT]] -> (!ts.tensor<[s0, 2], f32>) {
// CHECK:   aten.linear %arg0, %arg1, %[[NONE]]
// CHECK: } else {
// CHECK:   %[[B:.*]] = ts.unchecked_cast %arg2 : !ts.optional<!ts.tensor<[2], f32>> to !ts.tensor<[2], f32>
// CHECK:   aten.linear %arg0, %arg1, %[[B]]
func.func @open(%x: !ts.tensor {ts.name = "x"}, %w: !ts.tensor {ts.name = "w"}, %b: !ts.optional<!ts.tensor> {ts.name = "b"}) -> !ts.tensor {
  %y = aten.linear %x, %w, %b : (!ts.tensor, !ts.tensor, !ts.optional<!ts.tensor>) -> !ts.tensor
  return %y : !ts.tensor
}
