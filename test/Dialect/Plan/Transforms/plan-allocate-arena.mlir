// RUN: wick-opt %s --allow-unregistered-dialect --plan-allocate-arena --canonicalize --split-input-file | FileCheck %s

func.func private @k(%x: memref<32xf32>, %y: memref<32xf32>) attributes {plan.kernel} { return }

// The third buffer takes the place of the first.
// CHECK-LABEL: func.func @reuse
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C128:.*]] = arith.constant 128 : index
// CHECK-DAG:     %[[C256:.*]] = arith.constant 256 : index
// CHECK:         %[[ARENA:.*]] = plan.arena %[[C256]] : memref<?xi8>
// CHECK:         memref.view %[[ARENA]][%[[C0]]][]
// CHECK:         memref.view %[[ARENA]][%[[C128]]][]
// CHECK:         memref.view %[[ARENA]][%[[C0]]][]
func.func @reuse(%x: memref<32xf32>, %y: memref<32xf32>) {
  %a = memref.alloc() : memref<32xf32>
  plan.launch @k ins(%x : memref<32xf32>) outs(%a : memref<32xf32>)
  %b = memref.alloc() : memref<32xf32>
  plan.launch @k ins(%a : memref<32xf32>) outs(%b : memref<32xf32>)
  %c = memref.alloc() : memref<32xf32>
  plan.launch @k ins(%b : memref<32xf32>) outs(%c : memref<32xf32>)
  plan.launch @k ins(%c : memref<32xf32>) outs(%y : memref<32xf32>)
  return
}

// -----

func.func private @k(%x: memref<?x16xf32>, %y: memref<?x16xf32>) attributes {plan.kernel} { return }

// Buffers of the same dims are planned in units of them.
// CHECK-LABEL: func.func @dynamic
// CHECK-DAG:     %[[C64:.*]] = arith.constant 64 : index
// CHECK-DAG:     %[[C128:.*]] = arith.constant 128 : index
// CHECK:         %[[OFFSET:.*]] = arith.muli %arg2, %[[C64]]
// CHECK:         %[[BYTES:.*]] = arith.muli %arg2, %[[C128]]
// CHECK:         %[[ARENA:.*]] = plan.arena %[[BYTES]]
// CHECK:         memref.view %[[ARENA]][%{{.*}}][%arg2]
// CHECK:         memref.view %[[ARENA]][%[[OFFSET]]][%arg2]
func.func @dynamic(%x: memref<?x16xf32>, %y: memref<?x16xf32>, %n: index) {
  %a = memref.alloc(%n) : memref<?x16xf32>
  plan.launch @k ins(%x : memref<?x16xf32>) outs(%a : memref<?x16xf32>)
  %b = memref.alloc(%n) : memref<?x16xf32>
  plan.launch @k ins(%a : memref<?x16xf32>) outs(%b : memref<?x16xf32>)
  plan.launch @k ins(%b : memref<?x16xf32>) outs(%y : memref<?x16xf32>)
  return
}

// -----

func.func private @k(%x: memref<16xf32>, %y: memref<16xf32>) attributes {plan.kernel} { return }

// A buffer from outside a loop is live throughout; one of unknown size stays.
// CHECK-LABEL: func.func @loop
// CHECK:         plan.arena %c128
// CHECK:         scf.for
// CHECK:           memref.alloc(%{{.*}}) : memref<?xf32>
func.func @loop(%x: memref<16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<16xf32>
  scf.for %i = %c0 to %n step %c1 {
    plan.launch @k ins(%a : memref<16xf32>) outs(%x : memref<16xf32>)
    %b = memref.alloc() : memref<16xf32>
    plan.launch @k ins(%x : memref<16xf32>) outs(%b : memref<16xf32>)
    plan.launch @k ins(%b : memref<16xf32>) outs(%x : memref<16xf32>)
    %d = memref.alloc(%i) : memref<?xf32>
    "test.use"(%d) : (memref<?xf32>) -> ()
  }
  return
}

// -----

func.func private @k(%x: memref<?xf32>, %y: memref<?xf32>) attributes {plan.kernel} { return }
ts.schema @"aten::cat" "aten::cat" arguments ["tensors", "dim"] writes [] aliases []

// The size of a tensor that is made here is not known before it is made.
// CHECK-LABEL: func.func @made
// CHECK:         ts.operator @"aten::cat"
// CHECK:         memref.alloc
func.func @made(%x: memref<16xf32>, %l: !ts.list<!ts.tensor<[?], f32>>, %d: i64) {
  %c0 = arith.constant 0 : index
  %a = memref.alloc() : memref<16xf32>
  "test.use"(%a) : (memref<16xf32>) -> ()
  %t = ts.operator @"aten::cat"(%l, %d) : (!ts.list<!ts.tensor<[?], f32>>, i64) -> !ts.tensor<[?], f32>
  %data = plan.tensor_data %t : !ts.tensor<[?], f32> -> memref<?xf32>
  %n = memref.dim %data, %c0 : memref<?xf32>
  %b = memref.alloc(%n) : memref<?xf32>
  plan.launch @k ins(%data : memref<?xf32>) outs(%b : memref<?xf32>)
  return
}

// -----

func.func private @k(%x: memref<?xf32>, %y: memref<?xf32>) attributes {plan.kernel} { return }

// What a branch needs that may not be taken does not take from the memory of others.
// CHECK-LABEL: func.func @negative
// CHECK:         %[[LEFT:.*]] = arith.subi %arg2, %c5
// CHECK:         %[[FIRST:.*]] = arith.muli %arg2, %c64
// CHECK:         %[[BRANCH:.*]] = arith.muli %[[LEFT]], %c64
// CHECK:         %[[SECOND:.*]] = arith.maxsi %[[BRANCH]], %c0
// CHECK:         %[[BYTES:.*]] = arith.addi %[[FIRST]], %[[SECOND]]
// CHECK:         plan.arena %[[BYTES]]
func.func @negative(%x: memref<?xf32>, %y: memref<?xf32>, %n: index, %flag: i1) {
  %c5 = arith.constant 5 : index
  %a = memref.alloc(%n) : memref<?xf32>
  plan.launch @k ins(%x : memref<?xf32>) outs(%a : memref<?xf32>)
  scf.if %flag {
    %left = arith.subi %n, %c5 : index
    %b = memref.alloc(%left) : memref<?xf32>
    plan.launch @k ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
    plan.launch @k ins(%b : memref<?xf32>) outs(%y : memref<?xf32>)
  }
  plan.launch @k ins(%a : memref<?xf32>) outs(%y : memref<?xf32>)
  return
}
