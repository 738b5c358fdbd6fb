// RUN: wick-opt %s --pass-pipeline="builtin.module(func.func(plan-insert-polls))" | FileCheck %s

// A loop that only computes runs in chunks, between which the poll stands.
// CHECK-LABEL: func.func @counted
// CHECK-SAME:    (%[[N:.*]]: i64)
// CHECK-DAG:     %[[STRIDE:.*]] = arith.muli %c1_i64, %c4096_i64
// CHECK:         %[[R:.*]] = scf.for %[[O:.*]] = %c0_i64 to %[[N]] step %[[STRIDE]] iter_args(%[[A:.*]] = %c0_i64)
// CHECK-NEXT:      plan.poll
// CHECK-NEXT:      %[[LEFT:.*]] = arith.subi %[[N]], %[[O]]
// CHECK-NEXT:      %[[CHUNK:.*]] = arith.minui %[[LEFT]], %[[STRIDE]]
// CHECK-NEXT:      %[[END:.*]] = arith.addi %[[O]], %[[CHUNK]]
// CHECK-NEXT:      %[[I:.*]] = scf.for %{{.*}} = %[[O]] to %[[END]] step %c1_i64 iter_args(%{{.*}} = %[[A]])
// CHECK-NOT:         plan.poll
// CHECK:           scf.yield %[[I]]
// CHECK:         return %[[R]]
func.func @counted(%n: i64) -> i64 {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %c0) -> i64 : i64 {
    %b = arith.addi %a, %i : i64
    scf.yield %b : i64
  }
  return %r : i64
}

// As does the innermost of loops over elements.
// CHECK-LABEL: func.func @elements
// CHECK:         scf.for
// CHECK-NEXT:      plan.poll
// CHECK:           scf.for
// CHECK-NEXT:        plan.poll
// CHECK:             scf.for
// CHECK-NOT:           plan.poll
// CHECK:               memref.load
// CHECK:         return
func.func @elements(%m: memref<?x?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    scf.for %j = %c0 to %n step %c1 {
      %x = memref.load %m[%i, %j] : memref<?x?xf32>
      %y = arith.addf %x, %x : f32
      memref.store %y, %m[%j, %i] : memref<?x?xf32>
    }
  }
  return
}

// CHECK-LABEL: func.func @calls
// CHECK:         scf.for
// CHECK-NEXT:      plan.poll
// CHECK-NEXT:      ts.print
// CHECK:         scf.while
// CHECK:         } do {
// CHECK:           plan.poll
func.func @calls(%n: i64, %c: i1) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  scf.for %i = %c0 to %n step %c1 : i64 {
    ts.print %i : i64
  }
  scf.while : () -> () {
    scf.condition(%c)
  } do {
    scf.yield
  }
  return
}

// Few iterations, and kernels.
// CHECK-LABEL: func.func @short
// CHECK-NOT:     plan.poll
func.func @short() {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c9 = arith.constant 9 : i64
  scf.for %i = %c0 to %c9 step %c1 : i64 {
    ts.print %i : i64
  }
  return
}

func.func private @kernel(%n: index) attributes {plan.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
  }
  return
}

// Tasks poll as entries do.
// CHECK-LABEL: func.func private @task
// CHECK:         plan.poll
func.func private @task(%n: i64) -> i64 attributes {plan.task} {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %c0) -> i64 : i64 {
    %b = arith.addi %a, %i : i64
    scf.yield %b : i64
  }
  return %r : i64
}
