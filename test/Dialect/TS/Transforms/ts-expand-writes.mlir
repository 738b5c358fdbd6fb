// RUN: wick-opt %s --ts-expand-writes | FileCheck %s

ts.schema @"aten::relu_" "aten::relu_(Tensor(a!) self) -> Tensor(a!)" arguments ["self"] writes [0] aliases [0]
ts.schema @"aten::copy_" "aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)" arguments ["self", "src", "non_blocking"] writes [0] aliases [0]
ts.schema @"aten::fill_.Scalar" "aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)" arguments ["self", "value"] writes [0] aliases [0]
ts.schema @"aten::zero_" "aten::zero_(Tensor(a!) self) -> Tensor(a!)" arguments ["self"] writes [0] aliases [0]
ts.schema @"my::op_" "my::op_(Tensor(a!) self, int n) -> Tensor(a!)" arguments ["self", "n"] writes [0] aliases [0]

// CHECK: ts.schema @"my::op" "my::op" arguments ["self", "n"] writes [] aliases []
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:.*]]: !ts.tensor, %[[Y:.*]]: !ts.tensor)
func.func @forward(%x: !ts.tensor, %y: !ts.tensor) -> !ts.tensor {
  %false = arith.constant false
  %c3 = arith.constant 3 : i64
  // CHECK: %[[V:.*]] = aten.relu %[[X]]
  // CHECK: ts.write %[[X]], %[[V]] {strict}
  %a = ts.operator @"aten::relu_"(%x) : (!ts.tensor) -> !ts.tensor
  // CHECK: ts.write %[[X]], %[[Y]] :
  %b = ts.operator @"aten::copy_"(%a, %y, %false) : (!ts.tensor, !ts.tensor, i1) -> !ts.tensor
  // CHECK: %[[N:.*]] = ts.number_to_tensor %c3_i64
  // CHECK: ts.write %[[X]], %[[N]] :
  %c = ts.operator @"aten::fill_.Scalar"(%b, %c3) : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: %[[Z:.*]] = ts.number_to_tensor %c0_i64
  // CHECK: ts.write %[[X]], %[[Z]] :
  %d = ts.operator @"aten::zero_"(%c) : (!ts.tensor) -> !ts.tensor
  // CHECK: %[[O:.*]] = ts.operator @"my::op"(%[[X]], %c3_i64)
  // CHECK: ts.write %[[X]], %[[O]] {strict}
  %e = ts.operator @"my::op_"(%d, %c3) : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: return %[[X]]
  return %e : !ts.tensor
}
