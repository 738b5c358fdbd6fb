// RUN: wick-opt %s --ts-expand-prelude | FileCheck %s

ts.schema @"aten::glu" "aten::glu(Tensor self, int dim=-1) -> Tensor" arguments ["self", "dim"] writes [] aliases []
ts.schema @"aten::lstm_cell" "aten::lstm_cell(...)" arguments ["input", "hx", "w_ih", "w_hh", "b_ih", "b_hh"] writes [] aliases []
ts.schema @"aten::unknown" "aten::unknown(Tensor self) -> Tensor" arguments ["self"] writes [] aliases []

// CHECK-DAG: func.func private @prelude.glu(%{{.*}}: !ts.tensor {ts.name = "self"}, %{{.*}}: i64
// CHECK-DAG: func.func private @prelude.lstm_cell
// CHECK-DAG: aten.upsample_bilinear %{{.*}} : (!ts.tensor, !ts.optional<!ts.list<i64>>, i1, !ts.optional<!ts.list<f64>>) -> !ts.tensor
// CHECK-DAG: call @Item.less(%{{.*}}, %{{.*}}) : (!ts.object<@Item>, !ts.object<@Item>) -> i1

// CHECK-LABEL: func.func @replaced
func.func @replaced(%x: !ts.tensor, %dim: i64) -> !ts.tensor {
  // CHECK: call @prelude.glu(%{{.*}}, %{{.*}}) : (!ts.tensor, i64) -> !ts.tensor
  %y = ts.operator @"aten::glu"(%x, %dim) : (!ts.tensor, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// An op of the core that is one for floats only stands in the prelude's function, and there alone.
// CHECK-LABEL: func.func @completed
func.func @completed(%x: !ts.tensor, %size: !ts.list<i64>, %align: i1, %none: !ts.none) -> !ts.tensor {
  // CHECK-NOT: aten.upsample_bilinear
  // CHECK: call @prelude.upsample_bilinear2d__vec(
  %y = aten.upsample_bilinear %x, %size, %align, %none : (!ts.tensor, !ts.list<i64>, i1, !ts.none) -> !ts.tensor
  // CHECK: return
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func @several_results
func.func @several_results(%x: !ts.tensor, %hx: !ts.list<!ts.tensor>, %w: !ts.tensor, %b: !ts.tensor) -> !ts.tensor {
  // CHECK: ts.upcast %{{.*}} : !ts.tensor to !ts.optional<!ts.tensor>
  // CHECK: %[[T:.*]] = {{.*}}call @prelude.lstm_cell
  // CHECK: ts.tuple_unpack %[[T]]
  %h, %c = ts.operator @"aten::lstm_cell"(%x, %hx, %w, %w, %b, %b) : (!ts.tensor, !ts.list<!ts.tensor>, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor) -> (!ts.tensor, !ts.tensor)
  return %h : !ts.tensor
}

// CHECK-LABEL: func.func @kept
func.func @kept(%x: !ts.tensor) -> !ts.tensor {
  // CHECK: ts.operator @"aten::unknown"
  %y = ts.operator @"aten::unknown"(%x) : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// Lists of objects are sorted by what their class says; nothing else is.
ts.schema @"aten::sort.any" "aten::sort.any(t[](a!) self, bool reverse=False) -> ()" arguments ["self", "reverse"] writes [0] aliases [-1]
ts.class @Item "class" {
  ts.attr "x" : i64
  ts.method "__lt__" = @Item.less
}
func.func private @Item.less(!ts.object<@Item>, !ts.object<@Item>) -> i1
ts.class @Other "class" {
  ts.method "__lt__" = @Other.less
}
func.func private @Other.less(!ts.object<@Other>, !ts.tensor) -> !ts.none

// CHECK-LABEL: func.func @sorted
func.func @sorted(%items: !ts.list<!ts.object<@Item>>, %pairs: !ts.list<!ts.tuple<i64, i64>>, %others: !ts.list<!ts.object<@Other>>, %reverse: i1) {
  // CHECK: call @prelude.sort__any.Item(%{{.*}}, %{{.*}}) : (!ts.list<!ts.object<@Item>>, i1) -> !ts.none
  ts.operator @"aten::sort.any"(%items, %reverse) : (!ts.list<!ts.object<@Item>>, i1) -> ()
  // CHECK: ts.operator @"aten::sort.any"
  ts.operator @"aten::sort.any"(%pairs, %reverse) : (!ts.list<!ts.tuple<i64, i64>>, i1) -> ()
  // Objects that nothing orders.
  // CHECK: %[[COUNT:.*]] = ts.operator @"aten::len.t"
  // CHECK: %[[SOME:.*]] = arith.cmpi ne, %[[COUNT]]
  // CHECK: scf.if %[[SOME]]
  // CHECK: ts.str "To sort a list of Other it must define a __lt__ method with two inputs of type Other that returns a bool"
  // CHECK: ts.raise
  // CHECK-NOT: sort.any
  ts.operator @"aten::sort.any"(%others, %reverse) : (!ts.list<!ts.object<@Other>>, i1) -> ()
  return
}
