// RUN: wick-opt %s --compile-from=program --compile-to=typed --no-fallback --input=1x1xf32 --verify-diagnostics

ts.schema @"aten::linalg_missing" "aten::linalg_missing(Tensor self) -> Tensor" arguments ["self"] writes [] aliases []

// An operator that no native code is for is the cause, and what is not known because of it follows.
func.func @f(%x: !ts.tensor) -> !ts.tensor {
  %limit = arith.constant 2.0 : f64
  %nothing = ts.uninitialized : !ts.tensor
  %item = ts.item %x : !ts.tensor -> f64
  %large = arith.cmpf ogt, %item, %limit : f64
  %r = scf.if %large -> !ts.tensor {
    // expected-error @below {{operator 'aten::linalg_missing' has no native implementation}}
    %y = ts.operator @"aten::linalg_missing"(%x) : (!ts.tensor) -> !ts.tensor
    scf.yield %y : !ts.tensor
  } else {
    scf.yield %nothing : !ts.tensor
  }
  return %r : !ts.tensor
}
