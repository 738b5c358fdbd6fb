// RUN: wick-opt %s --convert-aten-to-linalg --split-input-file --verify-diagnostics

func.func @conv_of_unknown_stride(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %stride: i64) -> tensor<1x4x?x?xf32> {
  %none = ts.none
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %s = ts.list_construct %stride, %stride : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %c0, %c0 : (i64, i64) -> !ts.list<i64>
  %d = ts.list_construct %c1, %c1 : (i64, i64) -> !ts.list<i64>
  // expected-error @+1 {{operator 'aten.conv' has no native code: stride or dilation are not constant}}
  %y = aten.conv %x, %w, %none, %s, %p, %d, %c1 : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

// All of them are named.
func.func @two(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %stride: i64) -> (tensor<1x4x?x?xf32>, tensor<1x4x?x?xf32>) {
  %none = ts.none
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %s = ts.list_construct %stride, %stride : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %c0, %c0 : (i64, i64) -> !ts.list<i64>
  %d = ts.list_construct %c1, %c1 : (i64, i64) -> !ts.list<i64>
  // expected-error @+1 {{operator 'aten.conv' has no native code: stride or dilation are not constant}}
  %y = aten.conv %x, %w, %none, %s, %p, %d, %c1 : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64) -> tensor<1x4x?x?xf32>
  // expected-error @+1 {{operator 'aten.conv' has no native code: stride or dilation are not constant}}
  %z = aten.conv %x, %w, %none, %s, %p, %p, %c1 : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64) -> tensor<1x4x?x?xf32>
  return %y, %z : tensor<1x4x?x?xf32>, tensor<1x4x?x?xf32>
}
