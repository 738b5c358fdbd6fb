// RUN: wick-opt %s --plan-outline-work | FileCheck %s

// CHECK-LABEL: func.func private @k(
// CHECK-SAME:    %[[X:.*]]: memref<?x4xf32>, %[[N:.*]]: index)
// CHECK:         plan.parallel @k_work to %[[N]](%[[X]]) : memref<?x4xf32>
// CHECK-LABEL: func.func private @k_work(
// CHECK-SAME:    %[[X:.*]]: memref<?x4xf32>, %[[BEGIN:.*]]: index, %[[END:.*]]: index) attributes {plan.work}
// CHECK-DAG:     memref.collapse_shape %[[X]]
// CHECK:         scf.for %{{.*}} = %[[BEGIN]] to %[[END]]
// CHECK:           scf.for
// CHECK-NOT:     scf.parallel
func.func private @k(%x: memref<?x4xf32>, %n: index) attributes {plan.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  %flat = memref.collapse_shape %x [[0, 1]] : memref<?x4xf32> into memref<?xf32>
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.parallel (%j) = (%c0) to (%c4) step (%c1) {
      %at = arith.addi %i, %j : index
      memref.store %zero, %flat[%at] : memref<?xf32>
    }
  }
  return
}

// Bounds and steps are applied within.
// CHECK-LABEL: func.func private @strided(
// CHECK:         %[[COUNT:.*]] = arith.ceildivsi
// CHECK:         plan.parallel @strided_work to %[[COUNT]]
// CHECK-LABEL: func.func private @strided_work(
// CHECK:         scf.for %[[I:.*]] =
// CHECK:           %[[SCALED:.*]] = arith.muli %[[I]], %{{.*}}
// CHECK:           %[[AT:.*]] = arith.addi %{{.*}}, %[[SCALED]]
// CHECK:           memref.store %{{.*}}, %{{.*}}[%[[AT]]]
func.func private @strided(%x: memref<?xf32>, %n: index) attributes {plan.kernel} {
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c3) to (%n) step (%c2) {
    memref.store %zero, %x[%i] : memref<?xf32>
  }
  return
}
