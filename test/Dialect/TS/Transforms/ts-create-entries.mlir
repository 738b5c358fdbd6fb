// RUN: wick-opt %s --ts-create-entries --split-input-file | FileCheck %s
// RUN: wick-opt %s --ts-create-entries=inputs=2x3xf32,forward:b=4xf32 --split-input-file | FileCheck %s --check-prefix=GIVEN
// RUN: wick-opt %s --ts-create-entries=methods=helper --split-input-file | FileCheck %s --check-prefix=CHOSEN

ts.class @__torch__.M "module" {
  ts.method "forward" = @__torch__.M.forward {declaration = "forward(__torch__.M self, Tensor x) -> Tensor"}
  ts.method "helper" = @__torch__.M.helper
  ts.method "exported" = @__torch__.M.exported
  ts.method "__getstate__" = @__torch__.M.helper
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.M>
  ts.yield %m : !ts.object<@__torch__.M>
}
func.func private @__torch__.M.forward(%self: !ts.object<@__torch__.M>, %x: !ts.tensor {ts.name = "x"}) -> !ts.tensor {
  %y = ts.call_method %self["helper"](%x) : !ts.object<@__torch__.M>, (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}
func.func private @__torch__.M.helper(%self: !ts.object<@__torch__.M>, %x: !ts.tensor) -> !ts.tensor {
  return %x : !ts.tensor
}
func.func private @__torch__.M.exported(%self: !ts.object<@__torch__.M>, %x: !ts.tensor) -> !ts.tensor {
  return %x : !ts.tensor
}
// CHECK-LABEL: func.func @forward(
// CHECK-SAME: %[[X:.*]]: !ts.tensor {ts.name = "x"}) -> !ts.tensor
// CHECK-SAME: attributes {ts.declaration = "forward(__torch__.M self, Tensor x) -> Tensor", ts.method = "forward"} {
// CHECK: %[[SELF:.*]] = ts.image_ref @root "" : !ts.object<@__torch__.M>
// CHECK: call @__torch__.M.forward(%[[SELF]], %[[X]])
// CHECK-NOT: func.func @helper
// CHECK: func.func @exported
// CHOSEN-NOT: func.func @forward
// CHOSEN: func.func @helper

// -----

// Hooks run around forward in __call__.
ts.class @__torch__.H "module" {
  ts.method "forward" = @forward.impl
  ts.method "helper" = @forward.impl
  ts.method "pre" = @pre {role = "pre_hook"}
  ts.method "post" = @post {role = "hook"}
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.H>
  ts.yield %m : !ts.object<@__torch__.H>
}
func.func private @forward.impl(%self: !ts.object<@__torch__.H>, %x: i64) -> i64 {
  return %x : i64
}
func.func private @pre(%self: !ts.object<@__torch__.H>, %x: !ts.tuple<i64>) -> !ts.tuple<i64> {
  return %x : !ts.tuple<i64>
}
func.func private @post(%self: !ts.object<@__torch__.H>, %x: !ts.tuple<i64>, %y: i64) -> f64 {
  %r = arith.sitofp %y : i64 to f64
  return %r : f64
}
// CHECK-LABEL: func.func @__call__(
// CHECK-SAME: %[[X:.*]]: i64) -> f64
// CHECK: %[[T:.*]] = ts.tuple_construct %[[X]]
// CHECK: %[[P:.*]] = call @pre(%{{.*}}, %[[T]])
// CHECK: %[[U:.*]] = ts.tuple_unpack %[[P]]
// CHECK: %[[Y:.*]] = call @forward.impl(%{{.*}}, %[[U]])
// CHECK: %[[R:.*]] = call @post(%{{.*}}, %{{.*}}, %[[Y]])
// CHECK: return %[[R]]

// -----

ts.class @__torch__.O "module" {
  ts.method "forward" = @optional.forward
  ts.method "helper" = @optional.forward
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.O>
  ts.yield %m : !ts.object<@__torch__.O>
}
func.func private @optional.forward(%self: !ts.object<@__torch__.O>, %x: !ts.tensor, %a: !ts.optional<!ts.tensor> {ts.name = "a"}, %b: !ts.optional<!ts.tensor> {ts.name = "b"}) -> !ts.tensor {
  return %x : !ts.tensor
}
// GIVEN: func.func @forward(%{{.*}}: !ts.tensor, %[[A:.*]]: !ts.none {ts.name = "a"}, %[[B:.*]]: !ts.tensor {ts.name = "b"})
// GIVEN-DAG: ts.upcast %[[A]] : !ts.none to !ts.optional<!ts.tensor>
// GIVEN-DAG: ts.upcast %[[B]] : !ts.tensor to !ts.optional<!ts.tensor>

// -----

// A tensor that is an argument's default stands in the entry where the argument is left out.
plan.weight @storage0 file "model.pt" offset 64 bytes 16
ts.class @__torch__.D "module" {
  ts.method "forward" = @__torch__.D.forward
  ts.method "helper" = @__torch__.D.forward
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.D>
  ts.yield %m : !ts.object<@__torch__.D>
}
func.func private @__torch__.D.forward(%self: !ts.object<@__torch__.D>, %x: !ts.tensor {ts.name = "x"}, %y: !ts.tensor {ts.name = "y", ts.default = {tensor = {weight = @storage0, offset = 0 : i64, sizes = array<i64: 4>, strides = array<i64: 1>, type = !ts.tensor<[4], f32>}}}) -> !ts.tensor {
  return %y : !ts.tensor
}
// CHECK-LABEL: func.func private @__torch__.D.forward(
// CHECK: func.func @forward(%{{.*}}: !ts.tensor {ts.name = "x"}, %{{.*}}: !ts.none {ts.default, ts.name = "y"})
// CHECK: ts.weight_ref @storage0 offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
// GIVEN: func.func @forward(%{{.*}}: !ts.tensor {ts.name = "x"}, %{{.*}}: !ts.none {ts.default, ts.name = "y"})
// GIVEN: %[[DEFAULT:.*]] = ts.weight_ref @storage0 offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
// GIVEN: call @__torch__.D.forward(%{{.*}}, %{{.*}}, %{{.*}}) : (!ts.object<@__torch__.D>, !ts.tensor, !ts.tensor)
