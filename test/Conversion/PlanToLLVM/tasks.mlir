// RUN: wick-opt %s --convert-plan-to-llvm --reconcile-unrealized-casts | FileCheck %s

// A task is a function as entries are, which callers do not see. The call is given an array of tasks, and ends where
// they fail; results are read from where the tasks store them.
// CHECK-LABEL: llvm.func hidden @forward(
// CHECK-DAG: %[[RESULTS:.*]] = llvm.alloca %{{.*}} x i8 {alignment = 16 : i64}
// CHECK-DAG: llvm.mlir.addressof @forward_task : !llvm.ptr
// CHECK-DAG: llvm.mlir.addressof @forward_task_0 : !llvm.ptr
// CHECK: %[[STATUS:.*]] = llvm.call %{{.*}}(%arg0, %{{.*}}, %{{.*}}) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64) -> i32
// CHECK: llvm.icmp "eq" %[[STATUS]]
// CHECK: llvm.load {{.*}} -> i64
// CHECK: llvm.load {{.*}} -> !llvm.ptr
// CHECK: llvm.func hidden @forward_task(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK: llvm.mlir.global external constant @wick_module
func.func @forward(%x: !ts.tensor<[4], f32>, %n: i64) -> (i64, !ts.tensor<[4], f32>) {
  %r:2 = plan.run_tasks [@forward_task, @forward_task_0](%n, %n, %x) counts [1, 2] to [1, 1]
      : (i64, i64, !ts.tensor<[4], f32>) -> (i64, !ts.tensor<[4], f32>)
  return %r#0, %r#1 : i64, !ts.tensor<[4], f32>
}
func.func private @forward_task(%n: i64) -> i64 attributes {plan.task} {
  return %n : i64
}
func.func private @forward_task_0(%n: i64, %x: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> attributes {plan.task} {
  return %x : !ts.tensor<[4], f32>
}
