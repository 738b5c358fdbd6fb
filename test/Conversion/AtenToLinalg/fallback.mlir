// RUN: wick-opt %s --convert-aten-to-linalg=fallback --split-input-file | FileCheck %s

// An op that its lowering refuses is called on new references, and its result is read.
// CHECK-LABEL: func @refused
// CHECK-SAME: %[[X:.*]]: tensor<1x3x8x8xf32>, %[[W:.*]]: tensor<4x3x3x3xf32>
func.func @refused(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %stride: i64) -> tensor<1x4x?x?xf32> {
  %none = ts.none
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %s = ts.list_construct %stride, %stride : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %c0, %c0 : (i64, i64) -> !ts.list<i64>
  %d = ts.list_construct %c1, %c1 : (i64, i64) -> !ts.list<i64>
  // CHECK-DAG: %[[XR:.*]] = ts.from_value %[[X]]
  // CHECK-DAG: %[[WR:.*]] = ts.from_value %[[W]]
  // CHECK: %[[Y:.*]] = ts.fallback ["aten::conv2d", "aten::conv2d.padding"]
  // CHECK-SAME: ["input", "weight", "bias", "stride", "padding", "dilation", "groups"](%[[XR]], %[[WR]],
  // CHECK-SAME: -> !ts.tensor<[1, 4, ?, ?], f32>
  // CHECK: %[[V:.*]] = ts.read %[[Y]] {strided} : !ts.tensor<[1, 4, ?, ?], f32> -> tensor<1x4x?x?xf32>
  // CHECK: return %[[V]]
  %y = aten.conv %x, %w, %none, %s, %p, %d, %c1 : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

// The operator that the archive has decides how many dims the windows have.
// CHECK-LABEL: func @imported
func.func @imported(%x: tensor<3x8xf32>, %ceil: i1) -> tensor<3x?xf32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %k = ts.list_construct %c2 : (i64) -> !ts.list<i64>
  %s = ts.list_construct %c2 : (i64) -> !ts.list<i64>
  %p = ts.list_construct %c0 : (i64) -> !ts.list<i64>
  %d = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  // CHECK: ts.fallback ["aten::max_pool1d"]
  %y = aten.max_pool %x, %k, %s, %p, %d, %ceil {aten.schema = "aten::max_pool1d"} : (tensor<3x8xf32>, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1) -> tensor<3x?xf32>
  return %y : tensor<3x?xf32>
}

// -----

// A list that code has written is the list itself, not one of the elements that it began with.
// CHECK-LABEL: func.func @filled_list
func.func @filled_list(%x: tensor<2x3xf32>, %dim: i64) -> tensor<2x3xf32> {
  // CHECK: %[[DIMS:.*]] = ts.list_construct
  // CHECK: ts.operator @"aten::append.t"(%[[DIMS]],
  // CHECK: ts.fallback ["aten::flip"] ["self", "dims"](%{{.*}}, %[[DIMS]])
  %dims = ts.list_construct : () -> !ts.list<i64>
  %0 = ts.operator @"aten::append.t"(%dims, %dim) : (!ts.list<i64>, i64) -> !ts.list<i64>
  %y = aten.flip %x, %dims : (tensor<2x3xf32>, !ts.list<i64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0, 1]
