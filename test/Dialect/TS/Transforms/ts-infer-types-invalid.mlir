// RUN: split-file %s %t
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=3x4" 2>&1 | FileCheck %s --check-prefix=DTYPE
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=3x-xf32" 2>&1 | FileCheck %s --check-prefix=DIM
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=z=3xf32" 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=n=none" 2>&1 | FileCheck %s --check-prefix=VALUE
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=n=3xf32" 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=3xf32?,3xf32" 2>&1 | FileCheck %s --check-prefix=OPTIONAL
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=3xf32,4xf32" 2>&1 | FileCheck %s --check-prefix=DIFFER
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=3xi1,3xi1" 2>&1 | FileCheck %s --check-prefix=BOOL
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=x=Point(3xf32)" 2>&1 | FileCheck %s --check-prefix=ATTRIBUTE
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=x=Point(a=3xf32" 2>&1 | FileCheck %s --check-prefix=CLOSED
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=x=Point(a=3xf33)" 2>&1 | FileCheck %s --check-prefix=INNER
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=@Point" 2>&1 | FileCheck %s --check-prefix=CLASS
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=@Point(a=3xf32)y" 2>&1 | FileCheck %s --check-prefix=CLASS-AFTER
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=x=Point()y" 2>&1 | FileCheck %s --check-prefix=AFTER
// RUN: not wick-opt %t/tuple.mlir --ts-infer-types="inputs=p=Pair(c=3xf32)" 2>&1 | FileCheck %s --check-prefix=FIELD
// RUN: not wick-opt %t/tuple.mlir --ts-infer-types="inputs=p=Point(a=3xf32)" 2>&1 | FileCheck %s --check-prefix=TUPLE
// RUN: not wick-opt %t/f.mlir --ts-infer-types="inputs=x=Point(a=3xf32)" 2>&1 | FileCheck %s --check-prefix=OBJECT
// RUN: not wick-opt %t/f.mlir --ts-infer-types='inputs=x={str: "a" 3xf32}' 2>&1 | FileCheck %s --check-prefix=ENTRY
// RUN: not wick-opt %t/f.mlir --ts-infer-types='inputs=x={str: "a"=3xf32, b=3xf32}' 2>&1 | FileCheck %s --check-prefix=KEY

// DTYPE: input '3x4' does not end in a dtype: found '4', expected f64, f32
// DIM: input '3x-xf32' has a dim '-', expected a number, a name (without 'x') or '?'
// NAME: input 'z=3xf32' matches no argument of a method
// VALUE: input 'n=none' does not fit argument 'n' of type 'i64'
// NUMBER: input 'n=3xf32' does not fit argument 'n' of type 'i64'
// OPTIONAL: input '3xf32?' does not fit argument 'x' of type '!ts.tensor'
// DIFFER: 'aten.sub' op The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
// BOOL: 'aten.sub' op Subtraction, the `-` operator, with two bool tensors is not supported.
// ATTRIBUTE: input 'Point(': expected attributes, as in Point(x=2xf32, n=int)
// CLOSED: input 'Point(' has no ')'
// INNER: input '3xf33' does not end in a dtype: found 'f33'
// CLASS: error: input '@Point': expected a class with attributes, as in @__torch__.Point(x=2xf32)
// CLASS-AFTER: error: input '@Point(a=3xf32)y' goes on after its end: 'y'
// AFTER: input 'x=Point()y' goes on after its end: 'y'
// FIELD: input 'p=Pair(c=3xf32)' does not fit argument 'p' of type '!ts.namedtuple<"__torch__.Pair", ["a"], (!ts.tensor)>'
// TUPLE: input 'p=Point(a=3xf32)' does not fit argument 'p' of type '!ts.namedtuple<"__torch__.Pair", ["a"], (!ts.tensor)>'
// OBJECT: input 'x=Point(a=3xf32)' does not fit argument 'x' of type '!ts.tensor'
// ENTRY: expected what is under a key, as in {str: "x"=2xf32, *=i64}
// KEY: expected a key in double quotes, or * for all others

//--- tuple.mlir
func.func @f(%p: !ts.namedtuple<"__torch__.Pair", ["a"], (!ts.tensor)> {ts.name = "p"}) {
  return
}
//--- f.mlir
func.func @f(%x: !ts.tensor {ts.name = "x"}, %y: !ts.tensor {ts.name = "y"}, %n: i64 {ts.name = "n"}) -> !ts.tensor {
  %none = ts.none
  %r = aten.sub %x, %y, %none : (!ts.tensor, !ts.tensor, !ts.none) -> !ts.tensor
  return %r : !ts.tensor
}
