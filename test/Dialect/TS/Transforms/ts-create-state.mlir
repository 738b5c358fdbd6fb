// RUN: wick-opt %s --ts-create-state | FileCheck %s

ts.class @M "module" {
  ts.attr "count" : i64
  ts.attr "unused" : i64
  ts.attr "inner" : !ts.object<@M>
  ts.method "step" = @step
}
ts.image @root {
  %c3 = arith.constant 3 : i64
  %m = ts.create_object : !ts.object<@M>
  %inner = ts.create_object : !ts.object<@M>
  ts.set_attr %m["count"] = %c3 : !ts.object<@M>, i64
  ts.set_attr %m["unused"] = %c3 : !ts.object<@M>, i64
  ts.set_attr %m["inner"] = %inner : !ts.object<@M>, !ts.object<@M>
  ts.set_attr %inner["count"] = %c3 : !ts.object<@M>, i64
  ts.yield %m : !ts.object<@M>
}

// CHECK-LABEL: func.func @step
// CHECK-SAME:    (%[[N:.*]]: i64, %[[M:.*]]: !ts.object<@M> {ts.state = 0 : i64}) -> i64
// CHECK:         %[[COUNT:.*]] = ts.get_attr %[[M]]["count"]
// CHECK:         ts.set_attr %[[M]]["count"]
func.func @step(%n: i64) -> i64 {
  %m = ts.image_ref @root "" : !ts.object<@M>
  %count = ts.get_attr %m["count"] : !ts.object<@M> -> i64
  %next = arith.addi %count, %n : i64
  ts.set_attr %m["count"] = %next : !ts.object<@M>, i64
  return %next : i64
}

// CHECK-LABEL: func.func @pair
// CHECK-SAME:    (%[[INNER:.*]]: !ts.object<@M> {ts.state = 1 : i64}, %[[M:.*]]: !ts.object<@M> {ts.state = 0 : i64})
func.func @pair() -> i64 {
  %i = ts.image_ref @root "inner" : !ts.object<@M>
  %m = ts.image_ref @root "" : !ts.object<@M>
  %a = ts.get_attr %i["count"] : !ts.object<@M> -> i64
  %b = ts.get_attr %m["count"] : !ts.object<@M> -> i64
  %sum = arith.addi %a, %b : i64
  return %sum : i64
}

// Slots that nothing reads or writes are left out.
// CHECK-LABEL: func.func @__state
// CHECK-SAME:    () -> (!ts.object<@M>, !ts.object<@M>)
// CHECK-SAME:    attributes {ts.paths = ["", "inner"], ts.slots = {{.}}["count"], ["count"]], ts.state}
// CHECK:         %[[A:.*]] = ts.create_object
// CHECK-NEXT:    %[[THREE:.*]] = arith.constant 3
// CHECK-NEXT:    ts.set_attr %[[A]]["count"] = %[[THREE]]
// CHECK-NEXT:    %[[B:.*]] = ts.create_object
// CHECK-NEXT:    ts.set_attr %[[B]]["count"] = %[[THREE]]
// CHECK-NEXT:    return %[[A]], %[[B]]
