// RUN: wick-opt %s --ts-infer-types="inputs=x=2x4xf32,@__torch__.M(cache=1x4xf32,seen=[?x?xf32]),@__torch__.Gone(x=f32)" | FileCheck %s
// RUN: wick-opt %s --ts-infer-types="inputs=x=2x4xf32,@__torch__.M(cache=1x4xf32,seen=[?x?xf32])" --ts-infer-types | FileCheck %s

// What is said of a class counts as stored, also when inference runs again and is not told.
// CHECK: ts.attr "cache" : !ts.optional<!ts.tensor<[?, 4], f32>>
// CHECK: ts.attr "seen" : !ts.list<!ts.tensor<[?, ?], f32>>
ts.class @__torch__.M "module" {
  ts.attr "cache" : !ts.optional<!ts.tensor>
  ts.attr "seen" : !ts.list<!ts.tensor>
}

// CHECK-LABEL: func.func @f
// CHECK:         ts.get_attr %{{.*}}["cache"] : !ts.object<@__torch__.M> -> !ts.optional<!ts.tensor<[?, 4], f32>>
// CHECK:         ts.get_attr %{{.*}}["seen"] : !ts.object<@__torch__.M> -> !ts.list<!ts.tensor<[?, ?], f32>>
func.func @f(%m: !ts.object<@__torch__.M> {ts.state = 0 : i64}, %x: !ts.tensor {ts.name = "x"})
    -> (!ts.optional<!ts.tensor>, !ts.list<!ts.tensor>) {
  %c = ts.get_attr %m["cache"] : !ts.object<@__torch__.M> -> !ts.optional<!ts.tensor>
  %u = ts.upcast %x : !ts.tensor to !ts.optional<!ts.tensor>
  ts.set_attr %m["cache"] = %u : !ts.object<@__torch__.M>, !ts.optional<!ts.tensor>
  %s = ts.get_attr %m["seen"] : !ts.object<@__torch__.M> -> !ts.list<!ts.tensor>
  return %c, %s : !ts.optional<!ts.tensor>, !ts.list<!ts.tensor>
}
