// RUN: wick-opt %s --convert-aten-to-linalg --split-input-file | FileCheck %s

// A tensor becomes a number when it has one element.
// CHECK-LABEL: func @several
// CHECK-SAME:    (%[[X:.*]]: tensor<?x2xf32>)
// CHECK:         %[[ROWS:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         %[[COUNT:.*]] = arith.muli %[[ROWS]], %{{.*}}
// CHECK:         %[[WRONG:.*]] = arith.cmpi ne, %[[COUNT]], %{{.*}}
// CHECK:         scf.if %[[WRONG]]
// CHECK:           ts.str "a Tensor with {} elements cannot be converted to Scalar"
// CHECK:         tensor.extract
func.func @several(%x: tensor<?x2xf32>) -> f64 {
  %n = ts.item %x : tensor<?x2xf32> -> f64
  return %n : f64
}

// -----

// CHECK-LABEL: func @one
// CHECK-NOT:     scf.if
// CHECK:         tensor.extract
func.func @one(%x: tensor<1x1xf32>) -> i1 {
  %n = ts.item %x : tensor<1x1xf32> -> i1
  return %n : i1
}

// -----

// What stands for a number by itself has no dims.
// CHECK-LABEL: func @implicit
// CHECK:         ts.str "Cannot input a tensor of dimension other than 0 as a scalar argument"
func.func @implicit(%x: tensor<1xi64>) -> i64 {
  %n = ts.item %x {implicit} : tensor<1xi64> -> i64
  return %n : i64
}
