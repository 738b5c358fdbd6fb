// RUN: wick-opt %s --compile-to=program | FileCheck %s

plan.weight @storage0 file "model.pt" offset 1088 bytes 64
plan.weight @storage1 file "model.pt" offset 1152 bytes 16
plan.weight @unused file "model.pt" offset 1168 bytes 16

ts.schema @"aten::gt.Scalar" "aten::gt.Scalar(Tensor self, Scalar other) -> Tensor" arguments ["self", "other"] writes [] aliases []
ts.schema @"aten::Bool.Tensor" "aten::Bool.Tensor(Tensor a) -> bool" arguments ["a"] writes [] aliases []
ts.schema @"aten::relu_" "aten::relu_(Tensor(a!) self) -> Tensor(a!)" arguments ["self"] writes [0] aliases [0]
ts.schema @"aten::size.int" "aten::size.int(Tensor self, int dim) -> int" arguments ["self", "dim"] writes [] aliases []
ts.schema @"aten::mul.int" "aten::mul.int(int a, int b) -> int" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::eq.int" "aten::eq.int(int a, int b) -> bool" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases [0]

ts.class @__torch__.Gate "module" {
  ts.attr "training" : i1
  ts.method "forward" = @__torch__.Gate.forward
}
ts.class @__torch__.Cell "module" {
  ts.attr "training" : i1
  ts.attr "weight" : !ts.tensor {parameter}
  ts.attr "bias" : !ts.optional<!ts.tensor> {parameter}
  ts.attr "gate" : !ts.object<@__torch__.Gate>
  ts.attr "unused" : !ts.tensor {buffer}
  ts.method "forward" = @__torch__.Cell.forward
  ts.method "__getstate__" = @__torch__.Cell.__getstate__
}

ts.image @root {
  %w = ts.weight_ref @storage0 offset 0 sizes [4, 4] strides [4, 1] {name = "weight"} : !ts.tensor<[4, 4], f32>
  %b = ts.weight_ref @storage1 offset 0 sizes [4] strides [1] {name = "bias"} : !ts.tensor<[4], f32>
  %u = ts.weight_ref @unused offset 0 sizes [4] strides [1] {name = "unused"} : !ts.tensor<[4], f32>
  %false = arith.constant false
  %g = ts.create_object : !ts.object<@__torch__.Gate>
  ts.set_attr %g["training"] = %false : !ts.object<@__torch__.Gate>, i1
  %m = ts.create_object : !ts.object<@__torch__.Cell>
  ts.set_attr %m["training"] = %false : !ts.object<@__torch__.Cell>, i1
  ts.set_attr %m["weight"] = %w : !ts.object<@__torch__.Cell>, !ts.tensor<[4, 4], f32>
  ts.set_attr %m["bias"] = %b : !ts.object<@__torch__.Cell>, !ts.tensor<[4], f32>
  ts.set_attr %m["gate"] = %g : !ts.object<@__torch__.Cell>, !ts.object<@__torch__.Gate>
  ts.set_attr %m["unused"] = %u : !ts.object<@__torch__.Cell>, !ts.tensor<[4], f32>
  ts.yield %m : !ts.object<@__torch__.Cell>
}

func.func private @__torch__.Cell.__getstate__(%self: !ts.object<@__torch__.Cell>) -> i64 {
  %c = arith.constant 1 : i64
  return %c : i64
}

func.func private @__torch__.Gate.forward(%self: !ts.object<@__torch__.Gate>, %x: !ts.tensor) -> !ts.tensor {
  %c0 = arith.constant 0 : i64
  %g = ts.operator @"aten::gt.Scalar"(%x, %c0) : (!ts.tensor, i64) -> !ts.tensor
  %b = ts.operator @"aten::Bool.Tensor"(%x) : (!ts.tensor) -> i1
  %r = scf.if %b -> (!ts.tensor) {
    scf.yield %x : !ts.tensor
  } else {
    %n = aten.relu %x : (!ts.tensor) -> !ts.tensor
    scf.yield %n : !ts.tensor
  }
  return %r : !ts.tensor
}

// CHECK-NOT: ts.class
// CHECK-NOT: @unused
// CHECK: plan.weight @storage0
// CHECK: func.func @forward(%[[X:.*]]: !ts.tensor {ts.name = "x"}, %[[N:.*]]: i64 {ts.name = "n"}) -> !ts.tensor attributes {ts.method = "forward"} {
// CHECK-DAG: %[[W:.*]] = ts.weight_ref @storage0
// CHECK: aten.relu
// CHECK: ts.write %{{.*}}, %{{.*}} {strict}
// CHECK: %[[B:.*]] = ts.item %{{.*}} : !ts.tensor -> i1
// CHECK: scf.if %[[B]]
func.func private @__torch__.Cell.forward(%self: !ts.object<@__torch__.Cell>, %x: !ts.tensor {ts.name = "x"}, %n: i64 {ts.name = "n"}) -> !ts.tensor {
  %w = ts.get_attr %self["weight"] : !ts.object<@__torch__.Cell> -> !ts.tensor
  %b = ts.get_attr %self["bias"] : !ts.object<@__torch__.Cell> -> !ts.optional<!ts.tensor>
  %t = ts.get_attr %self["training"] : !ts.object<@__torch__.Cell> -> i1
  scf.if %t {
    ts.set_attr %self["weight"] = %x : !ts.object<@__torch__.Cell>, !ts.tensor
  }
  %c1 = arith.constant 1 : i64
  %l = ts.list_construct %x : (!ts.tensor) -> !ts.list<!ts.tensor>
  %l2 = ts.operator @"aten::append.t"(%l, %w) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  %e = ts.operator @"aten::__getitem__.t"(%l, %c1) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %y = aten.relu %e : (!ts.tensor) -> !ts.tensor
  %z = ts.operator @"aten::relu_"(%y) : (!ts.tensor) -> !ts.tensor
  %gate = ts.get_attr %self["gate"] : !ts.object<@__torch__.Cell> -> !ts.object<@__torch__.Gate>
  %r = ts.call_method %gate["forward"](%z) : !ts.object<@__torch__.Gate>, (!ts.tensor) -> !ts.tensor
  return %r : !ts.tensor
}
