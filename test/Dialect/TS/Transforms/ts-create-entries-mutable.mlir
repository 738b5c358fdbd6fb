// RUN: wick-opt %s --ts-create-entries=mutable=part.scale | FileCheck %s
// RUN: not wick-opt %s --ts-create-entries=mutable=part.bias 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// What callers write is noted for when attributes become constants.
// CHECK: module attributes {ts.written_slots = {{\[\[}}"__torch__.Part", "scale"{{\]\]}}}
// UNKNOWN: error: the model has no attribute 'part.bias'
ts.class @__torch__.Part "module" {
  ts.attr "scale" : f64
}
ts.class @__torch__.Whole "module" {
  ts.attr "part" : !ts.object<@__torch__.Part>
  ts.method "forward" = @__torch__.Whole.forward
}
ts.image @root {
  %c = arith.constant 1.0 : f64
  %p = ts.create_object : !ts.object<@__torch__.Part>
  ts.set_attr %p["scale"] = %c : !ts.object<@__torch__.Part>, f64
  %m = ts.create_object : !ts.object<@__torch__.Whole>
  ts.set_attr %m["part"] = %p : !ts.object<@__torch__.Whole>, !ts.object<@__torch__.Part>
  ts.yield %m : !ts.object<@__torch__.Whole>
}
func.func private @__torch__.Whole.forward(%self: !ts.object<@__torch__.Whole>) -> f64 {
  %part = ts.get_attr %self["part"] : !ts.object<@__torch__.Whole> -> !ts.object<@__torch__.Part>
  %scale = ts.get_attr %part["scale"] : !ts.object<@__torch__.Part> -> f64
  return %scale : f64
}
