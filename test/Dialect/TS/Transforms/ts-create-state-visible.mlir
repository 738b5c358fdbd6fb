// RUN: wick-opt %s --ts-create-state | FileCheck %s

// Callers see all of an object that a method gives them, and of those that it holds.
ts.class @Point "class" {
  ts.attr "x" : i64
  ts.attr "unused" : i64
}
ts.class @M "module" {
  ts.attr "points" : !ts.list<!ts.object<@Point>>
  ts.attr "unused" : i64
}
ts.image @root {
  %c3 = arith.constant 3 : i64
  %m = ts.create_object : !ts.object<@M>
  %p = ts.create_object : !ts.object<@Point>
  ts.set_attr %p["x"] = %c3 : !ts.object<@Point>, i64
  ts.set_attr %p["unused"] = %c3 : !ts.object<@Point>, i64
  %l = ts.list_construct %p : (!ts.object<@Point>) -> !ts.list<!ts.object<@Point>>
  ts.set_attr %m["points"] = %l : !ts.object<@M>, !ts.list<!ts.object<@Point>>
  ts.set_attr %m["unused"] = %c3 : !ts.object<@M>, i64
  ts.yield %m : !ts.object<@M>
}

func.func @points() -> !ts.list<!ts.object<@Point>> {
  %m = ts.image_ref @root "" : !ts.object<@M>
  %l = ts.get_attr %m["points"] : !ts.object<@M> -> !ts.list<!ts.object<@Point>>
  return %l : !ts.list<!ts.object<@Point>>
}

// CHECK-LABEL: func.func @__state
// CHECK-SAME:    ts.slots = {{.}}["points"]]
// CHECK:         ts.set_attr %{{.*}}["x"]
// CHECK:         ts.set_attr %{{.*}}["unused"]
// CHECK-NOT:     "unused"
// CHECK:         return %{{[^,]*}} : !ts.object<@M>
