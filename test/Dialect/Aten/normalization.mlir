// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_batch_norm(
// CHECK: aten.batch_norm %
func.func private @aten_batch_norm(%input: !ts.tensor, %weight: !ts.none, %bias: !ts.none, %running_mean: !ts.none,
    %running_var: !ts.none, %training: i1, %momentum: f64, %eps: f64) -> !ts.tensor {
  %y = aten.batch_norm %input, %weight, %bias, %running_mean, %running_var, %training, %momentum, %eps : (!ts.tensor,
    !ts.none, !ts.none, !ts.none, !ts.none, i1, f64, f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_instance_norm(
// CHECK: aten.instance_norm %
func.func private @aten_instance_norm(%input: !ts.tensor, %weight: !ts.none, %bias: !ts.none,
    %running_mean: !ts.none, %running_var: !ts.none, %use_input_stats: i1, %momentum: f64, %eps: f64) -> !ts.tensor {
  %y = aten.instance_norm %input, %weight, %bias, %running_mean, %running_var, %use_input_stats, %momentum,
    %eps : (!ts.tensor, !ts.none, !ts.none, !ts.none, !ts.none, i1, f64, f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_group_norm(
// CHECK: aten.group_norm %
func.func private @aten_group_norm(%input: !ts.tensor, %num_groups: i64, %weight: !ts.none, %bias: !ts.none,
    %eps: f64) -> !ts.tensor {
  %y = aten.group_norm %input, %num_groups, %weight, %bias, %eps : (!ts.tensor, i64, !ts.none, !ts.none,
    f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_layer_norm(
// CHECK: aten.layer_norm %
func.func private @aten_layer_norm(%input: !ts.tensor, %normalized_shape: !ts.list<i64>, %weight: !ts.none,
    %bias: !ts.none, %eps: f64) -> !ts.tensor {
  %y = aten.layer_norm %input, %normalized_shape, %weight, %bias, %eps : (!ts.tensor, !ts.list<i64>, !ts.none,
    !ts.none, f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_native_layer_norm(
// CHECK: aten.native_layer_norm %
func.func private @aten_native_layer_norm(%input: !ts.tensor, %normalized_shape: !ts.list<i64>, %weight: !ts.none,
    %bias: !ts.none, %eps: f64) -> (!ts.tensor, !ts.tensor, !ts.tensor) {
  %y0, %y1, %y2 = aten.native_layer_norm %input, %normalized_shape, %weight, %bias, %eps : (!ts.tensor,
    !ts.list<i64>, !ts.none, !ts.none, f64) -> (!ts.tensor, !ts.tensor, !ts.tensor)
  return %y0, %y1, %y2 : !ts.tensor, !ts.tensor, !ts.tensor
}

// CHECK-LABEL: func.func private @aten_softmax(
// CHECK: aten.softmax %
func.func private @aten_softmax(%self: !ts.tensor, %dim: i64, %dtype: i64) -> !ts.tensor {
  %y = aten.softmax %self, %dim, %dtype : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_log_softmax(
// CHECK: aten.log_softmax %
func.func private @aten_log_softmax(%self: !ts.tensor, %dim: i64, %dtype: i64) -> !ts.tensor {
  %y = aten.log_softmax %self, %dim, %dtype : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}
