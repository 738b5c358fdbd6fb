// RUN: wick-opt %s --plan-bufferize-host --canonicalize --cse --split-input-file | FileCheck %s

func.func private @k(%x: memref<?x4xf32>, %y: memref<?x4xf32>) attributes {plan.kernel} { return }

// The kernel writes into the tensor that is returned.
// CHECK-LABEL: func.func @in_place
// CHECK-DAG:     %[[X:.*]] = plan.tensor_data %arg0
// CHECK-DAG:     %[[S:.*]] = memref.dim %[[X]]
// CHECK:         %[[R:.*]], %[[M:.*]] = plan.new_tensor(%[[S]])
// CHECK:         plan.launch @k ins(%[[X]] : memref<?x4xf32>) outs(%[[M]] : memref<?x4xf32>)
// CHECK-NEXT:    return %[[R]]
func.func @in_place(%arg0: !ts.tensor<[s0, 4], f32>) -> !ts.tensor<[s0, 4], f32> attributes {ts.symbols = [[0, 0]]} {
  %s = ts.symbol 0
  %x = ts.read %arg0 : !ts.tensor<[s0, 4], f32> -> tensor<?x4xf32>
  %e = tensor.empty(%s) : tensor<?x4xf32>
  %r = plan.launch @k ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = ts.from_value %r : tensor<?x4xf32> -> !ts.tensor<[s0, 4], f32>
  return %y : !ts.tensor<[s0, 4], f32>
}

// -----

func.func private @k(%x: memref<?x4xf32>, %y: memref<?x4xf32>) attributes {plan.kernel} { return }

// A size that a check guards is computed, and memory of that size taken, after the check.
// CHECK-LABEL: func.func @checked
// CHECK:         scf.if
// CHECK-NEXT:      ts.raise
// CHECK:         %[[S:.*]] = arith.floordivsi
// CHECK-NEXT:    %[[R:.*]], %[[M:.*]] = plan.new_tensor(%[[S]])
// CHECK-NEXT:    plan.launch @k {{.*}} outs(%[[M]] : memref<?x4xf32>)
func.func @checked(%arg0: !ts.tensor<[s0, 4], f32>, %n: index, %isWrong: i1) -> !ts.tensor<[?, 4], f32> attributes {ts.symbols = [[0, 0]]} {
  %text = ts.str "no"
  %none = ts.none
  %rows = ts.symbol 0
  %x = ts.read %arg0 : !ts.tensor<[s0, 4], f32> -> tensor<?x4xf32>
  scf.if %isWrong {
    ts.raise %text, %none : !ts.str, !ts.none
  }
  %s = arith.floordivsi %rows, %n : index
  %e = tensor.empty(%s) : tensor<?x4xf32>
  %r = plan.launch @k ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = ts.from_value %r : tensor<?x4xf32> -> !ts.tensor<[?, 4], f32>
  return %y : !ts.tensor<[?, 4], f32>
}

// -----

func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) attributes {plan.kernel} { return }

// What is read after a write was taken before it.
// CHECK-LABEL: func.func @snapshot
// CHECK:         %[[X:.*]] = plan.tensor_data %arg0
// CHECK:         %[[COPY:.*]] = memref.alloc()
// CHECK:         memref.copy %[[X]], %[[COPY]]
// CHECK:         memref.copy %{{.*}}, %[[X]]
// CHECK:         plan.launch @k ins(%[[COPY]]
func.func @snapshot(%arg0: !ts.tensor<[4], f32>, %arg1: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> {
  %x = ts.read %arg0 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %v = ts.read %arg1 : !ts.tensor<[4], f32> -> tensor<4xf32>
  ts.write %arg0, %v : !ts.tensor<[4], f32>, tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %r = plan.launch @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = ts.from_value %r : tensor<4xf32> -> !ts.tensor<[4], f32>
  return %y : !ts.tensor<[4], f32>
}

// -----

func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) attributes {plan.kernel} { return }

