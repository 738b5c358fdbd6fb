// RUN: wick-opt %s --ts-functionalize --split-input-file | FileCheck %s

ts.class @C "module" {
  ts.attr "a" : !ts.tensor<[], f32>
}

// A slot holds a view of a tensor that is written later, and sees what is written.
// CHECK-LABEL: func.func @stored_view
// CHECK:         %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK:         %[[VIEW:.*]] = ts.operator @"wick::select"(%arg0, %[[ZERO]], %[[ZERO]])
// CHECK:         ts.set_attr %arg1["a"] = %[[VIEW]]
// CHECK-NEXT:    ts.write %arg0, %{{.*}} :
func.func @stored_view(%x: !ts.tensor<[4], f32>, %o: !ts.object<@C>) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  %v = aten.select %x, %c0, %c0 : (!ts.tensor<[4], f32>, i64, i64) -> !ts.tensor<[], f32>
  ts.set_attr %o["a"] = %v : !ts.object<@C>, !ts.tensor<[], f32>
  ts.write %x, %x : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[4], f32>
}

// -----

ts.class @C "module" {
  ts.attr "a" : !ts.tensor<[], f32>
}

// Nothing is written: a copy.
// CHECK-LABEL: func.func @copied_view
// CHECK-NOT:     wick::select
// CHECK:         %[[COPY:.*]] = ts.from_value
// CHECK:         ts.set_attr %arg1["a"] = %[[COPY]]
func.func @copied_view(%x: !ts.tensor<[4], f32>, %o: !ts.object<@C>) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  %v = aten.select %x, %c0, %c0 : (!ts.tensor<[4], f32>, i64, i64) -> !ts.tensor<[], f32>
  ts.set_attr %o["a"] = %v : !ts.object<@C>, !ts.tensor<[], f32>
  return %x : !ts.tensor<[4], f32>
}

// -----

// A reshape of what is not in order is a view or a copy, as the runtime finds.
// CHECK-LABEL: func.func @reshaped
// CHECK:         %[[Y:.*]] = ts.from_value
// CHECK:         %[[T:.*]] = ts.operator @"wick::permute"(%[[Y]],
// CHECK:         %[[R:.*]] = ts.operator @"wick::reshape"(%[[T]],
// CHECK:         ts.write %[[R]], %{{.*}} {strided}
// CHECK:         return %[[Y]]
func.func @reshaped(%x: !ts.tensor<[2, 3], f32>, %n: !ts.tensor<[6], f32>) -> !ts.tensor<[2, 3], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c6 = arith.constant 6 : i64
  %l = ts.list_construct %c6 : (i64) -> !ts.list<i64>
  %y = aten.relu %x : (!ts.tensor<[2, 3], f32>) -> !ts.tensor<[2, 3], f32>
  %t = aten.transpose %y, %c0, %c1 : (!ts.tensor<[2, 3], f32>, i64, i64) -> !ts.tensor<[3, 2], f32>
  %r = aten.reshape %t, %l : (!ts.tensor<[3, 2], f32>, !ts.list<i64>) -> !ts.tensor<[6], f32>
  ts.write %r, %n : !ts.tensor<[6], f32>, !ts.tensor<[6], f32>
  return %y : !ts.tensor<[2, 3], f32>
}

// -----

// So is what LibTorch returns.
// CHECK-LABEL: func.func @returned_view
// CHECK:         %[[B:.*]] = ts.from_value
// CHECK:         %[[V:.*]] = ts.fallback ["aten::as_strided"] ["self"](%[[B]])
// CHECK:         ts.write %[[B]]
// CHECK:         return %[[V]]
func.func @returned_view(%x: !ts.tensor<[4], f32>) -> !ts.tensor<[2], f32> attributes {ts.symbols = []} {
  %c1 = arith.constant 1 : i64
  %b = aten.add %x, %c1, %c1 : (!ts.tensor<[4], f32>, i64, i64) -> !ts.tensor<[4], f32>
  %v = ts.fallback ["aten::as_strided"] ["self"](%b) aliases [0] : (!ts.tensor<[4], f32>) -> !ts.tensor<[2], f32>
  ts.write %b, %x : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %v : !ts.tensor<[2], f32>
}

