// RUN: wick-opt %s --ts-inline-calls --split-input-file | FileCheck %s

ts.class @I "interface" {
  ts.method "run" : (i64) -> i64
}
ts.class @A "module" {
  ts.attr "k" : i64
  ts.method "run" = @A.run
}
ts.class @M "module" {
  ts.attr "a" : !ts.interface<@I>
}
ts.image @root {
  %c = arith.constant 7 : i64
  %a = ts.create_object : !ts.object<@A>
  ts.set_attr %a["k"] = %c : !ts.object<@A>, i64
  %m = ts.create_object : !ts.object<@M>
  ts.set_attr %m["a"] = %a : !ts.object<@M>, !ts.object<@A>
  ts.yield %m : !ts.object<@M>
}
// CHECK-NOT: func.func private
func.func private @A.run(%self: !ts.object<@A>, %x: i64) -> i64 {
  %k = ts.get_attr %self["k"] : !ts.object<@A> -> i64
  %r = arith.addi %x, %k : i64
  return %r : i64
}
func.func private @M.forward(%self: !ts.object<@M>, %x: i64) -> i64 {
  %a = ts.get_attr %self["a"] : !ts.object<@M> -> !ts.interface<@I>
  %b = arith.constant true
  %r = scf.if %b -> (i64) {
    %y = ts.call_method %a["run"](%x) : !ts.interface<@I>, (i64) -> i64
    scf.yield %y : i64
  } else {
    scf.yield %x : i64
  }
  return %r : i64
}
// CHECK-LABEL: func.func @forward
// CHECK-SAME: %[[X:.*]]: i64
// CHECK: %[[A:.*]] = ts.image_ref @root "a" : !ts.object<@A>
// CHECK: scf.if
// CHECK: %[[K:.*]] = ts.get_attr %[[A]]["k"]
// CHECK: %[[R:.*]] = arith.addi %[[X]], %[[K]]
// CHECK: scf.yield %[[R]]
func.func @forward(%x: i64) -> i64 {
  %self = ts.image_ref @root "" : !ts.object<@M>
  %r = call @M.forward(%self, %x) : (!ts.object<@M>, i64) -> i64
  return %r : i64
}

// -----

// with c: calls __enter__ and __exit__.
ts.class @C "class" {
  ts.method "__enter__" = @C.enter
  ts.method "__exit__" = @C.exit
}
func.func private @C.enter(%self: !ts.object<@C>) -> i64 {
  %c = arith.constant 1 : i64
  return %c : i64
}
func.func private @C.exit(%self: !ts.object<@C>, %t: !ts.any, %v: !ts.any, %b: !ts.any) -> !ts.none {
  %s = ts.str "left"
  ts.print %s : !ts.str
  %none = ts.none
  return %none : !ts.none
}
// CHECK-LABEL: func.func @with
// CHECK-NOT: ts.enter
// CHECK: ts.push_entered %[[OBJECT:.*]] : !ts.object<@C>
// CHECK: ts.pop_entered %[[OBJECT]] : !ts.object<@C>
// CHECK: ts.print
// CHECK-NOT: ts.exit
func.func @with() -> i64 {
  %o = ts.create_object : !ts.object<@C>
  %r = ts.enter %o : !ts.object<@C> -> i64
  ts.exit %o : !ts.object<@C>
  return %r : i64
}
// A failing call leaves them by an entry.
// CHECK-LABEL: func.func @raising
// CHECK-COUNT-2: ts.push_entered
// CHECK: scf.if
// CHECK-NEXT: ts.raise
// CHECK: ts.pop_entered
// CHECK: ts.print
// CHECK: ts.pop_entered
// CHECK: ts.print
func.func @raising(%p: i1, %message: !ts.str) {
  %none = ts.none
  %o = ts.create_object : !ts.object<@C>
  %r = ts.enter %o : !ts.object<@C> -> i64
  %s = ts.enter %o : !ts.object<@C> -> i64
  scf.if %p {
    ts.raise %message, %none : !ts.str, !ts.none
  }
  ts.exit %o : !ts.object<@C>
  ts.exit %o : !ts.object<@C>
  return
}
// CHECK-LABEL: func.func @__exit__.C(
// CHECK-SAME: !ts.object<@C>) attributes {ts.exit = "C"}
// CHECK: ts.print
// CHECK: return