// A loop keeps its state in one buffer.
// CHECK-LABEL: func.func @loop
// CHECK:         %[[STATE:.*]] = memref.alloc()
// CHECK:         memref.copy %{{.*}}, %[[STATE]]
// CHECK:         scf.for
// CHECK:           %[[NEXT:.*]] = memref.alloc()
// CHECK:           plan.launch @k ins(%[[STATE]] : memref<4xf32>) outs(%[[NEXT]] : memref<4xf32>)
// CHECK:           memref.copy %[[NEXT]], %[[STATE]]
func.func @loop(%arg0: !ts.tensor<[4], f32>, %n: i64) -> !ts.tensor<[4], f32> {
  %x = ts.read %arg0 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%h = %x) -> (tensor<4xf32>) : i64 {
    %e = tensor.empty() : tensor<4xf32>
    %s = plan.launch @k ins(%h : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  %y = ts.from_value %r : tensor<4xf32> -> !ts.tensor<[4], f32>
  return %y : !ts.tensor<[4], f32>
}

// -----

func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) attributes {plan.kernel} { return }

// Zeros that a branch passes on and something reads later do not lie in the memory of what the branches give.
// CHECK-LABEL: func.func @zeros_of_a_branch
// CHECK:         %[[REFERENCE:.*]], %[[RESULT:.*]] = plan.new_tensor()
// CHECK:         %[[OTHER:.*]], %[[BUFFER:.*]] = plan.new_tensor()
// CHECK:         %[[ZEROS:.*]] = memref.alloc()
// CHECK:         linalg.fill ins(%{{.*}}) outs(%[[ZEROS]]
// CHECK:         %[[CHOICE:.*]] = scf.if
// CHECK:           scf.yield %[[ZEROS]]
// CHECK:         memref.copy %[[CHOICE]], %[[BUFFER]]
// CHECK:         plan.launch @k ins(%[[ZEROS]]{{.*}} outs(%[[RESULT]]
func.func @zeros_of_a_branch(%arg0: !ts.tensor<[4], f32>, %c: i1) -> (!ts.tensor<[4], f32>, !ts.tensor<[4], f32>) {
  %x = ts.read %arg0 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %choice = scf.if %c -> (tensor<4xf32>) {
    %r = plan.launch @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %r : tensor<4xf32>
  } else {
    scf.yield %zeros : tensor<4xf32>
  }
  %y = ts.from_value %choice : tensor<4xf32> -> !ts.tensor<[4], f32>
  %s = plan.launch @k ins(%zeros : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %z = ts.from_value %s : tensor<4xf32> -> !ts.tensor<[4], f32>
  return %y, %z : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
}

// -----

// What two results begin with is computed in the memory of neither.
// CHECK-LABEL: func.func @begin_with_one
// CHECK: %{{.*}}, %[[FIRST:.*]] = plan.new_tensor
// CHECK: %{{.*}}, %[[SECOND:.*]] = plan.new_tensor
// CHECK: linalg.fill ins(%{{.*}}) outs(%[[FILL:alloc.*]] :
// CHECK-NOT: memref.copy %[[FIRST]]
// CHECK-NOT: memref.copy %[[SECOND]]
// CHECK: return
func.func @begin_with_one(%v: f32, %i: index) -> (!ts.tensor<[2], f32>, !ts.tensor<[2], f32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %empty = tensor.empty() : tensor<2xf32>
  %fill = linalg.fill ins(%v : f32) outs(%empty : tensor<2xf32>) -> tensor<2xf32>
  %a = scf.for %k = %c0 to %c2 step %c1 iter_args(%t = %fill) -> (tensor<2xf32>) {
    %n = tensor.insert %v into %t[%i] : tensor<2xf32>
    scf.yield %n : tensor<2xf32>
  }
  %b = scf.for %k = %c0 to %c2 step %c1 iter_args(%t = %fill) -> (tensor<2xf32>) {
    %e = tensor.extract %t[%k] : tensor<2xf32>
    %n = tensor.insert %e into %t[%i] : tensor<2xf32>
    scf.yield %n : tensor<2xf32>
  }
  %x = ts.from_value %a : tensor<2xf32> -> !ts.tensor<[2], f32>
  %y = ts.from_value %b : tensor<2xf32> -> !ts.tensor<[2], f32>
  return %x, %y : !ts.tensor<[2], f32>, !ts.tensor<[2], f32>
}

// -----

func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) attributes {plan.kernel} { return }

