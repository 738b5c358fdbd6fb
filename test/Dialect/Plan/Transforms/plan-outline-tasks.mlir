// RUN: wick-opt %s --plan-outline-tasks --split-input-file | FileCheck %s

// Two forks: each is a task with copies of what is cheap. What the method computes meanwhile runs before them.
// CHECK-LABEL: func.func @two
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<[8], f32>, %[[N:.*]]: i64)
// CHECK: %[[D:.*]] = linalg.generic
// CHECK-NOT: scf.for
// CHECK: %[[R:.*]] = ts.from_value %[[D]]
// CHECK: %[[T:.*]]:2 = plan.run_tasks [@two_task, @two_task_0](%[[X]], %[[N]], %[[R]], %[[N]]) counts [2, 2] to [1, 1]
// CHECK: ts.read %[[T]]#0
// CHECK: ts.read %[[T]]#1
// CHECK: func.func private @two_task_0(%{{.*}}: !ts.tensor<[8], f32>, %{{.*}}: i64) -> !ts.tensor<[8], f32> attributes {plan.task}
// CHECK: scf.for
// CHECK: func.func private @two_task(
// CHECK-DAG: %[[C:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[A:.*]] = ts.read
// CHECK: %[[L:.*]] = scf.for %{{.*}} = %[[C]] {{.*}} iter_args(%{{.*}} = %[[A]])
// CHECK: %[[O:.*]] = ts.from_value %[[L]]
// CHECK: return %[[O]]
#id = affine_map<(d0) -> (d0)>
func.func @two(%arg0: !ts.tensor<[8], f32>, %n: i64) -> !ts.tensor<[8], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %x = ts.read %arg0 : !ts.tensor<[8], f32> -> tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %x) -> (tensor<8xf32>) : i64 {
    %s = linalg.add ins(%h, %x : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32> loc(#fork0)
    scf.yield %s : tensor<8xf32> loc(#fork0)
  } loc(#fork0)
  %d = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.mulf %in, %in : f32
    linalg.yield %m : f32
  } -> tensor<8xf32>
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %d) -> (tensor<8xf32>) : i64 {
    %s = linalg.add ins(%h, %d : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32> loc(#fork1)
    scf.yield %s : tensor<8xf32> loc(#fork1)
  } loc(#fork1)
  %y = linalg.add ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %r = ts.from_value %y : tensor<8xf32> -> !ts.tensor<[8], f32>
  return %r : !ts.tensor<[8], f32>
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])
#fork1 = loc(fused<1>[#file])

// -----

// Code of the method behind the forks is a task too, up to where it uses what they give. What only a task uses, as the
// difference here, is nowhere else.
// CHECK-LABEL: func.func @beside
// CHECK-NOT: arith.subi
// CHECK: %[[T:.*]]:2 = plan.run_tasks [@beside_task, @beside_task_0](%{{.*}}, %{{.*}}) counts [1, 1] to [1, 1] : (i64, i64) -> (i64, i64)
// CHECK-NEXT: arith.addi %[[T]]#0, %[[T]]#1
func.func @beside(%n: i64) -> i64 {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %m = arith.subi %n, %c1 : i64
  ts.print %n : i64
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %m) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork0)
    scf.yield %s : i64 loc(#fork0)
  } loc(#fork0)
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %c1) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64
    scf.yield %s : i64
  }
  %y = arith.addi %a, %b : i64
  return %y : i64
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])

// -----

// Without loops, several products or sums are worth it too.
// CHECK-LABEL: func.func @products
// CHECK-NOT: linalg.matmul
// CHECK: plan.run_tasks [@products_task, @products_task_0]
// CHECK-NOT: linalg.matmul
// CHECK: func.func private @products_task_0(
// CHECK-COUNT-4: linalg.matmul
// CHECK: func.func private @products_task(
func.func @products(%arg0: !ts.tensor<[8, 8], f32>, %n: i64) -> (i64, tensor<8x8xf32>) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %x = ts.read %arg0 : !ts.tensor<[8, 8], f32> -> tensor<8x8xf32>
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %n) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork0)
    scf.yield %s : i64 loc(#fork0)
  } loc(#fork0)
  %p = linalg.matmul ins(%x, %x : tensor<8x8xf32>, tensor<8x8xf32>) outs(%x : tensor<8x8xf32>) -> tensor<8x8xf32>
  %q = linalg.matmul ins(%p, %x : tensor<8x8xf32>, tensor<8x8xf32>) outs(%x : tensor<8x8xf32>) -> tensor<8x8xf32>
  %r = linalg.matmul ins(%q, %x : tensor<8x8xf32>, tensor<8x8xf32>) outs(%x : tensor<8x8xf32>) -> tensor<8x8xf32>
  %s = linalg.matmul ins(%r, %x : tensor<8x8xf32>, tensor<8x8xf32>) outs(%x : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %a, %s : i64, tensor<8x8xf32>
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])

