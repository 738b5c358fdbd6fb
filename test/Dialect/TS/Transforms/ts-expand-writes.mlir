// RUN: wick-opt %s --ts-expand-writes | FileCheck %s

ts.schema @"aten::relu_" "aten::relu_(Tensor(a!) self) -> Tensor(a!)" arguments ["self"] writes [0] aliases [0]
ts.schema @"aten::copy_" "aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)" arguments ["self", "src", "non_blocking"] writes [0] aliases [0]
ts.schema @"aten::fill_.Scalar" "aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)" arguments ["self", "value"] writes [0] aliases [0]
ts.schema @"aten::zero_" "aten::zero_(Tensor(a!) self) -> Tensor(a!)" arguments ["self"] writes [0] aliases [0]
ts.schema @"my::op_" "my::op_(Tensor(a!) self, int n) -> Tensor(a!)" arguments ["self", "n"] writes [0] aliases [0]

ts.schema @"aten::sort.values_stable" "" arguments ["self", "stable", "dim", "descending", "values", "indices"] writes [4, 5] aliases [4, 5]
ts.schema @"my::two.dim_low" "" arguments ["self", "low", "high"] writes [1, 2] aliases [1, 2]

// CHECK: ts.schema @"my::two.dim" "my::two.dim" arguments ["self"] writes [] aliases []
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
  // CHECK: ts.write %[[X]], %[[N]] {may_repeat} :
  %c = ts.operator @"aten::fill_.Scalar"(%b, %c3) : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: %[[Z:.*]] = ts.number_to_tensor %c0_i64
  // CHECK: ts.write %[[X]], %[[Z]] {may_repeat} :
  %d = ts.operator @"aten::zero_"(%c) : (!ts.tensor) -> !ts.tensor
  // CHECK: %[[O:.*]] = ts.operator @"my::op"(%[[X]], %c3_i64)
  // CHECK: ts.write %[[X]], %[[O]] {strict}
  %e = ts.operator @"my::op_"(%d, %c3) : (!ts.tensor, i64) -> !ts.tensor
  // CHECK: return %[[X]]
  return %e : !ts.tensor
}

// A norm in training writes running statistics.
// CHECK-LABEL: func.func @norm
// CHECK-SAME: (%[[X:.*]]: !ts.tensor, %[[M:.*]]: !ts.tensor, %[[V:.*]]: !ts.tensor, %[[T:.*]]: i1)
func.func @norm(%x: !ts.tensor, %m: !ts.tensor, %v: !ts.tensor, %training: i1) -> (!ts.tensor, !ts.tensor) {
  %none = ts.none
  %true = arith.constant true
  %momentum = arith.constant 1.000000e-01 : f64
  %eps = arith.constant 1.000000e-05 : f64
  // CHECK: %[[NEW:.*]]:2 = ts.operator @"aten::_running_statistics"(%[[X]], %[[M]], %[[V]], %{{.*}}, %false{{.*}})
  // CHECK: ts.write %[[M]], %[[NEW]]#0 :
  // CHECK: ts.write %[[V]], %[[NEW]]#1 :
  // CHECK: %[[N:.*]] = ts.none
  // CHECK: aten.batch_norm %[[X]], %{{.*}}, %{{.*}}, %[[N]], %[[N]], %true
  %a = aten.batch_norm %x, %none, %none, %m, %v, %true, %momentum, %eps
      : (!ts.tensor, !ts.none, !ts.none, !ts.tensor, !ts.tensor, i1, f64, f64) -> !ts.tensor
  // CHECK: scf.if %[[T]]
  // CHECK:   ts.operator @"aten::_running_statistics"(%[[X]], %[[M]], %[[V]], %{{.*}}, %true
  // CHECK:   aten.instance_norm
  // CHECK: } else {
  // CHECK:   aten.instance_norm %[[X]], %{{.*}}, %{{.*}}, %[[M]], %[[V]], %false
  %b = aten.instance_norm %x, %none, %none, %m, %v, %training, %momentum, %eps
      : (!ts.tensor, !ts.none, !ts.none, !ts.tensor, !ts.tensor, i1, f64, f64) -> !ts.tensor
  return %a, %b : !ts.tensor, !ts.tensor
}

// Each of several outputs is written.
// CHECK-LABEL: func.func @outputs
// CHECK-SAME: (%[[X:.*]]: !ts.tensor, %[[V:.*]]: !ts.tensor, %[[I:.*]]: !ts.tensor)
func.func @outputs(%x: !ts.tensor, %v: !ts.tensor, %i: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  %none = ts.none
  %dim = arith.constant 1 : i64
  %down = arith.constant true
  // CHECK: %[[VALUES:.*]], %[[INDICES:.*]] = aten.sort %[[X]], %c1_i64, %true
  // CHECK: ts.write %[[V]], %[[VALUES]] {strict, ts.exact, ts.output}
  // CHECK: ts.write %[[I]], %[[INDICES]] {strict, ts.exact, ts.output}
  %a:2 = ts.operator @"aten::sort.values_stable"(%x, %none, %dim, %down, %v, %i)
      : (!ts.tensor, !ts.none, i64, i1, !ts.tensor, !ts.tensor) -> (!ts.tensor, !ts.tensor)
  // CHECK: %[[TWO:.*]]:2 = ts.operator @"my::two.dim"(%[[X]])
  // CHECK: ts.write %[[V]], %[[TWO]]#0
  // CHECK: ts.write %[[I]], %[[TWO]]#1
  %b:2 = ts.operator @"my::two.dim_low"(%x, %v, %i) : (!ts.tensor, !ts.tensor, !ts.tensor) -> (!ts.tensor, !ts.tensor)
  // CHECK: return %[[V]], %[[I]]
  return %a#0, %b#1 : !ts.tensor, !ts.tensor
}
