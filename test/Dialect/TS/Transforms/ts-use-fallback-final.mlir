// RUN: wick-opt %s --ts-use-fallback=final --split-input-file | FileCheck %s

// What works on a tensor of unknown rank is left to LibTorch, up to the numbers.
// CHECK-LABEL: func @unknown
// CHECK-SAME: %[[SIZES:.*]]: !ts.list<i64>
func.func @unknown(%sizes: !ts.list<i64>) -> (!ts.tensor, i64, f64) {
  %none = ts.none
  %c0 = arith.constant 0 : i64
  // CHECK: %[[ONES:.*]] = ts.fallback ["aten::ones"] ["size", "dtype"](%[[SIZES]], %{{.*}}) aliases [] : {{.*}} -> !ts.tensor
  %x = aten.ones %sizes, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  // CHECK: %[[Y:.*]] = ts.fallback ["aten::relu"] ["self"](%[[ONES]]) aliases [] : (!ts.tensor<*, f32>) -> !ts.tensor
  %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
  // CHECK: %[[T:.*]] = ts.fallback ["aten::t"] ["self"](%[[Y]]) aliases [0] : (!ts.tensor) -> !ts.tensor
  %t = aten.t %y : (!ts.tensor) -> !ts.tensor
  // CHECK: %[[N:.*]] = ts.fallback ["aten::size.int"] ["self", "dim"](%[[T]], %{{.*}}) aliases [] : (!ts.tensor, i64) -> i64
  %n = ts.size %t, %c0 : !ts.tensor
  // CHECK: %[[F:.*]] = ts.fallback ["aten::Float.Tensor"] ["self"](%[[T]]) aliases [] : (!ts.tensor) -> f64
  %f = ts.item %t : !ts.tensor -> f64
  // CHECK: return %[[T]], %[[N]], %[[F]]
  return %t, %n, %f : !ts.tensor, i64, f64
}
