// RUN: wick-opt %s --ts-functionalize --split-input-file | FileCheck %s

plan.weight @w file "model.pt" offset 0 bytes 16

// CHECK-LABEL: func.func @straight
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<[s0, 4], f32>)
// CHECK-DAG: %[[V:.*]] = ts.read %[[X]] : !ts.tensor<[s0, 4], f32> -> tensor<?x4xf32, #ts.dims<[s0, 4]>>
// CHECK-DAG: %[[W:.*]] = plan.weight_ref @w offset 0 strides [1] : tensor<4xf32>
// CHECK: %[[Y:.*]] = aten.add %[[V]], %[[W]]
// CHECK: %[[R:.*]] = ts.from_value %[[Y]] : tensor<?x4xf32, #ts.dims<[s0, 4]>> -> !ts.tensor<[s0, 4], f32>
// CHECK: return %[[R]], %[[X]]
func.func @straight(%x: !ts.tensor<[s0, 4], f32>) -> (!ts.tensor<[s0, 4], f32>, !ts.tensor<[s0, 4], f32>) {
  %w = ts.weight_ref @w offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  %c1 = arith.constant 1 : i64
  %y = aten.add %x, %w, %c1 : (!ts.tensor<[s0, 4], f32>, !ts.tensor<[4], f32>, i64) -> !ts.tensor<[s0, 4], f32>
  return %y, %x : !ts.tensor<[s0, 4], f32>, !ts.tensor<[s0, 4], f32>
}

// -----

// A write to a view of a local tensor changes the tensor, and another view of it.
// CHECK-LABEL: func.func @view
// CHECK: %[[Y:.*]] = aten.relu
// CHECK: aten.select %[[Y]]
// CHECK: %[[N:.*]] = aten.relu
// CHECK: %[[B:.*]] = aten.select_scatter %[[Y]], %[[N]]
// CHECK: %[[T:.*]] = aten.transpose %[[B]]
// CHECK: ts.from_value %[[T]]
func.func @view(%x: !ts.tensor<[3, 4], f32>) -> !ts.tensor<[4, 3], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %y = aten.relu %x : (!ts.tensor<[3, 4], f32>) -> !ts.tensor<[3, 4], f32>
  %t = aten.transpose %y, %c0, %c1 : (!ts.tensor<[3, 4], f32>, i64, i64) -> !ts.tensor<[4, 3], f32>
  %s = aten.select %y, %c0, %c1 : (!ts.tensor<[3, 4], f32>, i64, i64) -> !ts.tensor<[4], f32>
  %n = aten.relu %s : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  ts.write %s, %n {strict} : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %t : !ts.tensor<[4, 3], f32>
}

// -----

// The caller sees what was written to its tensor, after the branch.
// CHECK-LABEL: func.func @branch
// CHECK-SAME: %[[X:.*]]: !ts.tensor<[4], f32>
// CHECK: %[[V:.*]] = ts.read %[[X]]
// CHECK: %[[R:.*]] = scf.if %{{.*}} -> (tensor<4xf32>) {
// CHECK: %[[N:.*]] = aten.relu %[[V]]
// CHECK: ts.defer_write %[[X]], %[[N]]
// CHECK: scf.yield %[[N]]
// CHECK: scf.yield %[[V]]
// CHECK: ts.defer_write %[[X]], %[[R]]
// CHECK: ts.write %[[X]], %[[R]]
// CHECK: return %[[X]]
func.func @branch(%x: !ts.tensor<[4], f32>, %b: i1) -> !ts.tensor<[4], f32> {
  %r = scf.if %b -> (!ts.tensor<[4], f32>) {
    %n = aten.relu %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
    ts.write %x, %n {strict} : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
    scf.yield %x : !ts.tensor<[4], f32>
  } else {
    scf.yield %x : !ts.tensor<[4], f32>
  }
  return %r : !ts.tensor<[4], f32>
}

// -----

// A loop carries what it writes; what it only hands around is not carried.
// CHECK-LABEL: func.func @loop
// CHECK: %[[Y:.*]] = aten.relu
// CHECK: %[[R:.*]] = scf.for {{.*}} iter_args(%[[A:.*]] = %[[Y]]) -> (tensor<4xf32>)
// CHECK: %[[N:.*]] = aten.add %[[A]], %[[A]]
// CHECK: scf.yield %[[N]]
// CHECK: ts.from_value %[[R]]
func.func @loop(%x: !ts.tensor<[4], f32>, %n: i64) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %y = aten.relu %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %y) -> (!ts.tensor<[4], f32>) : i64 {
    %s = aten.add %a, %y, %c1 : (!ts.tensor<[4], f32>, !ts.tensor<[4], f32>, i64) -> !ts.tensor<[4], f32>
    ts.write %a, %s {strict} : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
    scf.yield %a : !ts.tensor<[4], f32>
  }
  return %r : !ts.tensor<[4], f32>
}

// -----

// A loop that replaces its tensor carries the new value.
// CHECK-LABEL: func.func @replaced
// CHECK: scf.for {{.*}} iter_args(%[[A:.*]] = %{{.*}}) -> (tensor<4xf32>)
// CHECK: %[[N:.*]] = aten.relu %[[A]]
// CHECK: scf.yield %[[N]]
func.func @replaced(%x: !ts.tensor<[4], f32>, %n: i64) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (!ts.tensor<[4], f32>) : i64 {
    %s = aten.relu %a : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
    scf.yield %s : !ts.tensor<[4], f32>
  }
  return %r : !ts.tensor<[4], f32>
}

