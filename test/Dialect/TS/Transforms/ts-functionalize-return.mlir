// RUN: wick-opt %s --ts-functionalize --split-input-file | FileCheck %s

// A view of an argument is one of the caller's tensor.
// CHECK-LABEL: func.func @view_of_an_argument
// CHECK:         %[[VIEW:.*]] = ts.operator @"wick::select"(%arg0,
// CHECK:         return %[[VIEW]]
func.func @view_of_an_argument(%x: !ts.tensor<[4, 3], f32>) -> !ts.tensor<[3], f32> {
  %c0 = arith.constant 0 : i64
  %v = aten.select %x, %c0, %c0 : (!ts.tensor<[4, 3], f32>, i64, i64) -> !ts.tensor<[3], f32>
  return %v : !ts.tensor<[3], f32>
}

// -----

// Nothing else shows what this is a view of, so it needs no more memory than its elements.
// CHECK-LABEL: func.func @only_the_view
// CHECK-NOT:     ts.operator
// CHECK:         %[[VALUE:.*]] = aten.select
// CHECK:         %[[NEW:.*]] = ts.from_value %[[VALUE]]
// CHECK:         return %[[NEW]]
func.func @only_the_view(%x: !ts.tensor<[4, 3], f32>) -> !ts.tensor<[3], f32> {
  %c0 = arith.constant 0 : i64
  %y = aten.neg %x : (!ts.tensor<[4, 3], f32>) -> !ts.tensor<[4, 3], f32>
  %v = aten.select %y, %c0, %c0 : (!ts.tensor<[4, 3], f32>, i64, i64) -> !ts.tensor<[3], f32>
  return %v : !ts.tensor<[3], f32>
}

// -----

// Two results in one memory, in either order.
// CHECK-LABEL: func.func @view_of_a_result
// CHECK:         %[[WHOLE:.*]] = ts.from_value
// CHECK:         %[[VIEW:.*]] = ts.operator @"wick::select"(%[[WHOLE]],
// CHECK:         %[[TUPLE:.*]] = ts.tuple_construct %[[VIEW]], %[[WHOLE]]
// CHECK:         return %[[TUPLE]]
func.func @view_of_a_result(%x: !ts.tensor<[4, 3], f32>) -> !ts.tuple<!ts.tensor<[3], f32>, !ts.tensor<[4, 3], f32>> {
  %c0 = arith.constant 0 : i64
  %y = aten.neg %x : (!ts.tensor<[4, 3], f32>) -> !ts.tensor<[4, 3], f32>
  %v = aten.select %y, %c0, %c0 : (!ts.tensor<[4, 3], f32>, i64, i64) -> !ts.tensor<[3], f32>
  %t = ts.tuple_construct %v, %y : (!ts.tensor<[3], f32>, !ts.tensor<[4, 3], f32>) -> !ts.tuple<!ts.tensor<[3], f32>, !ts.tensor<[4, 3], f32>>
  return %t : !ts.tuple<!ts.tensor<[3], f32>, !ts.tensor<[4, 3], f32>>
}

// -----

// What branches choose among may be the argument itself.
// CHECK-LABEL: func.func @chosen
// CHECK:         %[[NEW:.*]] = scf.if %arg1 -> (!ts.tensor<[4], f32>) {
// CHECK-NEXT:      scf.yield %arg0
// CHECK:         } else {
// CHECK:           %[[INNER:.*]] = scf.if %arg2 -> (!ts.tensor<[4], f32>) {
// CHECK:             ts.from_value
// CHECK:           } else {
// CHECK-NEXT:        scf.yield %arg0
// CHECK:           scf.yield %[[INNER]]
// CHECK:         return %[[NEW]]
func.func @chosen(%x: !ts.tensor<[4], f32>, %a: i1, %b: i1) -> !ts.tensor<[4], f32> {
  %y = scf.if %a -> !ts.tensor<[4], f32> {
    scf.yield %x : !ts.tensor<[4], f32>
  } else {
    %z = scf.if %b -> !ts.tensor<[4], f32> {
      %n = aten.neg %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
      scf.yield %n : !ts.tensor<[4], f32>
    } else {
      scf.yield %x : !ts.tensor<[4], f32>
    }
    scf.yield %z : !ts.tensor<[4], f32>
  }
  return %y : !ts.tensor<[4], f32>
}
