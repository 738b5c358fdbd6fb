// RUN: wick-opt %s --ts-simplify-program --split-input-file | FileCheck %s

ts.schema @"aten::mul.int" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::div.int" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::floordiv.int" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::remainder.int" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::pow.int" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::add" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::Int.Scalar" "" arguments ["a"] writes [] aliases []

// CHECK-LABEL: func.func @arithmetic
// CHECK-SAME: (%[[A:.*]]: i64, %[[B:.*]]: i64)
func.func @arithmetic(%a: i64, %b: i64) -> (i64, f64, i64, i64, i64) {
  %c3 = arith.constant 3 : i64
  // CHECK: %[[M:.*]] = arith.muli %[[A]], %[[B]]
  %m = ts.operator @"aten::mul.int"(%a, %b) : (i64, i64) -> i64
  // CHECK-DAG: %[[X:.*]] = arith.sitofp %[[A]]
  // CHECK-DAG: %[[Y:.*]] = arith.sitofp %[[B]]
  // CHECK: %[[D:.*]] = arith.divf %[[X]], %[[Y]]
  %d = ts.operator @"aten::div.int"(%a, %b) : (i64, i64) -> f64
  // CHECK: %[[F:.*]] = arith.floordivsi %[[A]], %c3_i64
  %f = ts.operator @"aten::floordiv.int"(%a, %c3) : (i64, i64) -> i64
  // CHECK: %[[Z:.*]] = arith.cmpi eq, %[[B]], %c0_i64
  // CHECK: scf.if %[[Z]] {
  // CHECK: ts.raise
  // CHECK: arith.remsi
  %r = ts.operator @"aten::remainder.int"(%a, %b) : (i64, i64) -> i64
  // Numbers behind Scalar are known.
  %u = ts.upcast %a : i64 to !ts.number
  %v = ts.upcast %c3 : i64 to !ts.number
  %n = ts.operator @"aten::add"(%u, %v) : (!ts.number, !ts.number) -> !ts.number
  // CHECK: %[[N:.*]] = arith.addi %[[A]], %c3_i64
  %i = ts.operator @"aten::Int.Scalar"(%n) : (!ts.number) -> i64
  // CHECK: return %[[M]], %[[D]], %[[F]], %{{.*}}, %[[N]]
  return %m, %d, %f, %r, %i : i64, f64, i64, i64, i64
}

// -----

ts.schema @"aten::append.t" "" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::_set_item.t" "" arguments ["l", "idx", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "" arguments ["list", "idx"] writes [] aliases [0]
ts.schema @"aten::len.t" "" arguments ["a"] writes [] aliases []
ts.schema @"aten::slice.t" "" arguments ["l", "start", "end", "step"] writes [] aliases []
ts.schema @"aten::add.t" "" arguments ["a", "b"] writes [] aliases []

// Reads see the writes before them; another name for the list is the same list.
// CHECK-LABEL: func.func @lists
// CHECK-SAME: (%[[A:.*]]: i64, %[[B:.*]]: i64)
// CHECK: return %[[A]], %c1_i64, %[[B]], %c2_i64, %[[A]]
func.func @lists(%a: i64, %b: i64) -> (i64, i64, i64, i64, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %none = ts.none
  %l = ts.list_construct %a : (i64) -> !ts.list<i64>
  %x = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<i64>, i64) -> i64
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<i64>) -> i64
  %m = ts.operator @"aten::append.t"(%l, %a) : (!ts.list<i64>, i64) -> !ts.list<i64>
  %s = ts.operator @"aten::_set_item.t"(%m, %c0, %b) : (!ts.list<i64>, i64, i64) -> !ts.list<i64>
  %y = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<i64>, i64) -> i64
  %k = ts.operator @"aten::len.t"(%m) : (!ts.list<i64>) -> i64
  %t = ts.operator @"aten::slice.t"(%l, %c1, %none, %c1) : (!ts.list<i64>, i64, !ts.none, i64) -> !ts.list<i64>
  %z = ts.operator @"aten::__getitem__.t"(%t, %c0) : (!ts.list<i64>, i64) -> i64
  return %x, %n, %y, %k, %z : i64, i64, i64, i64, i64
}

// A list that something else may write is not resolved.
// CHECK-LABEL: func.func @escapes
// CHECK: ts.operator @"aten::__getitem__.t"
func.func @escapes(%a: i64, %o: !ts.object<@C>) -> i64 {
  %c0 = arith.constant 0 : i64
  %l = ts.list_construct %a : (i64) -> !ts.list<i64>
  ts.set_attr %o["l"] = %l : !ts.object<@C>, !ts.list<i64>
  %x = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<i64>, i64) -> i64
  return %x : i64
}

