// RUN: wick-opt %s --ts-simplify-program | FileCheck %s

ts.schema @"prim::dtype" "" arguments ["a"] writes [] aliases []
ts.schema @"prim::itemsize" "" arguments ["a"] writes [] aliases []
ts.schema @"aten::promote_types" "" arguments ["type1", "type2"] writes [] aliases []
ts.schema @"aten::can_cast" "" arguments ["from_", "to"] writes [] aliases []

// What is asked of dtypes is told, or looked up in a table once the number is known.
// CHECK-LABEL: func.func @dtypes
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<*, bf16>, %[[D:.*]]: i64)
// CHECK-DAG: %[[SIZES:.*]] = ts.list_construct %c1_i64, %c1_i64, %c2_i64, %c4_i64, %c8_i64
// CHECK-DAG: %[[SIZE:.*]] = ts.operator @"aten::__getitem__.t"(%[[SIZES]], %[[D]])
// CHECK: return %[[D]], %[[SIZE]], %c9_i64, %false
func.func @dtypes(%x: !ts.tensor<*, bf16>, %d: i64) -> (i64, i64, i64, i1) {
  %complex_half = arith.constant 8 : i64
  %int64 = arith.constant 4 : i64
  %none = ts.none
  %y = aten.zeros_like %x, %d : (!ts.tensor<*, bf16>, i64) -> !ts.tensor
  %given = ts.operator @"prim::dtype"(%y) : (!ts.tensor) -> i64
  %size = ts.operator @"prim::itemsize"(%y) : (!ts.tensor) -> i64
  %own = ts.operator @"prim::dtype"(%x) : (!ts.tensor<*, bf16>) -> i64
  %both = ts.operator @"aten::promote_types"(%own, %complex_half) : (i64, i64) -> i64
  %fits = ts.operator @"aten::can_cast"(%own, %int64) : (i64, i64) -> i1
  return %given, %size, %both, %fits : i64, i64, i64, i1
}
