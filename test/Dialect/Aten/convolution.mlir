// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_conv(
// CHECK: aten.conv %
func.func private @aten_conv(%input: !ts.tensor, %weight: !ts.tensor, %bias: !ts.none, %stride: !ts.list<i64>,
    %padding: !ts.list<i64>, %dilation: !ts.list<i64>, %groups: i64) -> !ts.tensor {
  %y = aten.conv %input, %weight, %bias, %stride, %padding, %dilation, %groups : (!ts.tensor, !ts.tensor, !ts.none,
    !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_convolution(
// CHECK: aten.convolution %
func.func private @aten_convolution(%input: !ts.tensor, %weight: !ts.tensor, %bias: !ts.none, %stride: !ts.list<i64>,
    %padding: !ts.list<i64>, %dilation: !ts.list<i64>, %transposed: i1, %output_padding: !ts.list<i64>,
    %groups: i64) -> !ts.tensor {
  %y = aten.convolution %input, %weight, %bias, %stride, %padding, %dilation, %transposed, %output_padding,
    %groups : (!ts.tensor, !ts.tensor, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1, !ts.list<i64>,
    i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_conv_transpose(
// CHECK: aten.conv_transpose %
func.func private @aten_conv_transpose(%input: !ts.tensor, %weight: !ts.tensor, %bias: !ts.none,
    %stride: !ts.list<i64>, %padding: !ts.list<i64>, %output_padding: !ts.list<i64>, %groups: i64,
    %dilation: !ts.list<i64>) -> !ts.tensor {
  %y = aten.conv_transpose %input, %weight, %bias, %stride, %padding, %output_padding, %groups,
    %dilation : (!ts.tensor, !ts.tensor, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64,
    !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}