// -----

// A list holds its elements as they are when it is read.
// CHECK-LABEL: func.func @list
// CHECK: %[[Y:.*]] = aten.relu
// CHECK: %[[N:.*]] = aten.relu %[[Y]]
// CHECK: %[[L:.*]] = ts.list_construct %[[N]], %{{.*}} : (tensor<4xf32>, tensor<4xf32>)
// CHECK: aten.cat %[[L]]
func.func @list(%x: !ts.tensor<[4], f32>) -> !ts.tensor<[8], f32> {
  %c0 = arith.constant 0 : i64
  %y = aten.relu %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  %l = ts.list_construct %y, %x : (!ts.tensor<[4], f32>, !ts.tensor<[4], f32>) -> !ts.list<!ts.tensor>
  %n = aten.relu %y : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  ts.write %y, %n : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  %r = aten.cat %l, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor<[8], f32>
  return %r : !ts.tensor<[8], f32>
}

// -----

// Sizes that types do not prove equal are compared when the program runs.
// CHECK-LABEL: func.func @unproven
// CHECK: %[[A:.*]] = ts.size
// CHECK: %[[B:.*]] = ts.size
// CHECK: %[[D:.*]] = arith.cmpi ne, %[[A]], %[[B]]
// CHECK: scf.if %[[D]] {
// CHECK: ts.raise
// CHECK: tensor.cast
func.func @unproven(%x: !ts.tensor<[s0], f32>, %y: !ts.tensor<[s1], f32>) -> !ts.tensor<[s0], f32> {
  %z = aten.relu %x : (!ts.tensor<[s0], f32>) -> !ts.tensor<[s0], f32>
  ts.write %z, %y {strict} : !ts.tensor<[s0], f32>, !ts.tensor<[s1], f32>
  return %z : !ts.tensor<[s0], f32>
}

// -----

// What nothing has written is lent and returned as it is; other tensors are new ones.
// CHECK-LABEL: func @fallback
// CHECK-SAME: %[[X:.*]]: !ts.tensor<[4], f32>
func.func @fallback(%x: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> attributes {ts.symbols = []} {
  %c1 = arith.constant 1 : i64
  // CHECK: %[[A:.*]] = ts.fallback ["aten::erfinv"] ["self"](%[[X]])
  %a = ts.fallback ["aten::erfinv"] ["self"](%x) aliases [] : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  // CHECK: %[[V:.*]] = ts.read %[[A]]
  // CHECK: %[[SUM:.*]] = aten.add %[[V]]
  %b = aten.add %a, %c1, %c1 : (!ts.tensor<[4], f32>, i64, i64) -> !ts.tensor<[4], f32>
  // CHECK: %[[B:.*]] = ts.from_value %[[SUM]]
  // CHECK: %[[R:.*]] = ts.fallback ["aten::igamma"] ["self", "other"](%[[B]], %[[A]])
  %r = ts.fallback ["aten::igamma"] ["self", "other"](%b, %a) aliases [] : (!ts.tensor<[4], f32>, !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  // CHECK: return %[[R]]
  return %r : !ts.tensor<[4], f32>
}

// -----

// What may be a view of the written tensor, but is made after the write and anew each time, holds what was written.
// CHECK-LABEL: func.func @after
// CHECK: scf.for
// CHECK:   %[[S:.*]] = aten.select_scatter
// CHECK:   aten.reshape
// CHECK-NOT: ts.write
func.func @after(%x: !ts.tensor<[2, 3], f32>, %n: i64) -> !ts.tensor<[2, 3], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c6 = arith.constant 6 : i64
  %size = ts.list_construct %c6 : (i64) -> !ts.list<i64>
  %y = aten.relu %x : (!ts.tensor<[2, 3], f32>) -> !ts.tensor<[2, 3], f32>
  scf.for %i = %c0 to %n step %c1 : i64 {
    %row = aten.select %y, %c0, %c0 : (!ts.tensor<[2, 3], f32>, i64, i64) -> !ts.tensor<[3], f32>
    %one = aten.select %x, %c0, %c1 : (!ts.tensor<[2, 3], f32>, i64, i64) -> !ts.tensor<[3], f32>
    ts.write %row, %one : !ts.tensor<[3], f32>, !ts.tensor<[3], f32>
    %t = aten.t %y : (!ts.tensor<[2, 3], f32>) -> !ts.tensor<[3, 2], f32>
    %flat = aten.reshape %t, %size : (!ts.tensor<[3, 2], f32>, !ts.list<i64>) -> !ts.tensor<[6], f32>
    %sum = aten.relu %flat : (!ts.tensor<[6], f32>) -> !ts.tensor<[6], f32>
    %number = aten.select %sum, %c0, %c0 : (!ts.tensor<[6], f32>, i64, i64) -> !ts.tensor<[], f32>
    ts.write %row, %number : !ts.tensor<[3], f32>, !ts.tensor<[], f32>
  }
  return %y : !ts.tensor<[2, 3], f32>
}
