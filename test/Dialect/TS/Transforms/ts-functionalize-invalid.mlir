// RUN: wick-opt %s --ts-functionalize --split-input-file --verify-diagnostics

func.func @category(%x: !ts.tensor<[4], i64>, %y: !ts.tensor<[4], f32>) -> !ts.tensor<[4], i64> {
  // expected-error @+1 {{result type Float can't be cast to the desired output type Long}}
  ts.write %x, %y {strict} : !ts.tensor<[4], i64>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[4], i64>
}

// -----

func.func @overlap(%x: !ts.tensor<[1], f32>, %y: !ts.tensor<[4], f32>) -> !ts.tensor<[1], f32> {
  %c4 = arith.constant 4 : i64
  %l = ts.list_construct %c4 : (i64) -> !ts.list<i64>
  %e = aten.expand %x, %l : (!ts.tensor<[1], f32>, !ts.list<i64>) -> !ts.tensor<[4], f32>
  // expected-error @+1 {{several elements of the written tensor are one element of memory}}
  ts.write %e, %y : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[1], f32>
}

// -----

plan.weight @w file "model.pt" offset 0 bytes 16

func.func @buffer(%x: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> {
  %w = ts.weight_ref @w offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  // expected-error @+1 {{writes to a weight or buffer of the model}}
  ts.write %w, %x : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[4], f32>
}

// -----

func.func @shape(%x: !ts.tensor<[1], f32>, %y: !ts.tensor<[4], f32>) -> !ts.tensor<[1], f32> {
  // expected-error @+1 {{output with shape [1] doesn't match the broadcast shape [4]}}
  ts.write %x, %y {strict} : !ts.tensor<[1], f32>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[1], f32>
}

// -----

// A reshape of what is not in order is a view or a copy.
func.func @reshaped(%x: !ts.tensor<[2, 3], f32>, %n: !ts.tensor<[6], f32>) -> !ts.tensor<[2, 3], f32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c6 = arith.constant 6 : i64
  %l = ts.list_construct %c6 : (i64) -> !ts.list<i64>
  // expected-note @+1 {{it may be this one}}
  %y = aten.relu %x : (!ts.tensor<[2, 3], f32>) -> !ts.tensor<[2, 3], f32>
  %t = aten.transpose %y, %c0, %c1 : (!ts.tensor<[2, 3], f32>, i64, i64) -> !ts.tensor<[3, 2], f32>
  %r = aten.reshape %t, %l : (!ts.tensor<[3, 2], f32>, !ts.list<i64>) -> !ts.tensor<[6], f32>
  // expected-error @+1 {{cannot tell which tensor is written}}
  ts.write %r, %n : !ts.tensor<[6], f32>, !ts.tensor<[6], f32>
  return %y : !ts.tensor<[2, 3], f32>
}

// -----

// A result that may be a view is not written while the other is used.
func.func @written_view(%x: !ts.tensor<[4], f32>) -> !ts.tensor<[2], f32> attributes {ts.symbols = []} {
  %c1 = arith.constant 1 : i64
  %b = aten.add %x, %c1, %c1 : (!ts.tensor<[4], f32>, i64, i64) -> !ts.tensor<[4], f32>
  // expected-note @+1 {{it may be this one, which is used later}}
  %v = ts.fallback ["aten::as_strided"] ["self"](%b) aliases [0] : (!ts.tensor<[4], f32>) -> !ts.tensor<[2], f32>
  // expected-error @+1 {{cannot tell which tensor is written}}
  ts.write %b, %x : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %v : !ts.tensor<[2], f32>
}

// -----

// Part of a value has no memory of its own.
func.func @view_of_view(%sizes: !ts.list<i64>, %a: !ts.tensor<[4, 4], f32>) -> !ts.tensor<[4, 4], f32> {
  %y = aten.relu %a : (!ts.tensor<[4, 4], f32>) -> !ts.tensor<[4, 4], f32>
  %t = aten.t %y : (!ts.tensor<[4, 4], f32>) -> !ts.tensor<[4, 4], f32>
  // expected-error @+1 {{what 'aten::reshape' returns may be a view of which only run time knows the shape, in a method that writes tensors; take a clone of its argument}}
  %x = ts.fallback ["aten::reshape"] ["self", "shape"] (%t, %sizes) aliases [0] : (!ts.tensor<[4, 4], f32>, !ts.list<i64>) -> !ts.tensor
  ts.write %x, %x : !ts.tensor, !ts.tensor
  return %y : !ts.tensor<[4, 4], f32>
}

// -----

func.func @resized_output(%a: !ts.tensor<[1], f32>, %y: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> {
  %r = ts.fallback ["aten::special_i0e.out"] ["self", "out!"] (%a, %y) aliases [] : (!ts.tensor<[1], f32>, !ts.tensor<[4], f32>) -> !ts.tensor<[1], f32>
  // expected-error @+1 {{an output of another shape than the result would get that shape, which is not supported; use what the operator returns}}
  ts.write %y, %r : !ts.tensor<[4], f32>, !ts.tensor<[1], f32>
  return %y : !ts.tensor<[4], f32>
}

// -----

ts.class @C "module" {
  ts.attr "a" : !ts.tensor<[], f32>
}

// A slot holds a tensor, and no view of another that sees what is written there later.
func.func @stored_view(%x: !ts.tensor<[4], f32>, %o: !ts.object<@C>) -> !ts.tensor<[4], f32> {
  %c0 = arith.constant 0 : i64
  // expected-error @+1 {{this tensor is stored, and used later, and may be written, outside of this view; store a clone}}
  %v = aten.select %x, %c0, %c0 : (!ts.tensor<[4], f32>, i64, i64) -> !ts.tensor<[], f32>
  // expected-note @+1 {{it is stored here}}
  ts.set_attr %o["a"] = %v : !ts.object<@C>, !ts.tensor<[], f32>
  ts.write %x, %x : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[4], f32>
}