// CHECK-LABEL: func.func @written_in_branch
// CHECK: ts.operator @"aten::len.t"
func.func @written_in_branch(%a: i64, %b: i1) -> i64 {
  %l = ts.list_construct %a : (i64) -> !ts.list<i64>
  scf.if %b {
    %m = ts.operator @"aten::append.t"(%l, %a) : (!ts.list<i64>, i64) -> !ts.list<i64>
  }
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<i64>) -> i64
  return %n : i64
}

// A loop that fills a list is unrolled.
// CHECK-LABEL: func.func @unrolled
// CHECK-NOT: ts.loop
// CHECK: return %c3_i64
func.func @unrolled(%a: i64) -> i64 {
  %c3 = arith.constant 3 : i64
  %true = arith.constant true
  %l = ts.list_construct : () -> !ts.list<i64>
  ts.loop %c3 while %true init() : () -> () {
  ^bb0(%i: i64):
    %m = ts.operator @"aten::append.t"(%l, %i) : (!ts.list<i64>, i64) -> !ts.list<i64>
    ts.yield %true : i1
  }
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<i64>) -> i64
  return %n : i64
}

// -----

ts.schema @"aten::_set_item.str" "" arguments ["l", "idx", "v"] writes [0] aliases []
ts.schema @"aten::__getitem__.Dict_str" "" arguments ["self", "key"] writes [] aliases []

// CHECK-LABEL: func.func @dicts
// CHECK-SAME: (%[[A:.*]]: i64, %[[B:.*]]: i64)
// CHECK: return %[[B]]
func.func @dicts(%a: i64, %b: i64) -> i64 {
  %k = ts.str "k"
  %d = ts.dict_construct (%k) to (%a) : (!ts.str) (i64) -> !ts.dict<!ts.str, i64>
  ts.operator @"aten::_set_item.str"(%d, %k, %b) : (!ts.dict<!ts.str, i64>, !ts.str, i64) -> ()
  %x = ts.operator @"aten::__getitem__.Dict_str"(%d, %k) : (!ts.dict<!ts.str, i64>, !ts.str) -> i64
  return %x : i64
}

// -----

ts.schema @"aten::__isnot__" "" arguments ["self", "obj"] writes [] aliases []
ts.schema @"aten::eq.str" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::format" "" arguments ["self"] writes [] aliases []
ts.schema @"aten::warn" "" arguments ["message", "stacklevel"] writes [] aliases []

// CHECK-LABEL: func.func @branches
// CHECK-SAME: (%[[X:.*]]: !ts.tensor, %[[B:.*]]: i1)
// CHECK-NEXT: %[[S:.*]] = ts.str "bad 1., True, None"
// CHECK-NEXT: %[[N:.*]] = ts.none
// CHECK-NEXT: scf.if %[[B]] {
// CHECK-NEXT: ts.raise %[[S]], %[[N]]
// CHECK-NEXT: }
// CHECK-NEXT: %[[Y:.*]] = aten.relu %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @branches(%x: !ts.tensor, %b: i1) -> !ts.tensor {
  %none = ts.none
  %o = ts.upcast %x : !ts.tensor to !ts.optional<!ts.tensor>
  %some = ts.operator @"aten::__isnot__"(%o, %none) : (!ts.optional<!ts.tensor>, !ts.none) -> i1
  %r = scf.if %some -> (!ts.tensor) {
    %t = ts.unchecked_cast %o : !ts.optional<!ts.tensor> to !ts.tensor
    %q = scf.if %b -> (!ts.tensor) {
      %form = ts.str "bad {}, {}, {}"
      %one = arith.constant 1.0 : f64
      %true = arith.constant true
      %s = ts.operator @"aten::format"(%form, %one, %true, %none) : (!ts.str, f64, i1, !ts.none) -> !ts.str
      ts.raise %s, %none : !ts.str, !ts.none
      %u = ts.uninitialized : !ts.tensor
      scf.yield %u : !ts.tensor
    } else {
      %y = aten.relu %t : (!ts.tensor) -> !ts.tensor
      scf.yield %y : !ts.tensor
    }
    scf.yield %q : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  return %r : !ts.tensor
}

// -----

