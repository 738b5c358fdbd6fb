// RUN: wick-opt %s --convert-plan-to-llvm --reconcile-unrealized-casts --split-input-file | FileCheck %s

// CHECK: module attributes {plan.sources = [], plan.weights = [{offset = 0 : i64, strides = array<i64: 4, 1>, type = tensor<2x4xf32>, weight = @w}]}
plan.weight @w file "model.pt" offset 0 bytes 32

// Bare pointers, then the dynamic dims of each buffer.
// CHECK-LABEL: llvm.func hidden @k(
// CHECK-SAME:    %arg0: !llvm.ptr, %arg1: !llvm.ptr {llvm.noalias{{.*}}}, %arg2: f32, %arg3: !llvm.ptr {llvm.noalias{{.*}}}, %arg4: i64)
func.func private @k(%w: memref<2x4xf32>, %s: f32, %y: memref<?x4xf32>) attributes {plan.kernel} { return }

// CHECK-LABEL: llvm.func hidden @forward(
// CHECK-SAME:    %[[CTX:.*]]: !llvm.ptr, %[[ARGS:.*]]: !llvm.ptr, %[[RESULTS:.*]]: !llvm.ptr) -> i32
// CHECK:         llvm.call @k(%[[CTX]],
// CHECK:         llvm.return %{{.*}} : i32
func.func @forward(%n: i64) -> (!ts.tensor<[s0, 4], f32>, i1) {
  %d = arith.index_cast %n : i64 to index
  %y, %m = plan.new_tensor(%d) : !ts.tensor<[s0, 4], f32>, memref<?x4xf32>
  %w = plan.weight_ref @w offset 0 strides [4, 1] : memref<2x4xf32>
  %one = arith.constant 1.0 : f32
  plan.launch @k ins(%w, %one : memref<2x4xf32>, f32) outs(%m : memref<?x4xf32>)
  %true = arith.constant true
  return %y, %true : !ts.tensor<[s0, 4], f32>, i1
}

// CHECK: llvm.mlir.global private constant @wick_entries()
// CHECK:   llvm.mlir.addressof @forward
// CHECK: llvm.mlir.global external constant @wick_module()

// -----

// The captures travel in memory; the work function has arguments of its own.
// CHECK-LABEL: llvm.func hidden @work(%arg0: !llvm.ptr, %arg1: !llvm.ptr {{.*}}, %arg2: i64, %arg3: i64, %arg4: i64)
func.func private @work(%x: memref<?xf32>, %begin: index, %end: index) attributes {plan.work} { return }

// CHECK-LABEL: llvm.func hidden @work_range(%arg0: !llvm.ptr, %arg1: i64, %arg2: i64)
// CHECK:         llvm.call @work(%{{.*}}, %{{.*}}, %arg1, %arg2, %{{.*}})
// CHECK-LABEL: llvm.func hidden @k
// CHECK:         llvm.alloca
// CHECK:         llvm.mlir.addressof @work_range
// CHECK:         llvm.call
func.func private @k(%x: memref<?xf32>, %n: index) attributes {plan.kernel} {
  plan.parallel @work to %n (%x) : memref<?xf32>
  return
}

// -----

// Calls come before what they call. Functions that the compiler adds are no place, nor are the names of values.
// CHECK: plan.sources = {{\[\[}}"model.py", 9, 1, "y = f(x)", "forward", -1], ["model.py", 7, 3, "", "f", 0], ["model.py", 9, 2, "y = f(x)", "", -1]]
// CHECK-LABEL: llvm.func hidden @raises
// CHECK:         %[[STATUS:.*]] = llvm.call %{{.*}}(%arg0, %{{.*}}) : !llvm.ptr, (!llvm.ptr, i32, !llvm.ptr, i64, !llvm.ptr, i64, i32) -> i32
// CHECK:         llvm.return %[[STATUS]]
func.func @raises(%c: i1) {
  %message = ts.str "no"
  %none = ts.none
  cf.cond_br %c, ^first, ^second
^first:
  ts.raise %message, %none : !ts.str, !ts.none loc(callsite(fused<"f">["model.py":7:3] at fused<"forward">["model.py":9:1]))
  return
^second:
  ts.raise %message, %none : !ts.str, !ts.none loc(callsite("<wick>/Numbers.py":1:1 at "y"("model.py":9:2)))
  return
}
ts.source_lines "model.py" [8, 9] ["x = 1", "y = f(x)"]
