// Conversions of f16 with and without instructions for them, over all values and ties.
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python %S/Inputs/half.py prepare %t
// RUN: wick compile %s --from linalg --target x86-64-v3,x86-64-v2 -o %t/model.wick
// RUN: wick run %t/model.wick --input %t/x.npy --output %t/v2.npz --isa x86-64-v2
// RUN: wick run %t/model.wick --input %t/x.npy --output %t/v3.npz
// RUN: %python %S/Inputs/half.py check %t

#id = affine_map<(d0) -> (d0)>
func.func @forward(%arg0: !ts.tensor<[s0], f32>) -> (!ts.tensor<[s0], f16>, !ts.tensor<[s0], f32>) attributes {ts.method = "forward", ts.symbols = [[0, 0]]} {
  %s0 = ts.symbol 0
  %x = ts.read %arg0 : !ts.tensor<[s0], f32> -> tensor<?xf32>
  %e = tensor.empty(%s0) : tensor<?xf16>
  %h = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e : tensor<?xf16>) {
  ^bb0(%a: f32, %o: f16):
    %r = arith.truncf %a : f32 to f16
    linalg.yield %r : f16
  } -> tensor<?xf16>
  %e2 = tensor.empty(%s0) : tensor<?xf32>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%h : tensor<?xf16>) outs(%e2 : tensor<?xf32>) {
  ^bb0(%a: f16, %o: f32):
    %r = arith.extf %a : f16 to f32
    linalg.yield %r : f32
  } -> tensor<?xf32>
  %y = ts.from_value %h : tensor<?xf16> -> !ts.tensor<[s0], f16>
  %z = ts.from_value %b : tensor<?xf32> -> !ts.tensor<[s0], f32>
  return %y, %z : !ts.tensor<[s0], f16>, !ts.tensor<[s0], f32>
}
