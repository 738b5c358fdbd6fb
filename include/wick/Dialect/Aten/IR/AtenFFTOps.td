//===- AtenFFTOps.td - discrete Fourier transforms ----------------*- tablegen -*-===//
//
// The three transforms to which PyTorch reduces all of `torch.fft`; lib/Prelude/FFT.py does so here.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_ATENFFTOPS
#define WICK_DIALECT_ATEN_IR_ATENFFTOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

/// A transform along the dims of a list, each at most once. With `normalization` 1 a result is divided by the root of the
/// number of points, with 2 by the number, with 0 by nothing.
class Aten_FFTOp<string mnemonic, dag more, list<string> schemas_, string what>
    : Aten_Op<mnemonic, !con((ins Aten_Tensor:$self, Aten_IntList:$dim, Aten_Int:$normalization), more), schemas_> {
  let summary = what;
}

def Aten_FFTC2COp : Aten_FFTOp<"fft_c2c", (ins Aten_Bool:$forward), ["aten::_fft_c2c"],
    "Fourier transform of complex numbers"> {
  let description = [{
    The sum over j of x[j] exp(-2 pi i j k / n) for each k, along one dim after the other; with exp(2 pi i j k / n)
    unless `forward`. Takes complex numbers. Source:
    `aten::_fft_c2c(Tensor self, SymInt[] dim, int normalization, bool forward) -> Tensor`.

    ```mlir
    %y = aten.fft_c2c %x, %dims, %none, %true : (!ts.tensor, !ts.list<i64>, i64, i1) -> !ts.tensor
    ```
  }];
}

def Aten_FFTR2COp : Aten_FFTOp<"fft_r2c", (ins Aten_Bool:$onesided), ["aten::_fft_r2c"],
    "Fourier transform of real numbers"> {
  let description = [{
    Of the last dim of the list only the first n / 2 + 1 of n results are there where it is `onesided`: the others are the
    conjugates of those that they mirror. Takes floats, and gives complex numbers of two of them. Source:
    `aten::_fft_r2c(Tensor self, int[] dim, int normalization, bool onesided) -> Tensor`.

    ```mlir
    %y = aten.fft_r2c %x, %dims, %none, %true : (!ts.tensor, !ts.list<i64>, i64, i1) -> !ts.tensor
    ```
  }];
}

def Aten_FFTC2ROp : Aten_FFTOp<"fft_c2r", (ins Aten_Int:$last_dim_size), ["aten::_fft_c2r"],
    "Inverse Fourier transform to real numbers"> {
  let description = [{
    Undoes a onesided `aten.fft_r2c` whose last dim had `last_dim_size` elements, but for the normalization. Imaginary
    parts that such a result does not have are ignored. Source:
    `aten::_fft_c2r(Tensor self, int[] dim, int normalization, SymInt last_dim_size) -> Tensor`.

    ```mlir
    %x = aten.fft_c2r %y, %dims, %by_n, %n : (!ts.tensor, !ts.list<i64>, i64, i64) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENFFTOPS
