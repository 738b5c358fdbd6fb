// RUN: wick-opt %s --convert-aten-to-linalg --canonicalize --cse | FileCheck %s

// CHECK-DAG: #[[PLACES:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d2 * 2 + d4)>

// CHECK-LABEL: func.func @conv2d
// CHECK:         linalg.transpose {{.*}} permutation = [0, 2, 3, 1]
// CHECK:         tensor.pad {{.*}} low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK:         linalg.transpose {{.*}} permutation = [2, 3, 1, 0]
// CHECK:         linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
// CHECK-SAME:      outs(%{{.*}} : tensor<?x4x4x16xf32>)
// CHECK:         linalg.transpose {{.*}} permutation = [0, 3, 1, 2]
func.func @conv2d(%x: tensor<?x8x8x8xf32, #ts.dims<[s0, 8, 8, 8]>>, %w: tensor<16x8x3x3xf32>, %b: tensor<16xf32>)
    -> tensor<?x16x4x4xf32, #ts.dims<[s0, 16, 4, 4]>> {
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %s = ts.list_construct %two, %two : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %one, %one : (i64, i64) -> !ts.list<i64>
  %y = aten.conv %x, %w, %b, %s, %p, %p, %one
      : (tensor<?x8x8x8xf32, #ts.dims<[s0, 8, 8, 8]>>, tensor<16x8x3x3xf32>, tensor<16xf32>, !ts.list<i64>, !ts.list<i64>,
         !ts.list<i64>, i64) -> tensor<?x16x4x4xf32, #ts.dims<[s0, 16, 4, 4]>>
  return %y : tensor<?x16x4x4xf32, #ts.dims<[s0, 16, 4, 4]>>
}

// CHECK-LABEL: func.func @depthwise
// CHECK:         linalg.depthwise_conv_2d_nhwc_hwc
func.func @depthwise(%x: tensor<1x8x8x8xf32>, %w: tensor<8x1x3x3xf32>) -> tensor<1x8x6x6xf32> {
  %none = ts.none
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %eight = arith.constant 8 : i64
  %s = ts.list_construct %one : (i64) -> !ts.list<i64>
  %p = ts.list_construct %zero : (i64) -> !ts.list<i64>
  %y = aten.conv %x, %w, %none, %s, %p, %s, %eight
      : (tensor<1x8x8x8xf32>, tensor<8x1x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64)
      -> tensor<1x8x6x6xf32>
  return %y : tensor<1x8x6x6xf32>
}

// Groups are an outer dim of a product.
// CHECK-LABEL: func.func @groups
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
func.func @groups(%x: tensor<1x8x8x8xf32>, %w: tensor<4x4x3x3xf32>) -> tensor<1x4x8x8xf32> {
  %none = ts.none
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %s = ts.list_construct %one : (i64) -> !ts.list<i64>
  %p = ts.str "same"
  %y = aten.conv %x, %w, %none, %s, %p, %s, %two
      : (tensor<1x8x8x8xf32>, tensor<4x4x3x3xf32>, !ts.none, !ts.list<i64>, !ts.str, !ts.list<i64>, i64)
      -> tensor<1x4x8x8xf32>
  return %y : tensor<1x4x8x8xf32>
}

// CHECK-LABEL: func.func @transposed
// CHECK:         tensor.insert_slice {{.*}} [1, 1, 2, 2]
// CHECK:         tensor.pad
// CHECK:         linalg.conv_2d_nhwc_hwcf
func.func @transposed(%x: tensor<1x8x4x4xf32>, %w: tensor<8x6x3x3xf32>) -> tensor<1x6x8x8xf32> {
  %none = ts.none
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %s = ts.list_construct %two, %two : (i64, i64) -> !ts.list<i64>
  %p = ts.list_construct %one, %one : (i64, i64) -> !ts.list<i64>
  %y = aten.conv_transpose %x, %w, %none, %s, %p, %p, %one, %p
      : (tensor<1x8x4x4xf32>, tensor<8x6x3x3xf32>, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64,
         !ts.list<i64>) -> tensor<1x6x8x8xf32>
  return %y : tensor<1x6x8x8xf32>
}

// A window and padding that only run time knows: one product that reads the window where the padded input has it, after
// checks.
// CHECK-LABEL: func.func @window
// CHECK:         ts.raise
// CHECK:         tensor.pad %{{.*}} low[0, 0, %[[P:.*]]] high[0, 0, %[[P]]]
// CHECK:         linalg.generic {indexing_maps = [#[[PLACES]],
// CHECK-SAME:      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]
// CHECK-SAME:      outs(%{{.*}} : tensor<2x?x?xf32>)
func.func @window(%x: tensor<2x3x9xf32>, %w: tensor<?x3x?xf32, #ts.dims<[s0, 3, s1]>>, %width: i64)
    -> tensor<2x?x?xf32, #ts.dims<[2, s0, ?]>> {
  %none = ts.none
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %s = ts.list_construct %two : (i64) -> !ts.list<i64>
  %p = ts.list_construct %width : (i64) -> !ts.list<i64>
  %d = ts.list_construct %one : (i64) -> !ts.list<i64>
  %y = aten.conv %x, %w, %none, %s, %p, %d, %one
      : (tensor<2x3x9xf32>, tensor<?x3x?xf32, #ts.dims<[s0, 3, s1]>>, !ts.none, !ts.list<i64>, !ts.list<i64>,
         !ts.list<i64>, i64) -> tensor<2x?x?xf32, #ts.dims<[2, s0, ?]>>
  return %y : tensor<2x?x?xf32, #ts.dims<[2, s0, ?]>>
}
