// RUN: wick-opt %s --ts-infer-types="inputs=x=2x?x9xf32" | FileCheck %s

// A window that only run time knows leaves the dims before those of space as they are.
// CHECK-LABEL: func.func @window(
// CHECK: aten.avg_pool {{.*}} -> !ts.tensor<[2, s0, ?], f32>
func.func @window(%x: !ts.tensor {ts.name = "x"}, %size: i64) -> !ts.tensor {
  %false = arith.constant false
  %c0 = arith.constant 0 : i64
  %none = ts.none
  %window = ts.list_construct %size : (i64) -> !ts.list<i64>
  %padding = ts.list_construct %c0 : (i64) -> !ts.list<i64>
  %y = aten.avg_pool %x, %window, %window, %padding, %false, %false, %none
    : (!ts.tensor, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1, i1, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}