ts.schema @"aten::size.int" "" arguments ["self", "dim"] writes [] aliases []
ts.schema @"aten::Int.Tensor" "" arguments ["a"] writes [] aliases []
ts.schema @"prim::NumToTensor.Scalar" "" arguments ["a"] writes [] aliases []
ts.schema @"aten::mul.Tensor" "" arguments ["self", "other"] writes [] aliases []
ts.schema @"prim::device" "" arguments ["a"] writes [] aliases []
ts.schema @"prim::dtype" "" arguments ["a"] writes [] aliases []

// What tracing wrapped in tensors.
// CHECK-LABEL: func.func @traced
// CHECK-SAME: (%[[X:.*]]: !ts.tensor<*, f32>)
// CHECK: %[[A:.*]] = ts.size %[[X]], %c0_i64
// CHECK: %[[B:.*]] = ts.size %[[X]], %c1_i64
// CHECK: %[[M:.*]] = arith.muli %[[A]], %[[B]]
// CHECK: return %[[M]], %c6_i64
func.func @traced(%x: !ts.tensor<*, f32>) -> (i64, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %a = ts.operator @"aten::size.int"(%x, %c0) : (!ts.tensor<*, f32>, i64) -> i64
  %b = ts.operator @"aten::size.int"(%x, %c1) : (!ts.tensor<*, f32>, i64) -> i64
  %s = ts.operator @"prim::NumToTensor.Scalar"(%a) : (i64) -> !ts.tensor
  %t = ts.operator @"prim::NumToTensor.Scalar"(%b) : (i64) -> !ts.tensor
  %m = ts.operator @"aten::mul.Tensor"(%s, %t) : (!ts.tensor, !ts.tensor) -> !ts.tensor
  %i = ts.operator @"aten::Int.Tensor"(%m) : (!ts.tensor) -> i64
  %d = ts.operator @"prim::dtype"(%x) : (!ts.tensor<*, f32>) -> i64
  return %i, %d : i64, i64
}

// -----

// An object that lives in the function is its slots.
// CHECK-LABEL: func.func @object
// CHECK-SAME: (%[[A:.*]]: i64)
// CHECK-NEXT: return %[[A]]
func.func @object(%a: i64) -> i64 {
  %o = ts.create_object : !ts.object<@C>
  ts.set_attr %o["n"] = %a : !ts.object<@C>, i64
  %n = ts.get_attr %o["n"] : !ts.object<@C> -> i64
  ts.set_attr %o["n"] = %n : !ts.object<@C>, i64
  return %n : i64
}

// -----

// So is one that is entered, where its exit changes nothing else.
ts.class @C "class" {
  ts.attr "n" : i64
}
// CHECK-LABEL: func.func @entered
// CHECK-SAME: (%[[A:.*]]: i64)
// CHECK-NEXT: return %[[A]]
func.func @entered(%a: i64) -> i64 {
  %o = ts.create_object : !ts.object<@C>
  ts.set_attr %o["n"] = %a : !ts.object<@C>, i64
  ts.push_entered %o local : !ts.object<@C>
  %n = ts.get_attr %o["n"] : !ts.object<@C> -> i64
  ts.pop_entered %o : !ts.object<@C>
  return %n : i64
}
// CHECK-LABEL: func.func @entered_for_others
// CHECK: ts.push_entered
// CHECK: ts.pop_entered
func.func @entered_for_others(%a: i64) -> i64 {
  %o = ts.create_object : !ts.object<@C>
  ts.set_attr %o["n"] = %a : !ts.object<@C>, i64
  ts.push_entered %o : !ts.object<@C>
  %n = ts.get_attr %o["n"] : !ts.object<@C> -> i64
  ts.pop_entered %o : !ts.object<@C>
  return %n : i64
}

// -----

// A tuple seen as one of optionals is a tuple of optionals.
// CHECK-LABEL: func.func @tuple_of_optionals
// CHECK-SAME: (%[[X:.*]]: !ts.tensor)
// CHECK-DAG: %[[NONE:.*]] = ts.none
// CHECK-DAG: %[[O:.*]] = ts.upcast %[[NONE]] : !ts.none to !ts.optional<!ts.tensor>
// CHECK: return %[[X]], %[[O]]
func.func @tuple_of_optionals(%x: !ts.tensor) -> (!ts.tensor, !ts.optional<!ts.tensor>) {
  %none = ts.none
  %t = ts.tuple_construct %x, %none : (!ts.tensor, !ts.none) -> !ts.tuple<!ts.tensor, !ts.none>
  %u = ts.upcast %t : !ts.tuple<!ts.tensor, !ts.none> to !ts.tuple<!ts.tensor, !ts.optional<!ts.tensor>>
  %a, %b = ts.tuple_unpack %u : !ts.tuple<!ts.tensor, !ts.optional<!ts.tensor>> -> !ts.tensor, !ts.optional<!ts.tensor>
  return %a, %b : !ts.tensor, !ts.optional<!ts.tensor>
}

