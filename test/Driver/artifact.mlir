// A program through code generation into an artifact, which the runtime loads and runs.
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python %S/Inputs/artifact.py prepare %t
// RUN: cd %t && wick compile %s --from linalg --target x86-64-v3 -o %t/model.wick
// RUN: wick check %t/model.wick | FileCheck %s --check-prefix=WELL
// RUN: wick run %t/model.wick --input x=%t/x.npy --output %t/y.npz
// RUN: %python %S/Inputs/artifact.py check %t

// WELL: artifact is well-formed

plan.weight @w file "w.bin" offset 64 bytes 64
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @forward(%arg0: !ts.tensor<[s0, 4], f32> {ts.name = "x"})
    -> (!ts.tensor<[s0, 4], f32>, !ts.tensor<[s0, 4], f32>) attributes {ts.method = "forward", ts.symbols = [[0, 0]]} {
  %s0 = ts.symbol 0
  %x = ts.read %arg0 : !ts.tensor<[s0, 4], f32> -> tensor<?x4xf32>
  %w = plan.weight_ref @w offset 0 strides [4, 1] : tensor<4x4xf32>
  %e0 = tensor.empty() : tensor<4x4xf32>
  %t = linalg.transpose ins(%w : tensor<4x4xf32>) outs(%e0 : tensor<4x4xf32>) permutation = [1, 0]
  %square = linalg.mul ins(%t, %t : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e0 : tensor<4x4xf32>) -> tensor<4x4xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%s0) : tensor<?x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %m = linalg.matmul ins(%x, %t : tensor<?x4xf32>, tensor<4x4xf32>) outs(%f : tensor<?x4xf32>) -> tensor<?x4xf32>
  %m2 = linalg.matmul ins(%m, %square : tensor<?x4xf32>, tensor<4x4xf32>) outs(%f : tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m2 : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = math.tanh %a : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %y = ts.from_value %r : tensor<?x4xf32> -> !ts.tensor<[s0, 4], f32>
  %z = ts.from_value %m : tensor<?x4xf32> -> !ts.tensor<[s0, 4], f32>
  return %y, %z : !ts.tensor<[s0, 4], f32>, !ts.tensor<[s0, 4], f32>
}
