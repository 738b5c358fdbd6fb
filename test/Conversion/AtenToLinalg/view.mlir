// RUN: wick-opt %s --convert-aten-to-linalg --canonicalize --cse | FileCheck %s

// Only dims that change are touched; the sizes follow from the symbols.
// CHECK-LABEL: func.func @heads
// CHECK:         %[[S:.*]] = ts.symbol 0
// CHECK:         tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] output_shape [1, %[[S]], 12, 64]
// CHECK:         linalg.transpose {{.*}} permutation = [0, 2, 1, 3]
func.func @heads(%x: tensor<1x?x768xf32, #ts.dims<[1, s0, 768]>>) -> tensor<1x12x?x64xf32, #ts.dims<[1, 12, s0, 64]>> {
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %minus = arith.constant -1 : i64
  %n = arith.constant 12 : i64
  %d = arith.constant 64 : i64
  %size = ts.list_construct %one, %minus, %n, %d : (i64, i64, i64, i64) -> !ts.list<i64>
  %v = aten.view %x, %size : (tensor<1x?x768xf32, #ts.dims<[1, s0, 768]>>, !ts.list<i64>)
      -> tensor<1x?x12x64xf32, #ts.dims<[1, s0, 12, 64]>>
  %t = aten.transpose %v, %one, %two : (tensor<1x?x12x64xf32, #ts.dims<[1, s0, 12, 64]>>, i64, i64)
      -> tensor<1x12x?x64xf32, #ts.dims<[1, 12, s0, 64]>>
  return %t : tensor<1x12x?x64xf32, #ts.dims<[1, 12, s0, 64]>>
}

// Dims of size one that move are a reshape.
// CHECK-LABEL: func.func @ones
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @ones(%x: tensor<2x3x1x1xf32>) -> tensor<2x1x1x3xf32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %c3 = arith.constant 3 : i64
  %p = ts.list_construct %c0, %c2, %c3, %c1 : (i64, i64, i64, i64) -> !ts.list<i64>
  %y = aten.permute %x, %p : (tensor<2x3x1x1xf32>, !ts.list<i64>) -> tensor<2x1x1x3xf32>
  return %y : tensor<2x1x1x3xf32>
}

// CHECK-LABEL: func.func @parts
// CHECK:         tensor.extract_slice %{{.*}}[0, 4] [3, 1] [1, 1]
// CHECK:         tensor.extract_slice %{{.*}}[0, 1] [3, 2] [1, 2]
func.func @parts(%x: tensor<3x5xf32>) -> (tensor<3xf32>, tensor<3x2xf32>) {
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %minus = arith.constant -1 : i64
  %none = ts.none
  %a = aten.select %x, %one, %minus : (tensor<3x5xf32>, i64, i64) -> tensor<3xf32>
  %b = aten.slice %x, %minus, %one, %none, %two : (tensor<3x5xf32>, i64, i64, !ts.none, i64) -> tensor<3x2xf32>
  return %a, %b : tensor<3xf32>, tensor<3x2xf32>
}

// A step that only run time knows is checked there.
// CHECK-LABEL: func.func @steps
// CHECK-SAME:    (%{{.*}}: tensor<8xf32>, %[[N:.*]]: i64)
// CHECK:         "slice step must be positive"
// CHECK:         %[[STEP:.*]] = arith.index_cast %[[N]] : i64 to index
// CHECK:         arith.cmpi sle, %[[STEP]]
// CHECK:         %[[SIZE:.*]] = arith.ceildivsi %{{.*}}, %[[STEP]]
// CHECK:         tensor.extract_slice %{{.*}}[1] [%[[SIZE]]] [%[[STEP]]]
func.func @steps(%x: tensor<8xf32>, %n: i64) -> tensor<?xf32> {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %none = ts.none
  %y = aten.slice %x, %zero, %one, %none, %n : (tensor<8xf32>, i64, i64, !ts.none, i64) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// CHECK-LABEL: func.func @expand
// CHECK:         linalg.generic
func.func @expand(%x: tensor<1x5xf32>) -> tensor<2x3x5xf32> {
  %two = arith.constant 2 : i64
  %three = arith.constant 3 : i64
  %minus = arith.constant -1 : i64
  %size = ts.list_construct %two, %three, %minus : (i64, i64, i64) -> !ts.list<i64>
  %y = aten.expand %x, %size : (tensor<1x5xf32>, !ts.list<i64>) -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}
