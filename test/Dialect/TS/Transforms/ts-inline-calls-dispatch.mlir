// RUN: wick-opt %s --ts-inline-calls | FileCheck %s

// A module that a key chooses from a container is called in a branch of its own.

ts.schema @"prim::ModuleContainerIndex.list" "prim::ModuleContainerIndex.list(Any self, int ind) -> Any" arguments ["self", "ind"] writes [] aliases []
ts.class @A "module" {
  ts.method "forward" = @A.forward
}
ts.class @B "module" {
  ts.method "forward" = @B.forward
}
ts.class @List "module" {
  ts.attr "training" : i1
  ts.attr "0" : !ts.object<@A>
  ts.attr "1" : !ts.object<@B>
}
ts.class @Op "interface" {
  ts.method "forward" : (!ts.interface<@Op>, f64) -> f64
}
func.func private @A.forward(%self: !ts.object<@A>, %x: f64) -> f64 {
  %y = arith.addf %x, %x : f64
  return %y : f64
}
func.func private @B.forward(%self: !ts.object<@B>, %x: f64) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}

// CHECK-LABEL: func.func @forward
// CHECK-SAME:    (%[[L:.*]]: !ts.object<@List>, %[[I:.*]]: i64, %[[X:.*]]: f64)
// CHECK:         %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK:         %[[FIRST:.*]] = arith.cmpi eq, %[[I]], %[[ZERO]]
// CHECK:         scf.if %[[FIRST]]
// CHECK:           arith.addf %[[X]], %[[X]]
// CHECK:         } else {
// CHECK:           %[[ONE:.*]] = arith.constant 1 : i64
// CHECK:           %[[SECOND:.*]] = arith.cmpi eq, %[[I]], %[[ONE]]
// CHECK:           scf.if %[[SECOND]]
// CHECK:             arith.mulf %[[X]], %[[X]]
// CHECK:           } else {
// CHECK:             ts.str "List does not have a field with name '{}'"
// CHECK:             ts.raise
// CHECK-NOT:   ts.call_method
// CHECK-NOT:   func.func private
func.func @forward(%l: !ts.object<@List>, %i: i64, %x: f64) -> f64 {
  %m = ts.operator @"prim::ModuleContainerIndex.list"(%l, %i) : (!ts.object<@List>, i64) -> !ts.interface<@Op>
  %y = ts.call_method %m["forward"](%x) : !ts.interface<@Op>, (f64) -> f64
  return %y : f64
}
