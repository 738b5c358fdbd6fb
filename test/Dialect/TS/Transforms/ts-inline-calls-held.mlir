// RUN: wick-opt %s --ts-inline-calls="dispatch" | FileCheck %s
// RUN: wick-opt %s --ts-inline-calls | FileCheck %s --check-prefix=LATER

// An object that a list holds is of one of the classes that implement the interface and of which the program has
// objects: @Other lacks the method, and of @Unmade there is none.

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases []
ts.class @I "interface" {
  ts.method "run" : (f64) -> f64
}
ts.class @A "class" {
  ts.method "run" = @A.run
}
ts.class @B "class" {
  ts.method "run" = @B.run
}
ts.class @Other "class" {
}
ts.class @Unmade "class" {
  ts.method "run" = @Unmade.run
}
func.func private @A.run(%self: !ts.object<@A>, %x: f64) -> f64 {
  %y = arith.addf %x, %x : f64
  return %y : f64
}
func.func private @B.run(%self: !ts.object<@B>, %x: f64) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}
func.func private @Unmade.run(%self: !ts.object<@Unmade>, %x: f64) -> f64 {
  return %x : f64
}

// CHECK-LABEL: func.func @forward
// CHECK-SAME:    i64, %[[X:.*]]: f64)
// CHECK:         %[[HELD:.*]] = ts.operator @"aten::__getitem__.t"
// CHECK:         %[[ANY:.*]] = ts.upcast %[[HELD]] : !ts.interface<@I> to !ts.any
// CHECK:         %[[ISA:.*]] = ts.isinstance %[[ANY]] [!ts.object<@A>]
// CHECK:         scf.if %[[ISA]]
// CHECK:           arith.addf %[[X]], %[[X]]
// CHECK:         } else {
// CHECK:           %[[ISB:.*]] = ts.isinstance %[[ANY]] [!ts.object<@B>]
// CHECK:           scf.if %[[ISB]]
// CHECK:             arith.mulf %[[X]], %[[X]]
// CHECK:           } else {
// CHECK-NEXT:        ts.str "an object is of no class that implements its interface"
// CHECK-NOT:   isinstance
// LATER:       ts.call_method %{{.*}}["run"]
func.func @forward(%list: !ts.list<!ts.interface<@I>>, %i: i64, %x: f64) -> f64 {
  %a = ts.create_object : !ts.object<@A>
  %b = ts.create_object : !ts.object<@B>
  %other = ts.create_object : !ts.object<@Other>
  %held = ts.operator @"aten::__getitem__.t"(%list, %i) : (!ts.list<!ts.interface<@I>>, i64) -> !ts.interface<@I>
  %y = ts.call_method %held["run"](%x) : !ts.interface<@I>, (f64) -> f64
  return %y : f64
}
