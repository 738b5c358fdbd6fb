// RUN: wick-opt %s --convert-aten-to-linalg --canonicalize --cse | FileCheck %s

// Rows of any number of dims; the weight is read transposed, nothing is moved.
// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[COLUMNS:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-LABEL: func.func @linear
// CHECK-NOT:     linalg.transpose
// CHECK:         %[[ZERO:.*]] = linalg.fill
// CHECK:         linalg.generic {indexing_maps = [#[[ROWS]], #[[COLUMNS]], {{.*}}], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK-SAME:      outs(%[[ZERO]] : tensor<2x?x5xf32>)
// CHECK:           arith.mulf
// CHECK:           arith.addf
// CHECK:         linalg.generic
// CHECK:           arith.addf
func.func @linear(%x: tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>>, %w: tensor<5x3xf32>, %b: tensor<5xf32>)
    -> tensor<2x?x5xf32, #ts.dims<[2, s0, 5]>> {
  %y = aten.linear %x, %w, %b : (tensor<2x?x3xf32, #ts.dims<[2, s0, 3]>>, tensor<5x3xf32>, tensor<5xf32>)
      -> tensor<2x?x5xf32, #ts.dims<[2, s0, 5]>>
  return %y : tensor<2x?x5xf32, #ts.dims<[2, s0, 5]>>
}

// Small floats are summed in f32.
// CHECK-LABEL: func.func @mm
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<2x4xf32>)
// CHECK:           arith.extf
// CHECK:         arith.truncf
func.func @mm(%x: tensor<2x3xf16>, %y: tensor<3x4xf16>) -> tensor<2x4xf16> {
  %z = aten.mm %x, %y : (tensor<2x3xf16>, tensor<3x4xf16>) -> tensor<2x4xf16>
  return %z : tensor<2x4xf16>
}

// A batch of size one is read at 0.
// CHECK-LABEL: func.func @matmul
// CHECK:         linalg.generic
func.func @matmul(%x: tensor<8x1x2x3xf32>, %y: tensor<4x3x5xf32>) -> tensor<8x4x2x5xf32> {
  %z = aten.matmul %x, %y : (tensor<8x1x2x3xf32>, tensor<4x3x5xf32>) -> tensor<8x4x2x5xf32>
  return %z : tensor<8x4x2x5xf32>
}

// CHECK-LABEL: func.func @vectors
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction"]
func.func @vectors(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<f32> {
  %z = aten.dot %x, %y : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
  return %z : tensor<f32>
}

// CHECK-LABEL: func.func @addmm
// CHECK:         linalg.generic
// CHECK:         linalg.generic
// CHECK-NOT:       arith.mulf
// CHECK:           arith.addf
func.func @addmm(%b: tensor<5xf32>, %x: tensor<2x3xf32>, %y: tensor<3x5xf32>) -> tensor<2x5xf32> {
  %one = arith.constant 1 : i64
  %z = aten.addmm %b, %x, %y, %one, %one : (tensor<5xf32>, tensor<2x3xf32>, tensor<3x5xf32>, i64, i64) -> tensor<2x5xf32>
  return %z : tensor<2x5xf32>
}

// CHECK-LABEL: func.func @einsum
// CHECK:         linalg.generic {{.*}} ["parallel", "parallel", "parallel", "reduction"]
func.func @einsum(%x: tensor<2x3x4xf32>, %y: tensor<2x5x4xf32>) -> tensor<2x3x5xf32> {
  %f = ts.str "bik,bjk->bij"
  %l = ts.list_construct %x, %y : (tensor<2x3x4xf32>, tensor<2x5x4xf32>) -> !ts.list<!ts.tensor>
  %z = aten.einsum %f, %l : (!ts.str, !ts.list<!ts.tensor>) -> tensor<2x3x5xf32>
  return %z : tensor<2x3x5xf32>
}
