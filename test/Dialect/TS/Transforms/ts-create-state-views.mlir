// RUN: wick-opt %s --ts-create-state | FileCheck %s

// Attributes that show one memory, each in its way, are views of it, and so are those that no entry uses.
// CHECK-LABEL: func.func @__state
// CHECK-SAME:    ts.slots = {{\[\[}}"a", "b", "c", "apart"]]
// CHECK:         %[[MEMORY:.*]] = ts.weight_ref @w offset 0 sizes [6] strides [1] : !ts.tensor<[6], f32>
// CHECK-DAG:     %[[FIRST:.*]] = arith.constant 0
// CHECK-DAG:     %[[ROWS:.*]] = arith.constant 3
// CHECK-DAG:     %[[COLUMNS:.*]] = arith.constant 2
// CHECK-DAG:     %[[STEP:.*]] = arith.constant 1
// CHECK:         %[[WIDE:.*]] = arith.constant 3
// CHECK:         %[[A:.*]] = ts.operator @"wick::as_strided"(%[[MEMORY]], %[[FIRST]], %[[ROWS]], %[[COLUMNS]], %[[STEP]], %[[WIDE]])
// CHECK-SAME:      -> !ts.tensor<[3, 2], f32>
// CHECK:         ts.set_attr %{{.*}}["a"] = %[[A]]
// CHECK:         %[[B:.*]] = ts.operator @"wick::as_strided"(%[[MEMORY]], %{{.*}}) {{.*}} -> !ts.tensor<[2], f32>
// CHECK:         ts.set_attr %{{.*}}["b"] = %[[B]]
// CHECK:         ts.set_attr %{{.*}}["c"] = %
// CHECK-NOT:     ts.operator
// CHECK:         %[[APART:.*]] = ts.weight_ref @w offset 6 sizes [2] strides [1]
// CHECK:         ts.set_attr %{{.*}}["apart"] = %[[APART]]
plan.weight @w file "model.pt" offset 0 bytes 32
ts.class @M "module" {
  ts.attr "a" : !ts.tensor
  ts.attr "b" : !ts.tensor
  ts.attr "c" : !ts.tensor
  ts.attr "apart" : !ts.tensor
}
ts.image @root {
  %m = ts.create_object : !ts.object<@M>
  %a = ts.weight_ref @w offset 0 sizes [3, 2] strides [1, 3] : !ts.tensor<[3, 2], f32>
  %b = ts.weight_ref @w offset 1 sizes [2] strides [3] : !ts.tensor<[2], f32>
  %c = ts.weight_ref @w offset 5 sizes [] strides [] : !ts.tensor<[], f32>
  %apart = ts.weight_ref @w offset 6 sizes [2] strides [1] : !ts.tensor<[2], f32>
  ts.set_attr %m["a"] = %a : !ts.object<@M>, !ts.tensor<[3, 2], f32>
  ts.set_attr %m["b"] = %b : !ts.object<@M>, !ts.tensor<[2], f32>
  ts.set_attr %m["c"] = %c : !ts.object<@M>, !ts.tensor<[], f32>
  ts.set_attr %m["apart"] = %apart : !ts.object<@M>, !ts.tensor<[2], f32>
  ts.yield %m : !ts.object<@M>
}
func.func @forward() -> (!ts.tensor, !ts.tensor, !ts.tensor) {
  %m = ts.image_ref @root "" : !ts.object<@M>
  %a = ts.get_attr %m["a"] : !ts.object<@M> -> !ts.tensor
  %b = ts.get_attr %m["b"] : !ts.object<@M> -> !ts.tensor
  %c = ts.get_attr %m["apart"] : !ts.object<@M> -> !ts.tensor
  return %a, %b, %c : !ts.tensor, !ts.tensor, !ts.tensor
}
