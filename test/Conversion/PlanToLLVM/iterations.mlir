// RUN: wick-opt %s --pass-pipeline="builtin.module(func.func(convert-scf-to-cf), convert-plan-to-llvm, reconcile-unrealized-casts, canonicalize)" | FileCheck %s

// CHECK-LABEL: llvm.func hidden @keep
// CHECK:         %[[SLOT:.*]] = llvm.alloca
// CHECK:         llvm.store
// CHECK:         %[[STATUS:.*]] = llvm.call %{{.*}}(%arg0, %[[SLOT]], %{{.*}}) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64) -> i32
// CHECK:         llvm.icmp "eq" %[[STATUS]]
// CHECK:         llvm.return %[[STATUS]]
func.func @keep(%l: !ts.list<!ts.str>, %o: !ts.optional<!ts.str>) {
  plan.keep %l, %o : !ts.list<!ts.str>, !ts.optional<!ts.str>
  return
}

// In each iteration a look at how much was made, and a call if it is more than the mark's limit.
// CHECK-LABEL: llvm.func hidden @loop
// CHECK:         llvm.call %{{.*}}(%arg0, %[[SLOT:.*]]) : !llvm.ptr, (!llvm.ptr, !llvm.ptr) -> ()
// CHECK:         %[[NUMBER:.*]] = llvm.ptrtoint %[[SLOT]]
// CHECK:         %[[MARK:.*]] = llvm.inttoptr %[[NUMBER]]
// CHECK:         %[[LIMIT:.*]] = llvm.load %[[MARK]] : !llvm.ptr -> i64
// CHECK:         %[[MADE:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i64
// CHECK:         %[[ON:.*]] = llvm.icmp "sle" %[[MADE]], %[[LIMIT]]
// CHECK:         llvm.cond_br %[[ON]], ^[[REST:.*]](%{{.*}} : !llvm.ptr), ^[[RARE:.*]]
// CHECK:       ^[[RARE]]:
// CHECK:         %[[STATUS:.*]] = llvm.call %{{.*}}(%arg0, %[[MARK]], %{{.*}}) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64, !llvm.ptr, !llvm.ptr, i64) -> i32
// CHECK:         llvm.icmp "eq" %[[STATUS]]
// CHECK:         %[[MOVED:.*]] = llvm.load %{{.*}} : !llvm.ptr -> !llvm.ptr
// CHECK:         llvm.br ^[[REST]](%[[MOVED]] : !llvm.ptr)
func.func @loop(%l: !ts.list<i64>, %n: i64) -> !ts.list<i64> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %d = arith.index_cast %n : i64 to index
  %t, %m = plan.new_tensor(%d) : !ts.tensor<[?], f32>, memref<?xf32>
  %mark = plan.mark : i64
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %l, %b = %m) -> (!ts.list<i64>, memref<?xf32>) : i64 {
    %x = ts.list_construct %i : (i64) -> !ts.list<i64>
    %next:2 = plan.release %mark(%x, %b) : (!ts.list<i64>, memref<?xf32>) -> (!ts.list<i64>, memref<?xf32>)
    scf.yield %next#0, %next#1 : !ts.list<i64>, memref<?xf32>
  }
  return %r#0 : !ts.list<i64>
}