// -----

// A cheap operation behind a check of its fork moves behind the tasks where others use it, and so do cheap ones that use
// it. Its copy in a task stands behind the check there.
// CHECK-LABEL: func.func @checks
// CHECK-SAME: (%[[N:.*]]: i64, %[[M:.*]]: i64)
// CHECK-NOT: arith.muli
// CHECK: plan.run_tasks
// CHECK: %[[P:.*]] = arith.muli %[[N]], %[[M]]
// CHECK: arith.subi %[[P]], %[[M]]
// CHECK: func.func private @checks_task(
// CHECK: scf.if
// CHECK: ts.raise
// CHECK: arith.muli
// CHECK: scf.for
func.func @checks(%n: i64, %m: i64) -> (i64, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %none = ts.none
  %text = ts.str "too many"
  %bad = arith.cmpi sgt, %n, %m : i64 loc(#fork0)
  scf.if %bad {
    ts.raise %text, %none : !ts.str, !ts.none loc(#fork0)
  } loc(#fork0)
  %p = arith.muli %n, %m : i64 loc(#fork0)
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %p) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork0)
    scf.yield %s : i64 loc(#fork0)
  } loc(#fork0)
  %q = arith.subi %p, %m : i64
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %c1) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork1)
    scf.yield %s : i64 loc(#fork1)
  } loc(#fork1)
  %y = arith.addi %a, %b : i64
  return %y, %q : i64, i64
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])
#fork1 = loc(fused<1>[#file])

// -----

// A list that a task has made is its own to change; one that it is given is not.
// CHECK-LABEL: func.func @lists
// CHECK: scf.for
// CHECK: plan.run_tasks [@lists_task, @lists_task_0]
// CHECK-SAME: -> (!ts.list<i64>, i64)
// CHECK-NOT: plan.run_tasks
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0, 1]
func.func @lists(%given: !ts.list<i64>, %n: i64) -> (!ts.list<i64>, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  scf.for %i = %c0 to %n step %c1 : i64 {
    %l = ts.operator @"aten::append.t"(%given, %i) : (!ts.list<i64>, i64) -> !ts.list<i64> loc(#fork0)
  } loc(#fork0)
  %own = ts.list_construct : () -> !ts.list<i64> loc(#fork1)
  scf.for %i = %c0 to %n step %c1 : i64 {
    %l = ts.operator @"aten::append.t"(%own, %i) : (!ts.list<i64>, i64) -> !ts.list<i64> loc(#fork1)
  } loc(#fork1)
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %c1) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork2)
    scf.yield %s : i64 loc(#fork2)
  } loc(#fork2)
  return %own, %b : !ts.list<i64>, i64
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])
#fork1 = loc(fused<1>[#file])
#fork2 = loc(fused<2>[#file])

// -----

// What depends on the order stays: results of one fork in the other, prints, writes; and so does what is short.
// CHECK-LABEL: func.func @dependent
// CHECK-NOT: plan.run_tasks
// CHECK-LABEL: func.func @prints
// CHECK-NOT: plan.run_tasks
// CHECK-LABEL: func.func @writes
// CHECK-NOT: plan.run_tasks
// CHECK-LABEL: func.func @short
// CHECK-NOT: plan.run_tasks
func.func @dependent(%n: i64) -> i64 {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %n) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork0)
    scf.yield %s : i64 loc(#fork0)
  } loc(#fork0)
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %a) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork1)
    scf.yield %s : i64 loc(#fork1)
  } loc(#fork1)
  return %b : i64
}
func.func @prints(%n: i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  scf.for %i = %c0 to %n step %c1 : i64 {
    ts.print %i : i64 loc(#fork0)
  } loc(#fork0)
  scf.for %i = %c0 to %n step %c1 : i64 {
    ts.print %i : i64 loc(#fork1)
  } loc(#fork1)
  return
}
func.func @writes(%x: !ts.tensor<[8], f32>, %n: i64) -> (i64, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %e = arith.constant dense<1.0> : tensor<8xf32>
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %n) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork0)
    scf.yield %s : i64 loc(#fork0)
  } loc(#fork0)
  ts.write %x, %e : !ts.tensor<[8], f32>, tensor<8xf32>
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %c1) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork1)
    scf.yield %s : i64 loc(#fork1)
  } loc(#fork1)
  return %a, %b : i64, i64
}
func.func @short(%arg0: !ts.tensor<[8], f32>) -> !ts.tensor<[8], f32> {
  %x = ts.read %arg0 : !ts.tensor<[8], f32> -> tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %a = linalg.add ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32> loc(#fork0)
  %b = linalg.mul ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32> loc(#fork1)
  %y = linalg.add ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %r = ts.from_value %y : tensor<8xf32> -> !ts.tensor<[8], f32>
  return %r : !ts.tensor<[8], f32>
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])
#fork1 = loc(fused<1>[#file])

// -----

// A tensor that something writes is passed by its value; forks within a fork make a group in its task.
// CHECK-LABEL: func.func @inner
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<[8], f32>
// CHECK: %[[V:.*]] = ts.read %[[X]]
// CHECK: ts.write
// CHECK: %[[R:.*]] = ts.from_value %[[V]]
// CHECK: plan.run_tasks [@inner_task, @inner_task_0](
// CHECK-SAME: %[[R]]
// CHECK: func.func private @inner_task(
// CHECK: plan.run_tasks [@inner_task_task, @inner_task_task_1]
func.func @inner(%x: !ts.tensor<[8], f32>, %n: i64) -> (tensor<8xf32>, i64, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %e = arith.constant dense<1.0> : tensor<8xf32>
  %v = ts.read %x : !ts.tensor<[8], f32> -> tensor<8xf32>
  ts.write %x, %e : !ts.tensor<[8], f32>, tensor<8xf32>
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %v) -> (tensor<8xf32>) : i64 {
    %s = linalg.add ins(%h, %h : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32> loc(#fork1)
    scf.yield %s : tensor<8xf32> loc(#fork1)
  } loc(#fork1)
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %c1) -> (i64) : i64 {
    %s = arith.muli %h, %i : i64 loc(#fork2)
    scf.yield %s : i64 loc(#fork2)
  } loc(#fork2)
  %d = scf.for %i = %c0 to %b step %c1 iter_args(%h = %a) -> (tensor<8xf32>) : i64 {
    scf.yield %h : tensor<8xf32> loc(#fork0)
  } loc(#fork0)
  %c = scf.for %i = %c0 to %n step %c1 iter_args(%h = %c1) -> (i64) : i64 {
    %s = arith.addi %h, %i : i64 loc(#fork3)
    scf.yield %s : i64 loc(#fork3)
  } loc(#fork3)
  return %d, %b, %c : tensor<8xf32>, i64, i64
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])
#fork1 = loc(fused<1>[#fork0])
#fork2 = loc(fused<2>[#fork0])
#fork3 = loc(fused<3>[#file])

// -----

// Sizes of the method's arguments are known by their tensors.
// CHECK-LABEL: func.func @sizes
// CHECK: plan.run_tasks [@sizes_task, @sizes_task_0](%arg1, %arg0, %arg0, %arg1)
// CHECK: func.func private @sizes_task_0(%{{.*}}: !ts.tensor<[s0, 4], f32>, %{{.*}}: i64)
// CHECK-SAME: ts.symbols = {{\[}}[0, 0]]
// CHECK: ts.symbol 0
func.func @sizes(%x: !ts.tensor<[s0, 4], f32>, %n: i64) -> (tensor<?x4xf32>, index) attributes {ts.symbols = [[0, 0]]} {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %v = ts.read %x : !ts.tensor<[s0, 4], f32> -> tensor<?x4xf32>
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%h = %v) -> (tensor<?x4xf32>) : i64 {
    scf.yield %h : tensor<?x4xf32> loc(#fork0)
  } loc(#fork0)
  %s = ts.symbol 0 loc(#fork1)
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%h = %s) -> (index) : i64 {
    %p = arith.muli %h, %s : index loc(#fork1)
    scf.yield %p : index loc(#fork1)
  } loc(#fork1)
  return %a, %b : tensor<?x4xf32>, index
}
#file = loc("model.py":1:1)
#fork0 = loc(fused<0>[#file])
#fork1 = loc(fused<1>[#file])
