// RUN: wick-opt %s --plan-flatten-signatures | FileCheck %s

// CHECK-LABEL: func.func @forward(
// CHECK-SAME:    %[[A:.*]]: !ts.tensor<[s0, 3], f32> {ts.name = "a"}, %[[N:.*]]: i64, %[[F:.*]]: f64) -> (f64, !ts.tensor<[s0, 3], f32>, i64)
// CHECK-SAME:    plan.signature = {arguments = [
// CHECK-SAME:      {name = "a", type = {dims = ["s0", 3], dtype = "f32", kind = "Tensor"}},
// CHECK-SAME:      {name = "arg1", type = {elements = [{kind = "int"}, {kind = "float"}], kind = "Tuple"}}],
// CHECK-SAME:      declaration = "forward(Tensor a) -> Tensor",
// CHECK-SAME:      name = "forward",
// CHECK-SAME:      results = [{elements = [{kind = "float"}, {elements = [{dims = ["s0", 3], dtype = "f32", kind = "Tensor"}, {kind = "int"}], kind = "Tuple"}], kind = "Tuple"}]}
// CHECK:         return %[[F]], %[[A]], %[[N]]
func.func @forward(%a: !ts.tensor<[s0, 3], f32> {ts.name = "a"}, %t: !ts.tuple<i64, f64>)
    -> !ts.tuple<f64, !ts.tuple<!ts.tensor<[s0, 3], f32>, i64>>
    attributes {ts.declaration = "forward(Tensor a) -> Tensor", ts.method = "forward"} {
  %n, %f = ts.tuple_unpack %t : !ts.tuple<i64, f64> -> i64, f64
  %inner = ts.tuple_construct %a, %n : (!ts.tensor<[s0, 3], f32>, i64) -> !ts.tuple<!ts.tensor<[s0, 3], f32>, i64>
  %r = ts.tuple_construct %f, %inner : (f64, !ts.tuple<!ts.tensor<[s0, 3], f32>, i64>) -> !ts.tuple<f64, !ts.tuple<!ts.tensor<[s0, 3], f32>, i64>>
  return %r : !ts.tuple<f64, !ts.tuple<!ts.tensor<[s0, 3], f32>, i64>>
}
