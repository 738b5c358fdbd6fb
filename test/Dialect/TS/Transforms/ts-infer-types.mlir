// RUN: wick-opt %s --ts-infer-types="inputs=promote:x=BxSx3xf32,promote:y=Bx1x1xi64,sizes:BxSxf32,branch:2x3xf32,branch:flag=true,join:x=2x3xf32,join:y=4x3xf32,loop:2x3xf32,loop:4x3xf32,scalar:4xu8,tuple:Bx2xf32,item:f64,values:n=7" | FileCheck %s

// Names tie dims; tensors with dims decide over tensors without and over numbers.
// CHECK-LABEL: func.func @promote(%arg0: !ts.tensor<[s0, s1, 3], f32> {ts.name = "x"}, %arg1: !ts.tensor<[s0, 1, 1], i64> {ts.name = "y"})
// CHECK-SAME: -> !ts.tensor<[s0, s1, 3], i1> attributes {ts.symbols = {{\[\[}}0, 0], [0, 1]]}
func.func @promote(%x: !ts.tensor {ts.name = "x"}, %y: !ts.tensor {ts.name = "y"}) -> !ts.tensor {
  %none = ts.none
  %half = arith.constant 0.5 : f64
  // CHECK: aten.mul %arg1, %{{.*}} -> !ts.tensor<[s0, 1, 1], f32>
  %0 = aten.mul %y, %half : (!ts.tensor, f64) -> !ts.tensor
  // CHECK: aten.add {{.*}} -> !ts.tensor<[s0, s1, 3], f32>
  %1 = aten.add %x, %0, %none : (!ts.tensor, !ts.tensor, !ts.none) -> !ts.tensor
  %2 = aten.gt %1, %half : (!ts.tensor, f64) -> !ts.tensor
  return %2 : !ts.tensor
}

// Questions about sizes become arithmetic on symbols, which is understood again.
// CHECK-LABEL: func.func @sizes
// CHECK-SAME: -> !ts.tensor<[s0, s1 * 2], f32>
func.func @sizes(%x: !ts.tensor) -> !ts.tensor {
  %none = ts.none
  %c0 = arith.constant 0 : i64
  %cm1 = arith.constant -1 : i64
  %c2 = arith.constant 2 : i64
  // CHECK: %[[S:.*]] = ts.symbol 0
  // CHECK: arith.index_cast %[[S]] : index to i64
  %b = ts.size %x, %c0 : !ts.tensor
  %s = ts.size %x, %cm1 : !ts.tensor
  %d = arith.muli %s, %c2 : i64
  %l = ts.list_construct %b, %d : (i64, i64) -> !ts.list<i64>
  %y = aten.zeros %l, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// Only the live branch of a decided condition is looked at.
// CHECK-LABEL: func.func @branch
// CHECK-NOT: scf.if
// CHECK: aten.relu
// CHECK-NOT: aten.exp
func.func @branch(%x: !ts.tensor, %flag: i1 {ts.name = "flag"}) -> !ts.tensor {
  %r = scf.if %flag -> !ts.tensor {
    %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
    scf.yield %y : !ts.tensor
  } else {
    %z = aten.exp %x : (!ts.tensor) -> !ts.tensor
    scf.yield %z : !ts.tensor
  }
  return %r : !ts.tensor
}

// Where branches differ, less is known after them; one that raises does not count.
// CHECK-LABEL: func.func @join
// CHECK-SAME: -> !ts.tensor<[?, 3], f32>
func.func @join(%x: !ts.tensor {ts.name = "x"}, %y: !ts.tensor {ts.name = "y"}, %c: i1, %d: i1) -> !ts.tensor {
  // CHECK: scf.if %{{.*}} -> (!ts.tensor<[?, 3], f32>)
  // CHECK: ts.refine %{{.*}} : !ts.tensor<[2, 3], f32> to !ts.tensor<[?, 3], f32>
  // CHECK: ts.refine %{{.*}} : !ts.tensor<[4, 3], f32> to !ts.tensor<[?, 3], f32>
  %r = scf.if %c -> !ts.tensor {
    scf.yield %x : !ts.tensor
  } else {
    scf.yield %y : !ts.tensor
  }
  // CHECK: scf.if %{{.*}} -> (!ts.tensor<[?, 3], f32>)
  %q = scf.if %d -> !ts.tensor {
    %n = aten.relu %r : (!ts.tensor) -> !ts.tensor
    scf.yield %n : !ts.tensor
  } else {
    %m = ts.str "message"
    ts.raise %m, %m : !ts.str, !ts.str
    %u = ts.uninitialized : !ts.tensor
    scf.yield %u : !ts.tensor
  }
  return %q : !ts.tensor
}

// What a loop carries is as general as all iterations need.
// CHECK-LABEL: func.func @loop
// CHECK: %[[INIT:.*]] = ts.refine %arg0 : !ts.tensor<[2, 3], f32> to !ts.tensor<[?, 3], f32>
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[INIT]]{{.*}}) -> (!ts.tensor<[?, 3], f32>{{.*}})
func.func @loop(%x: !ts.tensor, %y: !ts.tensor, %n: index) -> !ts.tensor {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %y) -> (!ts.tensor, !ts.tensor) {
    scf.yield %b, %a : !ts.tensor, !ts.tensor
  }
  return %r#0 : !ts.tensor
}

// CHECK-LABEL: func.func @scalar
// CHECK-SAME: -> !ts.tensor<[4], ui8>
func.func @scalar(%x: !ts.tensor) -> !ts.tensor {
  %none = ts.none
  %c = arith.constant 300 : i64
  %y = aten.add %x, %c, %none : (!ts.tensor, i64, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func @tuple(%arg0: !ts.tuple<!ts.tensor<[s0, 2], f32>, i64>) -> !ts.tensor<[s0, 2], f32>
func.func @tuple(%t: !ts.tuple<!ts.tensor, i64>) -> !ts.tensor {
  %x = ts.tuple_index %t[0] : !ts.tuple<!ts.tensor, i64> -> !ts.tensor
  return %x : !ts.tensor
}

// CHECK-LABEL: func.func @item
// CHECK: ts.item %arg0 : !ts.tensor<[], f64> -> f64
func.func @item(%x: !ts.tensor) -> !ts.number {
  %n = ts.item %x : !ts.tensor -> !ts.number
  return %n : !ts.number
}

// CHECK-LABEL: func.func @values(%arg0: i64 {ts.name = "n", ts.value = 7 : i64}) -> !ts.tensor<[7], i64>
func.func @values(%n: i64 {ts.name = "n"}) -> !ts.tensor {
  %none = ts.none
  %x = aten.arange %none, %n, %none, %none : (!ts.none, i64, !ts.none, !ts.none) -> !ts.tensor
  return %x : !ts.tensor
}

// A tensor of nested lists has a dim for each level.
ts.schema @"wick::list_to_tensor" "" arguments ["list", "rank", "dtype"] writes [] aliases []
// CHECK-LABEL: func.func @rows
// CHECK-SAME: -> !ts.tensor<[?, ?], i64>
func.func @rows(%l: !ts.list<!ts.list<i64>>) -> !ts.tensor {
  %rank = arith.constant 2 : i64
  %dtype = arith.constant 4 : i64
  %x = ts.operator @"wick::list_to_tensor"(%l, %rank, %dtype) : (!ts.list<!ts.list<i64>>, i64, i64) -> !ts.tensor
  return %x : !ts.tensor
}
