// RUN: wick-opt %s --convert-aten-to-linalg --canonicalize --cse | FileCheck %s

// Widths that only run time knows are checked, and give the size of the result where types do not.
// CHECK-LABEL: func.func @reflect
// CHECK-SAME:    %[[X:[^:]*]]: tensor<2x3x8xf32>, %[[N:[^:]*]]: i64
// CHECK-DAG:     %[[NINE:.*]] = arith.constant 9 : index
// CHECK:         %[[W:.*]] = arith.index_cast %[[N]] : i64 to index
// CHECK:         %[[SIZE:.*]] = arith.addi %[[W]], %[[NINE]]
// CHECK:         ts.raise
// CHECK:         tensor.empty(%[[SIZE]]) : tensor<2x3x?xf32>
// CHECK:         linalg.generic
// CHECK:           tensor.extract %[[X]]
func.func @reflect(%x: tensor<2x3x8xf32>, %n: i64) -> tensor<2x3x?xf32> {
  %none = ts.none
  %one = arith.constant 1 : i64
  %mode = ts.str "reflect"
  %pad = ts.list_construct %n, %one : (i64, i64) -> !ts.list<i64>
  %y = aten.pad %x, %pad, %mode, %none : (tensor<2x3x8xf32>, !ts.list<i64>, !ts.str, !ts.none) -> tensor<2x3x?xf32>
  return %y : tensor<2x3x?xf32>
}

// Nothing is checked that constants tell.
// CHECK-LABEL: func.func @circular
// CHECK-NOT:     ts.raise
// CHECK:         linalg.generic
// CHECK:           arith.remui
func.func @circular(%x: tensor<2x3x8xf32>) -> tensor<2x3x10xf32> {
  %none = ts.none
  %three = arith.constant 3 : i64
  %minus = arith.constant -1 : i64
  %mode = ts.str "circular"
  %pad = ts.list_construct %three, %minus : (i64, i64) -> !ts.list<i64>
  %y = aten.pad %x, %pad, %mode, %none : (tensor<2x3x8xf32>, !ts.list<i64>, !ts.str, !ts.none) -> tensor<2x3x10xf32>
  return %y : tensor<2x3x10xf32>
}
