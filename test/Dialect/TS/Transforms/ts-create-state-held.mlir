// RUN: wick-opt %s --ts-create-state | FileCheck %s

// Objects that only containers hold are whole: modules that share the state may read what no method here does.
ts.class @Node "class" {
  ts.attr "weight" : i64
  ts.attr "depth" : i64
}
ts.class @M "module" {
  ts.attr "nodes" : !ts.list<!ts.object<@Node>>
  ts.attr "unused" : i64
}
ts.image @root {
  %c3 = arith.constant 3 : i64
  %m = ts.create_object : !ts.object<@M>
  %n = ts.create_object : !ts.object<@Node>
  ts.set_attr %n["weight"] = %c3 : !ts.object<@Node>, i64
  ts.set_attr %n["depth"] = %c3 : !ts.object<@Node>, i64
  %l = ts.list_construct %n : (!ts.object<@Node>) -> !ts.list<!ts.object<@Node>>
  ts.set_attr %m["nodes"] = %l : !ts.object<@M>, !ts.list<!ts.object<@Node>>
  ts.set_attr %m["unused"] = %c3 : !ts.object<@M>, i64
  ts.yield %m : !ts.object<@M>
}

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases [0]
func.func @depth(%i: i64) -> i64 {
  %m = ts.image_ref @root "" : !ts.object<@M>
  %l = ts.get_attr %m["nodes"] : !ts.object<@M> -> !ts.list<!ts.object<@Node>>
  %n = ts.operator @"aten::__getitem__.t"(%l, %i) : (!ts.list<!ts.object<@Node>>, i64) -> !ts.object<@Node>
  %d = ts.get_attr %n["depth"] : !ts.object<@Node> -> i64
  return %d : i64
}

// CHECK-LABEL: func.func @__state
// CHECK-SAME:    ts.slots = {{.}}["nodes"]]
// CHECK:         ts.set_attr %{{.*}}["weight"]
// CHECK:         ts.set_attr %{{.*}}["depth"]
// CHECK-NOT:     "unused"
// CHECK:         return %{{[^,]*}} : !ts.object<@M>
