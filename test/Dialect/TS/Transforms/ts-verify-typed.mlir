// RUN: wick-opt %s --ts-verify-typed --verify-diagnostics --split-input-file

func.func @known(%x: !ts.tensor<[s0], f32>) -> !ts.tensor<[s0], f32> {
  %y = aten.relu %x : (!ts.tensor<[s0], f32>) -> !ts.tensor<[s0], f32>
  return %y : !ts.tensor<[s0], f32>
}

// -----

// expected-error @+1 {{the shape and dtype of argument 'x' of method 'argument' are not known; give them, as in --input x=1x3x224x224xf32}}
func.func @argument(%x: !ts.tensor {ts.name = "x"}) -> !ts.tensor {
  %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

func.func @first(%x: !ts.tensor<[s0], f32>) -> !ts.tensor {
  // expected-error @+1 {{'aten.relu' op has a result whose dtype or rank is not known at compile time}}
  %y = aten.relu %x : (!ts.tensor<[s0], f32>) -> !ts.tensor
  %z = aten.relu %y : (!ts.tensor) -> !ts.tensor
  return %z : !ts.tensor
}
