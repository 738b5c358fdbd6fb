// RUN: wick-opt %s --convert-plan-to-llvm | FileCheck %s

// Strides are compared with those of elements in order; the runtime is called for others only.
// CHECK-LABEL: llvm.func hidden @gather
// CHECK-DAG:     %[[ONE:.*]] = llvm.mlir.constant(1 : i64)
// CHECK-DAG:     %[[FOUR:.*]] = llvm.mlir.constant(4 : i64)
// CHECK:         llvm.icmp "eq" %{{.*}}, %[[ONE]] : i64
// CHECK:         %[[ROW:.*]] = llvm.mul %[[ONE]], %[[FOUR]]
// CHECK:         %[[ROWS:.*]] = llvm.load
// CHECK:         llvm.icmp "eq" %{{.*}}, %[[ROW]] : i64
// CHECK:         llvm.icmp "eq" %[[ROWS]], %[[ONE]] : i64
// CHECK:         llvm.cond_br %{{.*}}, ^[[REST:bb[0-9]+]](%[[X:.*]] : !llvm.ptr), ^[[RARE:bb[0-9]+]]
// CHECK:       ^[[RARE]]:
// CHECK:         llvm.call %{{.*}}
// CHECK:       ^[[REST]](%{{.*}}: !llvm.ptr):
func.func @gather(%x: !ts.tensor<[s0, 4], f32>) -> !ts.tensor<[s0, 4], f32> {
  %y = plan.gather %x : !ts.tensor<[s0, 4], f32>
  return %y : !ts.tensor<[s0, 4], f32>
}

// CHECK-LABEL: llvm.func hidden @scatter
// CHECK:         %[[ISSAME:.*]] = llvm.icmp "eq" %{{.*}}, %{{.*}} : !llvm.ptr
// CHECK:         llvm.cond_br %[[ISSAME]], ^[[REST:bb[0-9]+]](%{{.*}} : !llvm.ptr), ^[[RARE:bb[0-9]+]]
// CHECK:       ^[[RARE]]:
// CHECK:         llvm.call %{{.*}}
func.func @scatter(%x: !ts.tensor<[4], f32>, %y: !ts.tensor<[4], f32>) {
  plan.scatter %x, %y : !ts.tensor<[4], f32>
  return
}
