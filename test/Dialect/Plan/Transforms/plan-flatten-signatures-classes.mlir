// RUN: wick-opt %s --plan-flatten-signatures | FileCheck %s

// What callers know of a class stands on it, in the form that it has in the manifest.
// CHECK: ts.class @Color "enum" attributes {plan.signature = {members = [{name = "RED", type = {kind = "int"}, value = 1 : i64}, {name = "BLUE", type = {kind = "int"}, value = 4 : i64}], name = "Color"}}
ts.class @Color "enum" {
  ts.attr "RED" : i64 {value = 1 : i64}
  ts.attr "BLUE" : i64 {value = 4 : i64}
}
// A class may hold itself, and what callers cannot have is without a type.
// CHECK: ts.class @Node "class" attributes {plan.signature = {attributes = [
// CHECK-SAME: {name = "next", type = {elements = [{class = "Node", kind = "Object"}], kind = "Optional"}},
// CHECK-SAME: {name = "color", type = {class = "Color", kind = "Enum"}}], name = "Node"}}
ts.class @Node "class" {
  ts.attr "next" : !ts.optional<!ts.object<@Node>>
  ts.attr "color" : !ts.enum<@Color>
}
// CHECK: ts.class @Hidden "class" attributes {plan.signature = {attributes = [{name = "stream"}], name = "Hidden"}}
ts.class @Hidden "class" {
  ts.attr "stream" : !ts.opaque<"stream">
}

// CHECK-LABEL: func.func @forward
// CHECK-SAME:    plan.signature = {arguments = [{name = "node", type = {class = "Node", kind = "Object"}}], name = "forward",
// CHECK-SAME:      results = [{elements = [{class = "Color", kind = "Enum"}], kind = "List"}]}
func.func @forward(%node: !ts.object<@Node> {ts.name = "node"}, %colors: !ts.list<!ts.enum<@Color>> {ts.state = 0 : i64}) -> !ts.list<!ts.enum<@Color>> {
  return %colors : !ts.list<!ts.enum<@Color>>
}
