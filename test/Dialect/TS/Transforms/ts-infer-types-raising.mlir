// What never succeeds raises when it is reached; where every call reaches it that is an error unless errors are late.
// RUN: split-file %s %t
// RUN: wick-opt %t/branch.mlir --ts-infer-types="inputs=x=3x4xf32,y=4x3xf32" 2>&1 | FileCheck %s --check-prefix=BRANCH
// RUN: wick-opt %t/loop.mlir --ts-infer-types="inputs=x=3x4xf32" 2>&1 | FileCheck %s --check-prefix=LOOP
// RUN: not wick-opt %t/certain.mlir --ts-infer-types="inputs=x=3x4xf32" 2>&1 | FileCheck %s --check-prefix=CERTAIN
// RUN: wick-opt %t/certain.mlir --ts-infer-types="inputs=x=3x4xf32 late-errors" 2>&1 | FileCheck %s --check-prefix=LATE
// RUN: wick-opt %t/both.mlir --ts-infer-types="inputs=x=3x4xf32" 2>&1 | FileCheck %s --check-prefix=BOTH

// BRANCH: branch.mlir:3:10: warning: 'aten.sub' op The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1; it raises this when it runs
// BRANCH-LABEL: func.func @branch
// BRANCH-SAME: -> !ts.tensor<[3, 4], f32>
// BRANCH: scf.if {{.*}} -> (!ts.tensor<[3, 4], f32>)
// BRANCH: %[[TEXT:.*]] = ts.str "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1"
// BRANCH: ts.raise %[[TEXT]]
// BRANCH: ts.uninitialized : !ts.tensor<[3, 4], f32>
// BRANCH: else
// BRANCH: aten.relu
//--- branch.mlir
func.func @branch(%x: !ts.tensor {ts.name = "x"}, %y: !ts.tensor {ts.name = "y"}, %flag: i1, %none: !ts.none) -> !ts.tensor {
  %r = scf.if %flag -> (!ts.tensor) {
    %s = aten.sub %x, %y, %none : (!ts.tensor, !ts.tensor, !ts.none) -> !ts.tensor
    scf.yield %s : !ts.tensor
  } else {
    %s = aten.relu %x : (!ts.tensor) -> !ts.tensor
    scf.yield %s : !ts.tensor
  }
  return %r : !ts.tensor
}

// Visits on clones are silent.
// LOOP: warning: 'aten.t' op t() expects a tensor with <= 2 dimensions, but self is 3D
// LOOP-NOT: warning
// LOOP: scf.for
//--- loop.mlir
func.func @loop(%x: !ts.tensor {ts.name = "x"}, %flag: i1, %n: index) -> !ts.tensor {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %dim = arith.constant 0 : i64
  %r = scf.for %i = %zero to %n step %one iter_args(%a = %x) -> !ts.tensor {
    %b = scf.if %flag -> !ts.tensor {
      %c = aten.unsqueeze %a, %dim : (!ts.tensor, i64) -> !ts.tensor
      %d = aten.t %c : (!ts.tensor) -> !ts.tensor
      scf.yield %d : !ts.tensor
    } else {
      scf.yield %a : !ts.tensor
    }
    scf.yield %b : !ts.tensor
  }
  return %r : !ts.tensor
}

// CERTAIN: certain.mlir:2:8: error: 'aten.mm' op mat1 and mat2 shapes cannot be multiplied (3x4 and 3x4)
// LATE: warning: 'aten.mm' op mat1 and mat2 shapes cannot be multiplied (3x4 and 3x4); it raises this when it runs
// LATE: ts.raise
// LATE-NEXT: %[[ANY:.*]] = ts.uninitialized : !ts.tensor<[], f32>
// LATE-NEXT: return %[[ANY]]
//--- certain.mlir
func.func @certain(%x: !ts.tensor {ts.name = "x"}) -> !ts.tensor {
  %r = aten.mm %x, %x : (!ts.tensor, !ts.tensor) -> !ts.tensor
  %s = aten.relu %r : (!ts.tensor) -> !ts.tensor
  return %s : !ts.tensor
}

// BOTH: scf.if
// BOTH: ts.raise
// BOTH: }
// BOTH: ts.raise
// BOTH-NOT: aten.relu
// BOTH: return
//--- both.mlir
func.func @both(%x: !ts.tensor {ts.name = "x"}, %flag: i1) -> !ts.tensor {
  %dim = arith.constant 7 : i64
  %r = scf.if %flag -> !ts.tensor {
    %a = aten.mm %x, %x : (!ts.tensor, !ts.tensor) -> !ts.tensor
    scf.yield %a : !ts.tensor
  } else {
    %a = aten.unsqueeze %x, %dim : (!ts.tensor, i64) -> !ts.tensor
    scf.yield %a : !ts.tensor
  }
  %s = aten.relu %r : (!ts.tensor) -> !ts.tensor
  return %s : !ts.tensor
}