// -----

// It is given a view of what it may return a view of.
// CHECK-LABEL: func.func @view_of_view
// CHECK:         %[[Y:.*]] = ts.from_value
// CHECK:         %[[T:.*]] = ts.operator @"wick::permute"(%[[Y]],
// CHECK:         %[[X:.*]] = ts.fallback ["aten::reshape"] ["self", "shape"](%[[T]], %arg0)
// CHECK:         ts.fallback ["aten::copy_"] ["self&", "src"](%[[X]], %[[X]])
// CHECK:         return %[[Y]]
func.func @view_of_view(%sizes: !ts.list<i64>, %a: !ts.tensor<[4, 4], f32>) -> !ts.tensor<[4, 4], f32> {
  %y = aten.relu %a : (!ts.tensor<[4, 4], f32>) -> !ts.tensor<[4, 4], f32>
  %t = aten.t %y : (!ts.tensor<[4, 4], f32>) -> !ts.tensor<[4, 4], f32>
  %x = ts.fallback ["aten::reshape"] ["self", "shape"] (%t, %sizes) aliases [0] : (!ts.tensor<[4, 4], f32>, !ts.list<i64>) -> !ts.tensor
  ts.write %x, %x : !ts.tensor, !ts.tensor
  return %y : !ts.tensor<[4, 4], f32>
}

// -----

// Elements that are one in memory are written at their positions, which the view shows of numbers. To write one of them
// twice is an error.
// CHECK-LABEL: func.func @repeated
// CHECK:         %[[V:.*]] = ts.read %arg0
// CHECK:         %[[ALL:.*]] = aten.reshape_as %{{.*}}, %[[V]] : {{.*}} -> tensor<4xi64>
// CHECK:         %[[E:.*]] = aten.expand %[[ALL]], {{.*}} -> tensor<2x4xi64>
// CHECK:         %[[AT:.*]] = aten.flatten %[[E]],
// CHECK:         aten.scatter_add
// CHECK:         ts.raise
// CHECK:         %[[NEW:.*]] = aten.scatter %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4xf32>, i64, tensor<8xi64>, tensor<8xf32>)
// CHECK:         %[[RESULT:.*]] = aten.reshape_as %[[NEW]], %[[V]]
// CHECK:         ts.write %arg0, %[[RESULT]]
func.func @repeated(%x: !ts.tensor<[4], f32>, %y: !ts.tensor<[2, 4], f32>) -> !ts.tensor<[4], f32> {
  %c2 = arith.constant 2 : i64
  %c4 = arith.constant 4 : i64
  %l = ts.list_construct %c2, %c4 : (i64, i64) -> !ts.list<i64>
  %e = aten.expand %x, %l : (!ts.tensor<[4], f32>, !ts.list<i64>) -> !ts.tensor<[2, 4], f32>
  ts.write %e, %y : !ts.tensor<[2, 4], f32>, !ts.tensor<[2, 4], f32>
  return %x : !ts.tensor<[4], f32>
}

// -----

// What may write an element several times writes only what changes.
// CHECK-LABEL: func.func @filled
// CHECK-NOT:     ts.raise
// CHECK:         aten.ne
// CHECK:         aten.where
// CHECK:         aten.constant_pad_nd
// CHECK:         aten.scatter
func.func @filled(%x: !ts.tensor<[4], f32>, %y: !ts.tensor<[3, 2], f32>) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %w = aten.unfold %x, %c0, %c2, %c1 : (!ts.tensor<[4], f32>, i64, i64, i64) -> !ts.tensor<[3, 2], f32>
  ts.write %w, %y {may_repeat} : !ts.tensor<[3, 2], f32>, !ts.tensor<[3, 2], f32>
  return %x : !ts.tensor<[4], f32>
}
