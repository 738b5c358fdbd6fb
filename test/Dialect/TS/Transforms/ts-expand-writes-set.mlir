// RUN: wick-opt %s --ts-expand-writes | FileCheck %s

ts.schema @"aten::set_.source_Tensor" "aten::set_.source_Tensor(Tensor(a!) self, Tensor source) -> Tensor(a!)" arguments ["self", "source"] writes [0] aliases [0]
plan.weight @storage0 file "model.pt" offset 64 bytes 16
ts.class @__torch__.M "module" {
  ts.attr "alone" : !ts.tensor
  ts.attr "shared" : !ts.tensor
  ts.attr "again" : !ts.tensor
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.M>
  %a = ts.weight_ref @storage0 offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  %b = ts.weight_ref @storage0 offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  ts.set_attr %m["alone"] = %a : !ts.object<@__torch__.M>, !ts.tensor<[4], f32>
  ts.set_attr %m["shared"] = %b : !ts.object<@__torch__.M>, !ts.tensor<[4], f32>
  ts.set_attr %m["again"] = %b : !ts.object<@__torch__.M>, !ts.tensor<[4], f32>
  ts.yield %m : !ts.object<@__torch__.M>
}

// What nothing else holds becomes the other tensor, under all names that are used later.
// CHECK-LABEL: func.func @alone
// CHECK-SAME: (%[[X:.*]]: !ts.tensor)
// CHECK: ts.set_attr %{{.*}}["alone"] = %[[X]]
// CHECK: %[[B:.*]] = ts.get_attr %{{.*}}["alone"]
// CHECK: return %[[X]], %[[X]], %[[B]]
func.func @alone(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor, !ts.tensor) {
  %self = ts.image_ref @root "" : !ts.object<@__torch__.M>
  %a = ts.get_attr %self["alone"] : !ts.object<@__torch__.M> -> !ts.tensor
  %r = ts.operator @"aten::set_.source_Tensor"(%a, %x) : (!ts.tensor, !ts.tensor) -> !ts.tensor
  %b = ts.get_attr %self["alone"] : !ts.object<@__torch__.M> -> !ts.tensor
  return %a, %r, %b : !ts.tensor, !ts.tensor, !ts.tensor
}

// CHECK-LABEL: func.func @shared
// CHECK: aten::set_.source_Tensor
func.func @shared(%x: !ts.tensor) {
  %self = ts.image_ref @root "" : !ts.object<@__torch__.M>
  %a = ts.get_attr %self["shared"] : !ts.object<@__torch__.M> -> !ts.tensor
  %r = ts.operator @"aten::set_.source_Tensor"(%a, %x) : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return
}
