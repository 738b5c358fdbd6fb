// RUN: wick-opt %s --ts-freeze-attributes | FileCheck %s

plan.weight @w file "model.pt" offset 0 bytes 16
ts.schema @"aten::copy.t" "aten::copy.t(t[](a) self) -> t[]" arguments ["self"] writes [] aliases []
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases [0]
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]

ts.class @M "module" {
  ts.attr "w" : !ts.tensor
  ts.attr "bias" : !ts.optional<!ts.tensor>
  ts.attr "sizes" : !ts.list<i64>
  ts.attr "names" : !ts.list<!ts.str>
  ts.attr "labels" : !ts.list<!ts.str>
  ts.attr "count" : i64
  ts.attr "dim" : i64
  ts.attr "pair" : !ts.tuple<i64, f64>
}
ts.image @root {
  %w = ts.weight_ref @w offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  %none = ts.none
  %c1 = arith.constant 1 : i64
  %f = arith.constant 2.5 : f64
  %s = ts.str "a"
  %sizes = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  %names = ts.list_construct %s : (!ts.str) -> !ts.list<!ts.str>
  %labels = ts.list_construct %s : (!ts.str) -> !ts.list<!ts.str>
  %pair = ts.tuple_construct %c1, %f : (i64, f64) -> !ts.tuple<i64, f64>
  %m = ts.create_object : !ts.object<@M>
  ts.set_attr %m["w"] = %w : !ts.object<@M>, !ts.tensor<[4], f32>
  ts.set_attr %m["bias"] = %none : !ts.object<@M>, !ts.none
  ts.set_attr %m["sizes"] = %sizes : !ts.object<@M>, !ts.list<i64>
  ts.set_attr %m["names"] = %names : !ts.object<@M>, !ts.list<!ts.str>
  ts.set_attr %m["labels"] = %labels : !ts.object<@M>, !ts.list<!ts.str>
  ts.set_attr %m["count"] = %c1 : !ts.object<@M>, i64
  ts.set_attr %m["dim"] = %c1 : !ts.object<@M>, i64
  ts.set_attr %m["pair"] = %pair : !ts.object<@M>, !ts.tuple<i64, f64>
  ts.yield %m : !ts.object<@M>
}
// CHECK-LABEL: func.func @forward
func.func @forward(%x: i64) -> (!ts.tensor, !ts.optional<!ts.tensor>, !ts.list<i64>, !ts.list<!ts.str>, i64, !ts.tuple<i64, f64>) {
  %self = ts.image_ref @root "" : !ts.object<@M>
  // CHECK: %[[W:.*]] = ts.weight_ref @w offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  // CHECK: %[[R:.*]] = ts.refine %[[W]]
  %w = ts.get_attr %self["w"] : !ts.object<@M> -> !ts.tensor
  // CHECK: %[[NONE:.*]] = ts.none
  // CHECK: %[[B:.*]] = ts.upcast %[[NONE]] : !ts.none to !ts.optional<!ts.tensor>
  %b = ts.get_attr %self["bias"] : !ts.object<@M> -> !ts.optional<!ts.tensor>
  // CHECK: %[[L:.*]] = ts.list_construct
  %l = ts.get_attr %self["sizes"] : !ts.object<@M> -> !ts.list<i64>
  // A list of strings is appended to, so this one is state.
  // CHECK: %[[N:.*]] = ts.get_attr %{{.*}}["names"]
  %n = ts.get_attr %self["names"] : !ts.object<@M> -> !ts.list<!ts.str>
  %s = ts.str "b"
  %n2 = ts.operator @"aten::append.t"(%n, %s) : (!ts.list<!ts.str>, !ts.str) -> !ts.list<!ts.str>
  // This one is only read, so it is another one.
  // CHECK: ts.list_construct
  // CHECK-NOT: ts.get_attr %{{.*}}["labels"]
  %labels = ts.get_attr %self["labels"] : !ts.object<@M> -> !ts.list<!ts.str>
  %label = ts.operator @"aten::__getitem__.t"(%labels, %x) : (!ts.list<!ts.str>, i64) -> !ts.str
  // A copy is another list.
  %copy = ts.operator @"aten::copy.t"(%l) : (!ts.list<i64>) -> !ts.list<i64>
  %added = ts.operator @"aten::append.t"(%copy, %x) : (!ts.list<i64>, i64) -> !ts.list<i64>
  // CHECK: %[[C:.*]] = ts.get_attr %{{.*}}["count"]
  %c = ts.get_attr %self["count"] : !ts.object<@M> -> i64
  // CHECK: ts.set_attr
  ts.set_attr %self["count"] = %x : !ts.object<@M>, i64
  // CHECK: %[[P:.*]] = ts.tuple_construct
  %p = ts.get_attr %self["pair"] : !ts.object<@M> -> !ts.tuple<i64, f64>
  // CHECK: return %[[R]], %[[B]], %[[L]], %[[N]], %[[C]], %[[P]]
  return %w, %b, %l, %n, %c, %p : !ts.tensor, !ts.optional<!ts.tensor>, !ts.list<i64>, !ts.list<!ts.str>, i64, !ts.tuple<i64, f64>
}

// LibTorch does not know the dim of the second one.
// CHECK-LABEL: func.func @chunks
// CHECK: aten.chunk %{{[^{]*}} : (
// CHECK: aten.chunk {{.*}} {aten.gives_list}
func.func @chunks(%x: !ts.tensor) -> (!ts.list<!ts.tensor>, !ts.list<!ts.tensor>) {
  %self = ts.image_ref @root "" : !ts.object<@M>
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %one = arith.addi %c0, %c1 : i64
  %a = aten.chunk %x, %one, %c1 : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
  %dim = ts.get_attr %self["dim"] : !ts.object<@M> -> i64
  %b = aten.chunk %x, %c1, %dim : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
  return %a, %b : !ts.list<!ts.tensor>, !ts.list<!ts.tensor>
}
