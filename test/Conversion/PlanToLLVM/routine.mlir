// RUN: wick-opt %s --convert-plan-to-llvm --reconcile-unrealized-casts | FileCheck %s

// Descriptors of the tensors and the plain numbers, as values; a failure ends the call.
// CHECK-LABEL: llvm.func hidden @forward(
func.func @forward(%n: i64, %down: i1) {
  %d = arith.index_cast %n : i64 to index
  %r, %x = plan.new_tensor(%d) : !ts.tensor<[s0, 4], f32>, memref<?x4xf32>
  %s, %v = plan.new_tensor(%d) : !ts.tensor<[s0, 4], f32>, memref<?x4xf32>
  %t, %i = plan.new_tensor(%d) : !ts.tensor<[s0, 4], i64>, memref<?x4xi64>
  %dim = arith.constant 1 : i64
  // CHECK: %[[STATUS:.*]] = llvm.call %{{.*}}(%arg0, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) : !llvm.ptr, (!llvm.ptr, i32, !llvm.ptr, i64, !llvm.ptr, i32) -> i32
  // CHECK: llvm.icmp "eq" %[[STATUS]]
  plan.routine "sort" ins(%x, %dim, %down : memref<?x4xf32>, i64, i1) outs(%v, %i : memref<?x4xf32>, memref<?x4xi64>)
  return
}
