// RUN: wick-opt %s --ts-verify-values --verify-diagnostics

func.func @forward(%x: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> {
  // expected-error @+1 {{'aten.relu' works on a tensor reference, expected a value}}
  %y = aten.relu %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  return %y : !ts.tensor<[4], f32>
}