// What may be a view is read from where its elements lie in order, and written back to where they are.
// CHECK-LABEL: func.func @strided
// CHECK:         %[[IN:.*]] = plan.gather %arg0
// CHECK:         %[[X:.*]] = plan.tensor_data %[[IN]]
// CHECK:         plan.launch @k ins(%[[X]]
// CHECK:         %[[OUT:.*]] = plan.gather %arg1
// CHECK:         %[[Y:.*]] = plan.tensor_data %[[OUT]]
// CHECK:         memref.copy %{{.*}}, %[[Y]]
// CHECK:         plan.scatter %[[OUT]], %arg1
func.func @strided(%arg0: !ts.tensor<[4], f32>, %arg1: !ts.tensor<[4], f32>) {
  %x = ts.read %arg0 {strided} : !ts.tensor<[4], f32> -> tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %r = plan.launch @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  ts.write %arg1, %r {strided} : !ts.tensor<[4], f32>, tensor<4xf32>
  return
}

// -----

// Tensors that an iteration exchanges are set aside before either is overwritten.
// CHECK-LABEL: func.func @exchanged
// CHECK:         %[[A:.*]] = memref.alloc()
// CHECK:         %[[B:.*]] = memref.alloc()
// CHECK:         scf.for
// CHECK:           %[[FIRST:.*]] = memref.alloc()
// CHECK:           memref.copy %[[B]], %[[FIRST]]
// CHECK:           %[[SECOND:.*]] = memref.alloc()
// CHECK:           memref.copy %[[A]], %[[SECOND]]
// CHECK:           memref.copy %[[FIRST]], %[[A]]
// CHECK:           memref.copy %[[SECOND]], %[[B]]
func.func @exchanged(%arg0: !ts.tensor<[4], f32>, %arg1: !ts.tensor<[4], f32>, %n: i64) -> !ts.tensor<[4], f32> {
  %x = ts.read %arg0 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %y = ts.read %arg1 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %y) -> (tensor<4xf32>, tensor<4xf32>) : i64 {
    scf.yield %b, %a : tensor<4xf32>, tensor<4xf32>
  }
  %z = ts.from_value %r#0 : tensor<4xf32> -> !ts.tensor<[4], f32>
  return %z : !ts.tensor<[4], f32>
}

// -----

func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) attributes {plan.kernel} { return }

// A write before a raise overwrites nothing that is read where nothing is raised: only what is written next is set aside.
// CHECK-LABEL: func.func @raising
// CHECK-DAG:     %[[X:.*]] = plan.tensor_data %arg0
// CHECK-DAG:     %[[Y:.*]] = plan.tensor_data %arg1
// CHECK-NOT:     memref.copy
// CHECK:         scf.if
// CHECK-NEXT:      memref.copy %{{.*}}, %[[X]]
// CHECK-NEXT:      ts.raise
// CHECK:         plan.launch @k ins(%[[X]]
func.func @raising(%arg0: !ts.tensor<[4], f32>, %arg1: !ts.tensor<[4], f32>, %c: i1, %m: !ts.str, %n: !ts.none) {
  %x = ts.read %arg0 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %y = ts.read %arg1 : !ts.tensor<[4], f32> -> tensor<4xf32>
  scf.if %c {
    ts.write %arg0, %y : !ts.tensor<[4], f32>, tensor<4xf32>
    ts.raise %m, %n : !ts.str, !ts.none
  }
  %e = tensor.empty() : tensor<4xf32>
  %r = plan.launch @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  ts.write %arg1, %r : !ts.tensor<[4], f32>, tensor<4xf32>
  return
}

// -----

// CHECK-LABEL: func.func @raising_exchanged
// CHECK:         %[[OLD:.*]] = memref.alloc()
// CHECK:         scf.if
// CHECK:           ts.raise
func.func @raising_exchanged(%arg0: !ts.tensor<[4], f32>, %arg1: !ts.tensor<[4], f32>, %c: i1, %m: !ts.str, %n: !ts.none) {
  %x = ts.read %arg0 : !ts.tensor<[4], f32> -> tensor<4xf32>
  %y = ts.read %arg1 : !ts.tensor<[4], f32> -> tensor<4xf32>
  scf.if %c {
    ts.write %arg0, %y : !ts.tensor<[4], f32>, tensor<4xf32>
    ts.write %arg1, %x : !ts.tensor<[4], f32>, tensor<4xf32>
    ts.raise %m, %n : !ts.str, !ts.none
  }
  return
}
