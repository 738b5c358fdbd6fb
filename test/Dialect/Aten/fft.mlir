// RUN: wick-opt %s --verify-roundtrip --ts-infer-types --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @sizes
func.func @sizes(%x: !ts.tensor<[4, s0], f32>, %z: !ts.tensor<[4, s0], complex<f64>>, %n: i64, %some: i1)
    -> (!ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor) {
  %true = arith.constant true
  %false = arith.constant false
  %c0 = arith.constant 0 : i64
  %c9 = arith.constant 9 : i64
  %cm1 = arith.constant -1 : i64
  %last = ts.list_construct %cm1 : (i64) -> !ts.list<i64>
  %both = ts.list_construct %cm1, %c0 : (i64, i64) -> !ts.list<i64>
  %any = ts.list_construct %n : (i64) -> !ts.list<i64>
  // CHECK: aten.fft_c2c {{.*}} -> !ts.tensor<[4, s0], complex<f64>>
  %a = aten.fft_c2c %z, %both, %c0, %true : (!ts.tensor<[4, s0], complex<f64>>, !ts.list<i64>, i64, i1) -> !ts.tensor
  // CHECK: aten.fft_r2c {{.*}} -> !ts.tensor<[4, s0 floordiv 2 + 1], complex<f32>>
  %b = aten.fft_r2c %x, %last, %c0, %true : (!ts.tensor<[4, s0], f32>, !ts.list<i64>, i64, i1) -> !ts.tensor
  // The last of the dims.
  // CHECK: aten.fft_r2c {{.*}} -> !ts.tensor<[3, s0], complex<f32>>
  %c = aten.fft_r2c %x, %both, %c0, %true : (!ts.tensor<[4, s0], f32>, !ts.list<i64>, i64, i1) -> !ts.tensor
  // CHECK: aten.fft_r2c {{.*}} -> !ts.tensor<[4, s0], complex<f32>>
  %d = aten.fft_r2c %x, %both, %c0, %false : (!ts.tensor<[4, s0], f32>, !ts.list<i64>, i64, i1) -> !ts.tensor
  // CHECK: aten.fft_c2r {{.*}} -> !ts.tensor<[4, 9], f64>
  %e = aten.fft_c2r %z, %last, %c0, %c9 : (!ts.tensor<[4, s0], complex<f64>>, !ts.list<i64>, i64, i64) -> !ts.tensor
  // Each of the dims that it may be.
  // CHECK: aten.fft_r2c {{.*}} -> !ts.tensor<[?, s0], complex<f32>>
  // CHECK: aten.fft_r2c {{.*}} -> !ts.tensor<[4, ?], complex<f32>>
  %f = aten.fft_r2c %x, %any, %c0, %some : (!ts.tensor<[4, s0], f32>, !ts.list<i64>, i64, i1) -> !ts.tensor
  return %a, %b, %c, %d, %e, %f : !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor
}

// -----

func.func @of_reals(%x: !ts.tensor<[4], f32>, %dims: !ts.list<i64>) -> !ts.tensor {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  // expected-error@+1 {{Only supports complex dtypes, but found: Float}}
  %y = aten.fft_c2c %x, %dims, %c0, %true : (!ts.tensor<[4], f32>, !ts.list<i64>, i64, i1) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

func.func @of_ints(%x: !ts.tensor<[4], i64>, %dims: !ts.list<i64>) -> !ts.tensor {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  // expected-error@+1 {{Only supports floating-point dtypes, but found: Long}}
  %y = aten.fft_r2c %x, %dims, %c0, %true : (!ts.tensor<[4], i64>, !ts.list<i64>, i64, i1) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

func.func @of_halves(%x: !ts.tensor<[4], f16>, %dims: !ts.list<i64>) -> !ts.tensor {
  %true = arith.constant true
  %c0 = arith.constant 0 : i64
  // expected-error@+1 {{MKL FFT doesn't support tensors of type: Half}}
  %y = aten.fft_r2c %x, %dims, %c0, %true : (!ts.tensor<[4], f16>, !ts.list<i64>, i64, i1) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

func.func @no_dim(%x: !ts.tensor<[4], f32>) -> !ts.tensor {
  %true = arith.constant true
  %c1 = arith.constant 1 : i64
  %dims = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  // expected-error@+1 {{Dimension out of range (expected to be in range of [-1, 0], but got 1)}}
  %y = aten.fft_r2c %x, %dims, %c1, %true : (!ts.tensor<[4], f32>, !ts.list<i64>, i64, i1) -> !ts.tensor
  return %y : !ts.tensor
}
