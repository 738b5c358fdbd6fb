// RUN: wick-opt %s --ts-use-fallback --split-input-file | FileCheck %s

ts.schema @"aten::linalg_qr" "aten::linalg_qr(Tensor A, str mode=\22reduced\22) -> (Tensor Q, Tensor R)"
    arguments ["A", "mode"] writes [] aliases []

// CHECK-LABEL: func @results
func.func @results(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  %mode = ts.str "reduced"
  // CHECK: %[[MODE:.*]] = ts.str "reduced"
  // CHECK: %[[R:.*]]:2 = ts.fallback ["aten::linalg_qr"] ["A", "mode"](%arg0, %[[MODE]]) aliases [] : (!ts.tensor, !ts.str) -> (!ts.tensor, !ts.tensor)
  %q, %r = ts.operator @"aten::linalg_qr"(%x, %mode) : (!ts.tensor, !ts.str) -> (!ts.tensor, !ts.tensor)
  // CHECK: return %[[R]]#0, %[[R]]#1
  return %q, %r : !ts.tensor, !ts.tensor
}

// -----

ts.schema @"aten::kthvalue.values" "aten::kthvalue.values(Tensor self, int k, *, Tensor(a!) values, Tensor(b!) indices) -> (Tensor(a!) values, Tensor(b!) indices)"
    arguments ["self", "k", "values", "indices"] writes [2, 3] aliases [2, 3]

// What the operator writes is stored in the tensors, which are also what it returns.
// CHECK-LABEL: func @writes
func.func @writes(%x: !ts.tensor, %k: i64, %v: !ts.tensor, %i: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  // CHECK: %[[R:.*]]:2 = ts.fallback ["aten::kthvalue.values"] ["self", "k", "values!", "indices!"](%arg0, %arg1, %arg2, %arg3)
  // CHECK: ts.write %arg2, %[[R]]#0
  // CHECK: ts.write %arg3, %[[R]]#1
  %a, %b = ts.operator @"aten::kthvalue.values"(%x, %k, %v, %i) : (!ts.tensor, i64, !ts.tensor, !ts.tensor) -> (!ts.tensor, !ts.tensor)
  // CHECK: return %arg2, %arg3
  return %a, %b : !ts.tensor, !ts.tensor
}

// -----

ts.schema @"aten::rrelu_with_noise" "aten::rrelu_with_noise(Tensor self, Tensor(b!) noise) -> Tensor"
    arguments ["self", "noise"] writes [1] aliases []

// What is written here is not what is returned.
// CHECK-LABEL: func @writes_besides
func.func @writes_besides(%x: !ts.tensor, %noise: !ts.tensor) -> !ts.tensor {
  // CHECK: %[[R:.*]]:2 = ts.fallback ["aten::rrelu_with_noise"] ["self", "noise!"](%arg0, %arg1)
  // CHECK: ts.write %arg1, %[[R]]#1
  %y = ts.operator @"aten::rrelu_with_noise"(%x, %noise) : (!ts.tensor, !ts.tensor) -> !ts.tensor
  // CHECK: return %[[R]]#0
  return %y : !ts.tensor
}

// -----

ts.schema @"aten::bernoulli.float" "aten::bernoulli.float" arguments ["self", "p", "generator"] writes [] aliases []

// The functional form may not exist; the form that the archive has then works on a copy.
// CHECK-LABEL: func @writing_form
func.func @writing_form(%x: !ts.tensor, %p: f64) -> !ts.tensor {
  %none = ts.none
  // CHECK: ts.fallback ["aten::bernoulli.float", "aten::bernoulli_.float"] ["self", "p", "generator"]
  %y = ts.operator @"aten::bernoulli.float"(%x, %p, %none) {ts.writing_form = "aten::bernoulli_.float"} : (!ts.tensor, f64, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

ts.schema @"aten::bartlett_window" "aten::bartlett_window(int window_length, *, int? dtype, int? layout, Device? device, bool? pin_memory) -> Tensor"
    arguments ["window_length", "device"] writes [] aliases []

// A device is named, and casts to optional types are dropped.
// CHECK-LABEL: func @casts
func.func @casts(%n: i64) -> !ts.tensor {
  %device = ts.device "cpu"
  %optional = ts.upcast %device : !ts.device to !ts.optional<!ts.device>
  // CHECK: %[[CPU:.*]] = ts.str "cpu"
  // CHECK: ts.fallback ["aten::bartlett_window"] ["window_length", "device"](%arg0, %[[CPU]])
  %y = ts.operator @"aten::bartlett_window"(%n, %optional) : (i64, !ts.optional<!ts.device>) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

ts.schema @"aten::swapcase" "aten::swapcase(str self) -> str" arguments ["self"] writes [] aliases []
ts.schema @"aten::_foreach_add_.Scalar" "aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()"
    arguments ["self", "scalar"] writes [0] aliases []

// Nothing of the language is left to LibTorch, and nothing that writes tensors of a list.
// CHECK-LABEL: func @stays
func.func @stays(%s: !ts.str, %l: !ts.list<!ts.tensor>, %n: i64) -> !ts.str {
  // CHECK: ts.operator @"aten::swapcase"
  %t = ts.operator @"aten::swapcase"(%s) : (!ts.str) -> !ts.str
  // CHECK: ts.operator @"aten::_foreach_add_.Scalar"
  ts.operator @"aten::_foreach_add_.Scalar"(%l, %n) : (!ts.list<!ts.tensor>, i64) -> ()
  return %t : !ts.str
}

// -----

ts.schema @"prim::tolist" "prim::tolist(...) -> ..." arguments [] writes [] aliases []

// Operators of the interpreter take any number of arguments, and are none of LibTorch's.
// CHECK-LABEL: func @interpreter
func.func @interpreter(%x: !ts.tensor) -> f64 {
  // CHECK: ts.operator @"prim::tolist"
  %y = ts.operator @"prim::tolist"(%x) : (!ts.tensor) -> f64
  return %y : f64
}