// -----

ts.schema @"aten::dict" "" arguments [] writes [] aliases []
ts.schema @"aten::_set_item.str" "" arguments ["l", "idx", "v"] writes [0] aliases []
ts.schema @"aten::__getitem__.Dict_str" "" arguments ["self", "key"] writes [] aliases [0]

// CHECK-LABEL: func.func @new_dict
// CHECK-SAME: (%[[X:.*]]: !ts.tensor)
// CHECK-NEXT: return %[[X]]
func.func @new_dict(%x: !ts.tensor) -> !ts.tensor {
  %k = ts.str "out"
  %d = ts.operator @"aten::dict"() : () -> !ts.dict<!ts.str, !ts.tensor>
  ts.operator @"aten::_set_item.str"(%d, %k, %x) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str, !ts.tensor) -> ()
  %y = ts.operator @"aten::__getitem__.Dict_str"(%d, %k) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

// A loop over the dims of a tensor is no loop.
// CHECK-LABEL: func.func @loop_over_dims
// CHECK-SAME: (%[[X:.*]]: !ts.tensor)
// CHECK: %[[A:.*]] = ts.size %[[X]], %c0_i64
// CHECK: %[[B:.*]] = ts.size %[[X]], %c1_i64
// CHECK: %[[M:.*]] = arith.muli %[[A]], %[[B]]
// CHECK: return %[[M]]
func.func @loop_over_dims(%x: !ts.tensor) -> i64 {
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %true = arith.constant true
  %n = ts.loop %c2 while %true init(%c1) : (i64) -> i64 {
  ^bb0(%i: i64, %product: i64):
    %size = ts.size %x, %i : !ts.tensor
    %next = arith.muli %product, %size : i64
    ts.yield %true, %next : i1, i64
  }
  return %n : i64
}

// -----

ts.schema @"aten::tensor" "" arguments ["data", "dtype", "device", "requires_grad"] writes [] aliases []

// CHECK-LABEL: func.func @tensor_of_list
// CHECK: %[[A:.*]] = aten.tensor %c1_i64, %[[NONE:.*]] : (i64, !ts.none) -> !ts.tensor
// CHECK: %[[B:.*]] = aten.tensor %c2_i64, %[[NONE]]
// CHECK: %[[L:.*]] = ts.list_construct %[[A]], %[[B]]
// CHECK: aten.stack %[[L]], %c0_i64
func.func @tensor_of_list() -> !ts.tensor {
  %none = ts.none
  %false = arith.constant false
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %l = ts.list_construct %c1, %c2 : (i64, i64) -> !ts.list<i64>
  %x = ts.operator @"aten::tensor"(%l, %none, %none, %false) : (!ts.list<i64>, !ts.none, !ts.none, i1) -> !ts.tensor
  return %x : !ts.tensor
}

// -----

ts.schema @"aten::add.complex_float" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::sub.float_complex" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::mul.complex" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::eq.complex_float" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::Complex.int_float" "" arguments ["x", "y"] writes [] aliases []
ts.schema @"aten::isinf.complex" "" arguments ["a"] writes [] aliases []
ts.schema @"aten::pow.Scalar_Scalar" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::str" "" arguments ["a"] writes [] aliases []

