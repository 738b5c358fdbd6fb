// RUN: wick-opt %s --allow-unregistered-dialect --pass-pipeline='builtin.module(func.func(plan-place-scratch{stack-bytes=256}))' | FileCheck %s

// CHECK-LABEL: func.func private @k
// CHECK:         %[[SMALL:.*]] = memref.alloca() {alignment = 64 : i64} : memref<64xf32>
// CHECK:         %[[LARGE:.*]] = memref.alloc() {alignment = 64 : i64} : memref<65xf32>
// CHECK:         scf.for
// CHECK-NOT:       memref.alloc
// CHECK:           %[[OWN:.*]] = memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?xf32>
// CHECK:           memref.dealloc %[[OWN]]
// CHECK:         }
// CHECK:         memref.dealloc %[[LARGE]]
// CHECK-NEXT:    return
func.func private @k(%n: index) attributes {plan.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %a = memref.alloc() : memref<64xf32>
    %b = memref.alloc() : memref<65xf32>
    %c = memref.alloc(%i) : memref<?xf32>
    "test.use"(%a, %b, %c) : (memref<64xf32>, memref<65xf32>, memref<?xf32>) -> ()
  }
  return
}
