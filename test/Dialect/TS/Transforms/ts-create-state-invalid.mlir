// RUN: wick-opt %s --ts-create-state --verify-diagnostics

plan.weight @w file "model.pt" offset 0 bytes 32
ts.class @M "module" {
  ts.attr "a" : !ts.tensor
  ts.attr "b" : !ts.tensor
}
ts.image @root {
  %m = ts.create_object : !ts.object<@M>
  %a = ts.weight_ref @w offset 0 sizes [4] strides [1] : !ts.tensor<[4], f32>
  // expected-error @+1 {{tensors that view the same memory differently and change while the program runs are not supported where they differ in dtype or show an element several times}}
  %b = ts.weight_ref @w offset 2 sizes [2, 4] strides [0, 1] : !ts.tensor<[2, 4], f32>
  ts.set_attr %m["a"] = %a : !ts.object<@M>, !ts.tensor<[4], f32>
  ts.set_attr %m["b"] = %b : !ts.object<@M>, !ts.tensor<[2, 4], f32>
  ts.yield %m : !ts.object<@M>
}
func.func @forward() -> (!ts.tensor, !ts.tensor) {
  %m = ts.image_ref @root "" : !ts.object<@M>
  %a = ts.get_attr %m["a"] : !ts.object<@M> -> !ts.tensor
  %b = ts.get_attr %m["b"] : !ts.object<@M> -> !ts.tensor
  return %a, %b : !ts.tensor, !ts.tensor
}