// -----

// What only changes its object says so, and what does nothing is no entry.
ts.class @Counter "class" {
  ts.attr "n" : i64
  ts.method "__enter__" = @Counter.enter
  ts.method "__exit__" = @Counter.exit
}
func.func private @Counter.enter(%self: !ts.object<@Counter>) -> !ts.none {
  %none = ts.none
  return %none : !ts.none
}
func.func private @Counter.exit(%self: !ts.object<@Counter>, %t: !ts.any, %v: !ts.any, %b: !ts.any) -> !ts.none {
  %none = ts.none
  %n = ts.get_attr %self["n"] : !ts.object<@Counter> -> i64
  %two = arith.addi %n, %n : i64
  ts.set_attr %self["n"] = %two : !ts.object<@Counter>, i64
  return %none : !ts.none
}
ts.class @Idle "class" {
  ts.attr "n" : i64
  ts.method "__enter__" = @Idle.enter
  ts.method "__exit__" = @Idle.exit
}
func.func private @Idle.enter(%self: !ts.object<@Idle>) -> !ts.none {
  %none = ts.none
  return %none : !ts.none
}
func.func private @Idle.exit(%self: !ts.object<@Idle>, %t: !ts.any, %v: !ts.any, %b: !ts.any) -> !ts.none {
  %none = ts.none
  %n = ts.get_attr %self["n"] : !ts.object<@Idle> -> i64
  %zero = arith.constant 0 : i64
  %wrong = arith.cmpi slt, %n, %zero : i64
  scf.if %wrong {
    %message = ts.str "negative"
    ts.raise %message, %none : !ts.str, !ts.none
  }
  return %none : !ts.none
}
// CHECK-LABEL: func.func @effects
// CHECK: ts.push_entered %{{.*}} local : !ts.object<@Counter>
// CHECK-NOT: ts.push_entered
// CHECK: func.func @__exit__.Counter(
// CHECK-NOT: func.func @__exit__.Idle
func.func @effects() {
  %a = ts.create_object : !ts.object<@Counter>
  %b = ts.create_object : !ts.object<@Idle>
  %r = ts.enter %a : !ts.object<@Counter> -> !ts.none
  %s = ts.enter %b : !ts.object<@Idle> -> !ts.none
  ts.exit %b : !ts.object<@Idle>
  ts.exit %a : !ts.object<@Counter>
  return
}

// -----

// A method calls itself of another object of the archive.
ts.class @J "interface" {
  ts.method "run" : (i64) -> i64
}
ts.class @N "module" {
  ts.attr "next" : !ts.interface<@J>
  ts.method "run" = @N.run
}
ts.class @Leaf "module" {
  ts.method "run" = @Leaf.run
}
ts.image @root {
  %leaf = ts.create_object : !ts.object<@Leaf>
  %n = ts.create_object : !ts.object<@N>
  ts.set_attr %n["next"] = %leaf : !ts.object<@N>, !ts.object<@Leaf>
  %m = ts.create_object : !ts.object<@N>
  ts.set_attr %m["next"] = %n : !ts.object<@N>, !ts.object<@N>
  ts.yield %m : !ts.object<@N>
}
func.func private @Leaf.run(%self: !ts.object<@Leaf>, %x: i64) -> i64 {
  return %x : i64
}
func.func private @N.run(%self: !ts.object<@N>, %x: i64) -> i64 {
  %next = ts.get_attr %self["next"] : !ts.object<@N> -> !ts.interface<@J>
  %y = arith.addi %x, %x : i64
  %r = ts.call_method %next["run"](%y) : !ts.interface<@J>, (i64) -> i64
  return %r : i64
}
// CHECK-LABEL: func.func @chained
// CHECK-COUNT-2: arith.addi
// CHECK-NOT: ts.call_method
// CHECK: return
func.func @chained(%x: i64) -> i64 {
  %self = ts.image_ref @root "" : !ts.object<@N>
  %r = call @N.run(%self, %x) : (!ts.object<@N>, i64) -> i64
  return %r : i64
}
