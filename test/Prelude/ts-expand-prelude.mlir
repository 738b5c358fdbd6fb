// RUN: wick-opt %s --ts-expand-prelude | FileCheck %s

ts.schema @"aten::glu" "aten::glu(Tensor self, int dim=-1) -> Tensor" arguments ["self", "dim"] writes [] aliases []
ts.schema @"aten::lstm_cell" "aten::lstm_cell(...)" arguments ["input", "hx", "w_ih", "w_hh", "b_ih", "b_hh"] writes [] aliases []
ts.schema @"aten::unknown" "aten::unknown(Tensor self) -> Tensor" arguments ["self"] writes [] aliases []

// CHECK-DAG: func.func private @prelude.glu(%{{.*}}: !ts.tensor {ts.name = "self"}, %{{.*}}: i64
// CHECK-DAG: func.func private @prelude.lstm_cell

// CHECK-LABEL: func.func @replaced
func.func @replaced(%x: !ts.tensor, %dim: i64) -> !ts.tensor {
  // CHECK: call @prelude.glu(%{{.*}}, %{{.*}}) : (!ts.tensor, i64) -> !ts.tensor
  %y = ts.operator @"aten::glu"(%x, %dim) : (!ts.tensor, i64) -> !ts.tensor
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
