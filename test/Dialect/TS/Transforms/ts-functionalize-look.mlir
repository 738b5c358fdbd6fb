// RUN: wick-opt %s --ts-functionalize | FileCheck %s

ts.schema @"aten::str" "aten::str" arguments ["elem"] writes [] aliases []
ts.schema @"prim::tolist" "prim::tolist" arguments [] writes [] aliases []

// Text shows a tensor as it is where the text is made, though it is written before and after.
// CHECK-LABEL: func @text
func.func @text(%x: !ts.tensor<[3], f32>) -> !ts.str {
  %c1 = arith.constant 1 : i64
  // CHECK: %[[SUM:.*]] = aten.add
  %sum = aten.add %x, %x, %c1 : (!ts.tensor<[3], f32>, !ts.tensor<[3], f32>, i64) -> !ts.tensor<[3], f32>
  // CHECK: %[[NOW:.*]] = ts.from_value %[[SUM]]
  // CHECK: %[[TEXT:.*]] = ts.operator @"aten::str"(%[[NOW]])
  %text = ts.operator @"aten::str"(%sum) : (!ts.tensor<[3], f32>) -> !ts.str
  ts.write %sum, %x : !ts.tensor<[3], f32>, !ts.tensor<[3], f32>
  // CHECK: return %[[TEXT]]
  return %text : !ts.str
}

// CHECK-LABEL: func @list
// CHECK: ts.operator @"prim::tolist"(%{{.*}}) : (!ts.tensor<[3], i64>, i64, i64) -> !ts.list<i64>
func.func @list(%x: !ts.tensor<[3], i64>) -> !ts.list<i64> {
  %c1 = arith.constant 1 : i64
  %c0 = arith.constant 0 : i64
  %list = ts.operator @"prim::tolist"(%x, %c1, %c0) : (!ts.tensor<[3], i64>, i64, i64) -> !ts.list<i64>
  return %list : !ts.list<i64>
}
