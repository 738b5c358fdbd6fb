// RUN: wick-opt %s --pass-pipeline="builtin.module(func.func(ts-write-before-raises))" --split-input-file | FileCheck %s

// What raises writes what the caller is to see by then; what does not raise writes once, at the end.
// CHECK-LABEL: func.func @straight
// CHECK-SAME:  %[[X:[^ ]*]]: !ts.tensor<[4], f32>, %[[A:[^ ]*]]: tensor<4xf32>, %[[B:[^ ]*]]: tensor<4xf32>
// CHECK-NOT:   ts.defer_write
// CHECK:       scf.if
// CHECK-NEXT:    ts.raise
// CHECK:       scf.if
// CHECK-NEXT:    ts.write %[[X]], %[[A]]
// CHECK-NEXT:    ts.raise
// CHECK-NEXT:  }
// CHECK-NEXT:  ts.write %[[X]], %[[B]]
// CHECK-NEXT:  scf.if
// CHECK-NEXT:    ts.raise
// CHECK-NEXT:  }
// CHECK-NEXT:  return
func.func @straight(%x: !ts.tensor<[4], f32>, %a: tensor<4xf32>, %b: tensor<4xf32>, %c: i1, %m: !ts.str, %n: !ts.none) {
  scf.if %c {
    ts.raise %m, %n : !ts.str, !ts.none
  }
  ts.defer_write %x, %a : !ts.tensor<[4], f32>, tensor<4xf32>
  scf.if %c {
    ts.raise %m, %n : !ts.str, !ts.none
  }
  ts.defer_write %x, %b : !ts.tensor<[4], f32>, tensor<4xf32>
  ts.write %x, %b : !ts.tensor<[4], f32>, tensor<4xf32>
  scf.if %c {
    ts.raise %m, %n : !ts.str, !ts.none
  }
  return
}

// -----

// In a loop it is what the iteration has got to.
// CHECK-LABEL: func.func @loop
// CHECK:       scf.for {{.*}} iter_args(%[[V:.*]] =
// CHECK-NEXT:    scf.if
// CHECK-NEXT:      ts.write %arg0, %[[V]]
// CHECK-NEXT:      ts.raise
// CHECK:       scf.if
// CHECK-NEXT:    ts.write %arg0, %{{.*}}
// CHECK-NEXT:    ts.raise
func.func @loop(%x: !ts.tensor<[4], f32>, %a: tensor<4xf32>, %k: i64, %c: i1, %m: !ts.str, %n: !ts.none) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %k step %c1 iter_args(%v = %a) -> (tensor<4xf32>) : i64 {
    ts.defer_write %x, %v : !ts.tensor<[4], f32>, tensor<4xf32>
    scf.if %c {
      ts.raise %m, %n : !ts.str, !ts.none
    }
    ts.defer_write %x, %a : !ts.tensor<[4], f32>, tensor<4xf32>
    scf.yield %a : tensor<4xf32>
  }
  ts.defer_write %x, %r : !ts.tensor<[4], f32>, tensor<4xf32>
  scf.if %c {
    ts.raise %m, %n : !ts.str, !ts.none
  }
  ts.write %x, %r : !ts.tensor<[4], f32>, tensor<4xf32>
  return
}

// -----

// What the runtime may raise comes after a write, of all iterations and of the end where the value is the same.
// CHECK-LABEL: func.func @routine
// CHECK:       ts.write %arg0, %arg1
// CHECK-NEXT:  scf.for
// CHECK-NEXT:    %{{.*}} = plan.routine {{.*}}
// CHECK-NEXT:  }
// CHECK-NEXT:  return
func.func @routine(%x: !ts.tensor<[4], f32>, %a: tensor<4xf32>, %k: i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  ts.defer_write %x, %a : !ts.tensor<[4], f32>, tensor<4xf32>
  scf.for %i = %c0 to %k step %c1 : i64 {
    %s = plan.routine "draw_uniform" ins() outs(%a : tensor<4xf32>) {draws} -> tensor<4xf32>
  }
  ts.write %x, %a : !ts.tensor<[4], f32>, tensor<4xf32>
  return
}
