// RUN: wick-opt %s --ts-infer-types="inputs=divided:0=?x8xf32,sizes:x=?x8xf32,squeezed:x=?x3xf32" | FileCheck %s

ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t" arguments ["list", "idx"] writes [] aliases []

// The branches give tensors of two ranks: what uses them stands in both, up to where the ranks are the same again.
// CHECK-LABEL: func.func @divided
// CHECK-SAME: -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: %[[Y:.*]] = scf.if
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0, 2, 4], f32>
// CHECK: aten.neg {{.*}} -> !ts.tensor<[s0, 2, 4], f32>
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: } else {
// CHECK: aten.neg {{.*}} -> !ts.tensor<[s0, 8], f32>
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: }
// CHECK-NOT: aten.neg
// CHECK: aten.relu %[[Y]]
func.func @divided(%x: !ts.tensor, %flag: i1) -> !ts.tensor {
  %c2 = arith.constant 2 : i64
  %c4 = arith.constant 4 : i64
  %m1 = arith.constant -1 : i64
  %three = ts.list_construct %m1, %c2, %c4 : (i64, i64, i64) -> !ts.list<i64>
  %two = ts.list_construct %m1, %c4 : (i64, i64) -> !ts.list<i64>
  %y = scf.if %flag -> !ts.tensor {
    %r = aten.reshape %x, %three : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    scf.yield %r : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  %n = aten.neg %y : (!ts.tensor) -> !ts.tensor
  %same = aten.reshape %n, %two : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  %z = aten.relu %same : (!ts.tensor) -> !ts.tensor
  return %z : !ts.tensor
}

// What only they use is not handed on: of a list that is not, the elements are known.
// CHECK-LABEL: func.func @sizes
// CHECK-SAME: -> !ts.tensor<[s0 * 2, 4], f32>
// CHECK: %{{.*}} = scf.if %{{.*}} -> (!ts.tensor<[s0 * 2, 4], f32>) {
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0, 2, 4], f32>
// CHECK: ts.list_construct {{.*}} : (i64, i64, i64)
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0, 2, 4], f32>
// CHECK: } else {
// CHECK: ts.list_construct {{.*}} : (i64, i64)
// CHECK: aten.reshape {{.*}} -> !ts.tensor<[s0, 8], f32>
func.func @sizes(%x: !ts.tensor {ts.name = "x"}, %flag: i1) -> !ts.tensor {
  %c2 = arith.constant 2 : i64
  %c4 = arith.constant 4 : i64
  %m1 = arith.constant -1 : i64
  %three = ts.list_construct %m1, %c2, %c4 : (i64, i64, i64) -> !ts.list<i64>
  %two = ts.list_construct %m1, %c4 : (i64, i64) -> !ts.list<i64>
  %y = scf.if %flag -> !ts.tensor {
    %r = aten.reshape %x, %three : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    scf.yield %r : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  %n = aten.neg %y : (!ts.tensor) -> !ts.tensor
  %sizes = ts.sizes %y : !ts.tensor -> !ts.list<i64>
  %back = aten.reshape %n, %sizes : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  %same = aten.reshape %back, %two : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %same : !ts.tensor
}

// Only run time knows whether a size is one, and with it the rank of what a squeeze leaves: what follows is for either.
// CHECK-LABEL: func.func @squeezed
// CHECK-SAME:    (%[[X:.*]]: !ts.tensor<[s0, 3], f32>
// CHECK:         %[[DIM:.*]] = ts.symbol 0
// CHECK:         %[[SIZE:.*]] = arith.index_cast %[[DIM]]
// CHECK:         %[[ONE:.*]] = arith.cmpi eq, %[[SIZE]], %c1
// CHECK:         scf.if %[[ONE]] -> (i64, !ts.tensor<[], f32>)
// CHECK:           aten.select %[[X]], {{.*}} -> !ts.tensor<[3], f32>
// CHECK:           scf.yield %c1{{.*}}, %{{.*}} : i64, !ts.tensor<[], f32>
// CHECK:         } else {
// CHECK:           scf.yield %c2{{.*}}, %{{.*}} : i64, !ts.tensor<[], f32>
func.func @squeezed(%x: !ts.tensor {ts.name = "x"}) -> (i64, !ts.tensor) {
  %c0 = arith.constant 0 : i64
  %false = arith.constant false
  %none = ts.none
  %y = aten.squeeze %x, %c0 : (!ts.tensor, i64) -> !ts.tensor
  %rank = ts.rank %y : !ts.tensor
  %sum = aten.sum %y, %none, %false, %none : (!ts.tensor, !ts.none, i1, !ts.none) -> !ts.tensor
  return %rank, %sum : i64, !ts.tensor
}

// A list of tensors of two ranks: run time is asked which an element is. What only hands it on does not ask.
// CHECK-LABEL: func.func @elements
// CHECK:         %[[T:.*]] = ts.operator @"aten::__getitem__.t"(%{{.*}}) : {{.*}} -> !ts.tensor<*, f32, [!ts.tensor<[3], f32>, !ts.tensor<[2, 3], f32>]>
// CHECK:         %[[P:.*]] = ts.has_type %[[T]] : {{.*}}, !ts.tensor<[3], f32>
// CHECK:         scf.if %[[P]]
// CHECK:           aten.sum %{{.*}} : (!ts.tensor<[3], f32>
// CHECK:         } else {
// CHECK:           ts.has_type %[[T]] : {{.*}}, !ts.tensor<[2, 3], f32>
// CHECK:           ts.str "a container holds a tensor for which the model was not compiled"
// CHECK:           aten.sum %{{.*}} : (!ts.tensor<[2, 3], f32>
// CHECK:         %[[U:.*]] = ts.operator @"aten::__getitem__.t"
// CHECK-NOT:     ts.has_type
// CHECK:         return %{{.*}}, %[[U]] : !ts.tensor<[], f32>, !ts.tensor<*, f32, [!ts.tensor<[3], f32>, !ts.tensor<[2, 3], f32>]>
func.func @elements(%i: i64) -> (!ts.tensor, !ts.tensor) {
  %false = arith.constant false
  %none = ts.none
  %one = arith.constant dense<1.0> : tensor<3xf32>
  %x = ts.from_value %one : tensor<3xf32> -> !ts.tensor
  %two = arith.constant dense<1.0> : tensor<2x3xf32>
  %y = ts.from_value %two : tensor<2x3xf32> -> !ts.tensor
  %list = ts.list_construct %x : (!ts.tensor) -> !ts.list<!ts.tensor>
  %0 = ts.operator @"aten::append.t"(%list, %y) : (!ts.list<!ts.tensor>, !ts.tensor) -> !ts.list<!ts.tensor>
  %t = ts.operator @"aten::__getitem__.t"(%list, %i) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %sum = aten.sum %t, %none, %false, %none : (!ts.tensor, !ts.none, i1, !ts.none) -> !ts.tensor
  %u = ts.operator @"aten::__getitem__.t"(%list, %i) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %sum, %u : !ts.tensor, !ts.tensor
}
