// Branches on values, loops over state and errors of the program, compiled and run.
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python -c "import numpy as np; x = np.arange(12, dtype=np.float32).reshape(3, 4); np.save(r'%t/p.npy', x); np.save(r'%t/m.npy', -x)"
// RUN: wick compile %s --from linalg -o %t/model.wick
// RUN: wick run %t/model.wick --input x=%t/p.npy --input n=3 | FileCheck %s --check-prefix=SAME
// RUN: wick run %t/model.wick --input x=%t/m.npy --input n=3 | FileCheck %s --check-prefix=LOOP
// RUN: not wick run %t/model.wick --input x=%t/p.npy --input n=-1 2>&1 | FileCheck %s --check-prefix=RAISE
// RUN: wick explain %s --from linalg | FileCheck %s --check-prefix=EXPLAIN

// SAME: Tensor<f32>[3, 4] 0 1 2 3 4 5 6 7
// LOOP: Tensor<f32>[3, 4] 0 8 16 24 32 40 48 56
// RAISE: error: model.py:12:5: ValueError: n must not be negative
// EXPLAIN: 1 reduction reduction_0
// EXPLAIN: Method forward(x: Tensor<f32>[3, 4], n: int) -> Tensor<f32>[3, 4]
// EXPLAIN: Memory: arena of 128 bytes for 3 buffers

#id = affine_map<(d0, d1) -> (d0, d1)>
#none = affine_map<(d0, d1) -> ()>
func.func @forward(%arg0: !ts.tensor<[3, 4], f32> {ts.name = "x"}, %n: i64 {ts.name = "n"}) -> !ts.tensor<[3, 4], f32> attributes {ts.method = "forward"} {
  %x = ts.read %arg0 : !ts.tensor<[3, 4], f32> -> tensor<3x4xf32>
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %neg = arith.cmpi slt, %n, %c0 : i64
  scf.if %neg {
    %msg = ts.str "n must not be negative"
    %cls = ts.str "ValueError"
    ts.raise %msg, %cls : !ts.str, !ts.str loc("model.py":12:5)
  }
  %e = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %s = linalg.generic {indexing_maps = [#id, #none], iterator_types = ["reduction", "reduction"]} ins(%x : tensor<3x4xf32>) outs(%f : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %t = arith.addf %a, %o : f32
    linalg.yield %t : f32
  } -> tensor<f32>
  %v = tensor.extract %s[] : tensor<f32>
  %p = arith.cmpf ogt, %v, %zero : f32
  %r = scf.if %p -> !ts.tensor<[3, 4], f32> {
    scf.yield %arg0 : !ts.tensor<[3, 4], f32>
  } else {
    %h = scf.for %i = %c0 to %n step %c1 iter_args(%h = %x) -> tensor<3x4xf32> : i64 {
      %e2 = tensor.empty() : tensor<3x4xf32>
      %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%h : tensor<3x4xf32>) outs(%e2 : tensor<3x4xf32>) {
      ^bb0(%a: f32, %o: f32):
        %q = arith.negf %a : f32
        %w = arith.addf %q, %q : f32
        linalg.yield %w : f32
      } -> tensor<3x4xf32>
      scf.yield %m : tensor<3x4xf32>
    }
    %y = ts.from_value %h : tensor<3x4xf32> -> !ts.tensor<[3, 4], f32>
    scf.yield %y : !ts.tensor<[3, 4], f32>
  }
  return %r : !ts.tensor<[3, 4], f32>
}
