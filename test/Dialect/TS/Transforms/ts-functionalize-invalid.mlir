// RUN: wick-opt %s --ts-functionalize --split-input-file --verify-diagnostics

func.func @category(%x: !ts.tensor<[4], i64>, %y: !ts.tensor<[4], f32>) -> !ts.tensor<[4], i64> {
  // expected-error @+1 {{result type Float can't be cast to the desired output type Long}}
  ts.write %x, %y {strict} : !ts.tensor<[4], i64>, !ts.tensor<[4], f32>
  return %x : !ts.tensor<[4], i64>
}

// -----

func.func @overlap(%x: !ts.tensor<[1], complex<f32>>, %y: !ts.tensor<[4, 2], f32>) -> !ts.tensor<[1], complex<f32>> {
  %c4 = arith.constant 4 : i64
  %l = ts.list_construct %c4 : (i64) -> !ts.list<i64>
  %e = aten.expand %x, %l : (!ts.tensor<[1], complex<f32>>, !ts.list<i64>) -> !ts.tensor<[4], complex<f32>>
  %r = aten.view_as_real %e : (!ts.tensor<[4], complex<f32>>) -> !ts.tensor<[4, 2], f32>
  // expected-error @+1 {{a write through a view that repeats elements and another of other dtype is not supported}}
  ts.write %r, %y : !ts.tensor<[4, 2], f32>, !ts.tensor<[4, 2], f32>
  return %x : !ts.tensor<[1], complex<f32>>
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

func.func @resized_output(%a: !ts.tensor<[1], f32>, %y: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> {
  %r = ts.fallback ["aten::special_i0e.out"] ["self", "out!"] (%a, %y) aliases [] : (!ts.tensor<[1], f32>, !ts.tensor<[4], f32>) -> !ts.tensor<[1], f32>
  // expected-error @+1 {{an output of another shape than the result would get that shape, which is not supported; use what the operator returns}}
  ts.write %y, %r : !ts.tensor<[4], f32>, !ts.tensor<[1], f32>
  return %y : !ts.tensor<[4], f32>
}
