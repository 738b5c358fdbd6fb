// RUN: wick-opt %s --ts-run-forks --split-input-file --verify-diagnostics | FileCheck %s
// RUN: wick-opt %s --ts-run-forks --split-input-file --verify-diagnostics --mlir-print-debuginfo --mlir-print-local-scope \
// RUN:   | FileCheck %s --check-prefix=LOC

// A future is its value, in lists too. Locations tell the forks that code was in.
// LOC: arith.addi {{.*}} loc(fused<0 : i64>[
// LOC: arith.muli {{.*}} loc(fused<1 : i64>[fused<0 : i64>[
// LOC: ts.list_construct {{.*}} loc("
// CHECK-LABEL: func.func @list
// CHECK-SAME: (%[[A:.*]]: i64, %[[LIST:.*]]: !ts.list<i64>) -> !ts.list<i64>
// CHECK-NEXT: %[[B:.*]] = arith.addi %[[A]], %[[A]]
// CHECK-NEXT: %[[C:.*]] = arith.muli %[[B]], %[[A]]
// CHECK-NEXT: %[[W:.*]] = ts.unchecked_cast %[[C]] : i64 to i64
// CHECK-NEXT: ts.list_construct %[[W]], %[[A]] : (i64, i64) -> !ts.list<i64>
func.func @list(%a: i64, %list: !ts.list<!ts.future<i64>>) -> !ts.list<!ts.future<i64>> {
  %f = ts.fork (%a) : (i64) -> !ts.future<!ts.future<i64>> {
  ^bb0(%x: i64):
    %b = arith.addi %x, %x : i64
    %inner = ts.fork (%b, %x) : (i64, i64) -> !ts.future<i64> {
    ^bb0(%y: i64, %z: i64):
      %c = arith.muli %y, %z : i64
      ts.yield %c : i64
    }
    ts.yield %inner : !ts.future<i64>
  }
  %g = ts.fork (%a) : (i64) -> !ts.future<i64> {
  ^bb0(%x: i64):
    ts.yield %x : i64
  }
  %w = ts.unchecked_cast %f : !ts.future<!ts.future<i64>> to !ts.future<i64>
  %l = ts.list_construct %w, %g : (!ts.future<i64>, !ts.future<i64>) -> !ts.list<!ts.future<i64>>
  return %l : !ts.list<!ts.future<i64>>
}

// -----

func.func @ambiguous(%a: !ts.optional<i64>) -> !ts.optional<!ts.future<!ts.optional<i64>>> {
  %f = ts.fork (%a) : (!ts.optional<i64>) -> !ts.future<!ts.optional<i64>> {
  ^bb0(%x: !ts.optional<i64>):
    ts.yield %x : !ts.optional<i64>
  }
  // expected-error @below {{an optional future of what may be None is not supported}}
  %o = ts.upcast %f : !ts.future<!ts.optional<i64>> to !ts.optional<!ts.future<!ts.optional<i64>>>
  return %o : !ts.optional<!ts.future<!ts.optional<i64>>>
}