// A float beside a complex number has no imaginary part to compute with.
// CHECK-LABEL: func.func @complex
// CHECK-SAME: (%[[Z:.*]]: complex<f64>, %[[X:.*]]: f64, %[[N:.*]]: i64)
// CHECK: ts.str "1.-2.5j"
func.func @complex(%z: complex<f64>, %x: f64, %n: i64)
    -> (complex<f64>, complex<f64>, complex<f64>, i1, complex<f64>, i1, !ts.str) {
  // CHECK-DAG: %[[RE:.*]] = complex.re %[[Z]]
  // CHECK-DAG: %[[IM:.*]] = complex.im %[[Z]]
  // CHECK: %[[SUM:.*]] = arith.addf %[[RE]], %[[X]]
  // CHECK: complex.create %[[SUM]], %[[IM]]
  %a = ts.operator @"aten::add.complex_float"(%z, %x) : (complex<f64>, f64) -> complex<f64>
  // CHECK: %[[NEG:.*]] = arith.negf
  // CHECK: %[[DIFFERENCE:.*]] = arith.subf %[[X]]
  // CHECK: complex.create %[[DIFFERENCE]], %[[NEG]]
  %b = ts.operator @"aten::sub.float_complex"(%x, %z) : (f64, complex<f64>) -> complex<f64>
  // CHECK: complex.mul %[[Z]], %[[Z]]
  %c = ts.operator @"aten::mul.complex"(%z, %z) : (complex<f64>, complex<f64>) -> complex<f64>
  // CHECK: %[[WIDE:.*]] = complex.create %[[X]], %cst
  // CHECK: complex.eq %[[Z]], %[[WIDE]]
  %d = ts.operator @"aten::eq.complex_float"(%z, %x) : (complex<f64>, f64) -> i1
  // CHECK: %[[REAL:.*]] = arith.sitofp %[[N]]
  // CHECK: complex.create %[[REAL]], %[[X]]
  %e = ts.operator @"aten::Complex.int_float"(%n, %x) : (i64, f64) -> complex<f64>
  // CHECK-COUNT-2: arith.cmpf oeq
  // CHECK: arith.ori
  %f = ts.operator @"aten::isinf.complex"(%z) : (complex<f64>) -> i1
  %k = complex.constant [1.0, -2.5] : complex<f64>
  %g = ts.operator @"aten::str"(%k) : (complex<f64>) -> !ts.str
  return %a, %b, %c, %d, %e, %f, %g : complex<f64>, complex<f64>, complex<f64>, i1, complex<f64>, i1, !ts.str
}

// A schema that promises a real number gives none of a complex one.
// CHECK-LABEL: func.func @promised
// CHECK: "aten::pow takes no complex numbers"
// CHECK: ts.raise
func.func @promised(%z: complex<f64>, %n: i64) -> f64 {
  %a = ts.operator @"aten::pow.Scalar_Scalar"(%z, %n) : (complex<f64>, i64) -> f64
  return %a : f64
}

// -----

// Where tensors are nothing is checked; another device is asked for when the program runs.
ts.schema @"wick::check_device" "wick::check_device" arguments ["device"] writes [] aliases []
// CHECK-LABEL: func.func @checks_devices
// CHECK-SAME: %[[D:.*]]: !ts.device
// CHECK-NOT: check_device
// CHECK: ts.operator @"wick::check_device"(%{{.*}})
// CHECK-NOT: check_device
// CHECK: return
func.func @checks_devices(%d: !ts.device) {
  %cpu = ts.device "cpu:0"
  %0 = ts.upcast %cpu : !ts.device to !ts.optional<!ts.device>
  %1 = ts.operator @"wick::check_device"(%0) : (!ts.optional<!ts.device>) -> !ts.none
  %none = ts.none
  %2 = ts.upcast %none : !ts.none to !ts.optional<!ts.device>
  %3 = ts.operator @"wick::check_device"(%2) : (!ts.optional<!ts.device>) -> !ts.none
  %4 = ts.upcast %d : !ts.device to !ts.optional<!ts.device>
  %5 = ts.operator @"wick::check_device"(%4) : (!ts.optional<!ts.device>) -> !ts.none
  return
}

// -----

// A list that only run time knows becomes a tensor there, of floats in the default dtype.
ts.schema @"aten::as_tensor.list" "" arguments ["data", "dtype", "device"] writes [] aliases []
// CHECK-LABEL: func.func @tensor_of_rows
// CHECK-SAME: %[[L:.*]]: !ts.list<!ts.list<f64>>, %[[D:.*]]: i64
// CHECK: %[[X:.*]] = ts.operator @"wick::list_to_tensor"(%[[L]], %c2_i64, %c6_i64)
// CHECK: aten.to %[[X]], %{{.*}}, %[[D]]
func.func @tensor_of_rows(%l: !ts.list<!ts.list<f64>>, %d: i64) -> !ts.tensor {
  %none = ts.none
  %x = ts.operator @"aten::as_tensor.list"(%l, %d, %none) : (!ts.list<!ts.list<f64>>, i64, !ts.none) -> !ts.tensor
  return %x : !ts.tensor
}
