// RUN: wick-opt %s --pass-pipeline="builtin.module(func.func(aten-name-sizes))" | FileCheck %s
// RUN: wick-opt %s --pass-pipeline="builtin.module(func.func(aten-name-sizes),convert-aten-to-linalg)" | FileCheck %s --check-prefix=LINALG

// A size that data decides gets a symbol behind those of the arguments; what is computed from it follows.
// CHECK-LABEL: func.func @data
// CHECK: %[[I:.*]] = aten.nonzero
// CHECK: %[[N:.*]] = tensor.cast %[[I]] : tensor<?x1xi64, #ts.dims<[?, 1]>> to tensor<?x1xi64, #ts.dims<[s1, 1]>>
// CHECK: ts.bind_symbol 1 = %[[N]][0]
// CHECK: %[[Y:.*]] = aten.neg %[[N]] : {{.*}} -> tensor<?x1xi64, #ts.dims<[s1, 1]>>
// CHECK: tensor.cast %[[Y]] : tensor<?x1xi64, #ts.dims<[s1, 1]>> to tensor<?x1xi64, #ts.dims<[?, 1]>>
// LINALG-LABEL: func.func @data
// LINALG-NOT: ts.symbol 1
// LINALG-NOT: ts.bind_symbol
// LINALG: tensor.dim
// LINALG: linalg.generic
// LINALG-NOT: ts.symbol 1
func.func @data(%x: tensor<?xf32, #ts.dims<[s0]>>) -> tensor<?x1xi64, #ts.dims<[?, 1]>> attributes {ts.symbols = [[0, 0]]} {
  %i = aten.nonzero %x : (tensor<?xf32, #ts.dims<[s0]>>) -> tensor<?x1xi64, #ts.dims<[?, 1]>>
  %y = aten.neg %i : (tensor<?x1xi64, #ts.dims<[?, 1]>>) -> tensor<?x1xi64, #ts.dims<[?, 1]>>
  return %y : tensor<?x1xi64, #ts.dims<[?, 1]>>
}

// A size that is given as a number, which the operator checks: a tensor without elements carries it.
// CHECK-LABEL: func.func @given
// CHECK-SAME: %[[N:[a-z0-9]+]]: i64)
// CHECK: %[[SIZE:.*]] = arith.index_cast %[[N]]
// CHECK: %[[E:.*]] = tensor.empty(%[[SIZE]])
// CHECK: ts.bind_symbol 0 = %[[E]][0]
// CHECK: aten.adaptive_avg_pool {{.*}} -> tensor<1x2x?xf32, #ts.dims<[1, 2, s0]>>
// LINALG-LABEL: func.func @given
// LINALG-NOT: ts.bind_symbol
func.func @given(%x: tensor<1x2x12xf32>, %n: i64) -> tensor<1x2x?xf32, #ts.dims<[1, 2, ?]>> {
  %l = ts.list_construct %n : (i64) -> !ts.list<i64>
  %y = aten.adaptive_avg_pool %x, %l : (tensor<1x2x12xf32>, !ts.list<i64>) -> tensor<1x2x?xf32, #ts.dims<[1, 2, ?]>>
  return %y : tensor<1x2x?xf32, #ts.dims<[1, 2, ?]>>
}
