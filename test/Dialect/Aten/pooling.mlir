// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_max_pool(
// CHECK: aten.max_pool %
func.func private @aten_max_pool(%self: !ts.tensor, %kernel_size: !ts.list<i64>, %stride: !ts.list<i64>,
    %padding: !ts.list<i64>, %dilation: !ts.list<i64>, %ceil_mode: i1) -> !ts.tensor {
  %y = aten.max_pool %self, %kernel_size, %stride, %padding, %dilation, %ceil_mode : (!ts.tensor, !ts.list<i64>,
    !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_max_pool_with_indices(
// CHECK: aten.max_pool_with_indices %
func.func private @aten_max_pool_with_indices(%self: !ts.tensor, %kernel_size: !ts.list<i64>, %stride: !ts.list<i64>,
    %padding: !ts.list<i64>, %dilation: !ts.list<i64>, %ceil_mode: i1) -> (!ts.tensor, !ts.tensor) {
  %y0, %y1 = aten.max_pool_with_indices %self, %kernel_size, %stride, %padding, %dilation, %ceil_mode : (!ts.tensor,
    !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1) -> (!ts.tensor, !ts.tensor)
  return %y0, %y1 : !ts.tensor, !ts.tensor
}

// CHECK-LABEL: func.func private @aten_avg_pool(
// CHECK: aten.avg_pool %
func.func private @aten_avg_pool(%self: !ts.tensor, %kernel_size: !ts.list<i64>, %stride: !ts.list<i64>,
    %padding: !ts.list<i64>, %ceil_mode: i1, %count_include_pad: i1, %divisor_override: i64) -> !ts.tensor {
  %y = aten.avg_pool %self, %kernel_size, %stride, %padding, %ceil_mode, %count_include_pad,
    %divisor_override : (!ts.tensor, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1, i1, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_adaptive_avg_pool(
// CHECK: aten.adaptive_avg_pool %
func.func private @aten_adaptive_avg_pool(%self: !ts.tensor, %output_size: !ts.list<i64>) -> !ts.tensor {
  %y = aten.adaptive_avg_pool %self, %output_size : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_adaptive_max_pool(
// CHECK: aten.adaptive_max_pool %
func.func private @aten_adaptive_max_pool(%self: !ts.tensor, %output_size: !ts.list<i64>) -> (!ts.tensor,
    !ts.tensor) {
  %y0, %y1 = aten.adaptive_max_pool %self, %output_size : (!ts.tensor, !ts.list<i64>) -> (!ts.tensor, !ts.tensor)
  return %y0, %y1 : !ts.tensor, !ts.tensor
}

// CHECK-LABEL: func.func private @aten_upsample_nearest(
// CHECK: aten.upsample_nearest %
func.func private @aten_upsample_nearest(%input: !ts.tensor, %output_size: !ts.list<i64>,
    %scale_factors: !ts.none) -> !ts.tensor {
  %y = aten.upsample_nearest %input, %output_size, %scale_factors : (!ts.tensor, !ts.list<i64>,
    !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_upsample_bilinear(
// CHECK: aten.upsample_bilinear %
func.func private @aten_upsample_bilinear(%input: !ts.tensor, %output_size: !ts.list<i64>, %align_corners: i1,
    %scale_factors: !ts.none) -> !ts.tensor {
  %y = aten.upsample_bilinear %input, %output_size, %align_corners, %scale_factors : (!ts.tensor, !ts.list<i64>, i1,
    !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}
