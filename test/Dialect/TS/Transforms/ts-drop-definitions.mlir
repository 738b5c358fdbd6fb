// RUN: wick-opt %s --ts-drop-definitions | FileCheck %s

// CHECK-NOT: @unused
// CHECK: plan.weight @used
// CHECK: ts.class @__torch__.E
// CHECK-NOT: ts.image
// CHECK: func.func @forward
plan.weight @unused file "model.pt" offset 0 bytes 16
plan.weight @used file "model.pt" offset 0 bytes 16
ts.class @__torch__.E "enum" {
}
ts.class @unused.class "module" {
  ts.method "forward" = @unused.function
}
ts.image @root {
  %w = ts.weight_ref @unused offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  %m = ts.create_object : !ts.object<@unused.class>
  ts.yield %m : !ts.object<@unused.class>
}
func.func private @unused.function(%x: i64)
func.func @forward(%e: !ts.enum<@__torch__.E>) -> !ts.tensor<[4], f32> {
  %w = ts.weight_ref @used offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  return %w : !ts.tensor<[4], f32>
}
