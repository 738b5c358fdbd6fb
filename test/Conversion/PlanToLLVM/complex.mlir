// RUN: wick-opt %s --plan-expand-ops --convert-plan-to-llvm --reconcile-unrealized-casts --canonicalize | FileCheck %s

ts.schema @"aten::exp.complex" "aten::exp.complex(complex a) -> complex" arguments ["a"] writes [] aliases []

// A complex number is read from its object, and an object is made of one that is returned.
// CHECK-LABEL: llvm.func hidden @product
// CHECK:         %[[Z:.*]] = llvm.load {{.*}} : !llvm.ptr -> !llvm.ptr
// CHECK:         %[[RE:.*]] = llvm.load %[[Z]] : !llvm.ptr -> f64
// CHECK:         %[[AT:.*]] = llvm.getelementptr %[[Z]][8]
// CHECK:         %[[IM:.*]] = llvm.load %[[AT]] : !llvm.ptr -> f64
// CHECK:         llvm.fmul
// CHECK:         %[[STATUS:.*]] = llvm.call
// CHECK:         %[[OK:.*]] = llvm.icmp "eq" %[[STATUS]]
// CHECK:         llvm.cond_br %[[OK]], ^[[MADE:.*]], ^
// CHECK:       ^[[MADE]]:
// CHECK:         %[[BOX:.*]] = llvm.load {{.*}} : !llvm.ptr -> !llvm.ptr
// CHECK:         llvm.store %[[BOX]]
func.func @product(%z: complex<f64>) -> complex<f64> {
  %w = complex.mul %z, %z : complex<f64>
  return %w : complex<f64>
}

// What the runtime computes takes an object and gives one.
// CHECK-LABEL: llvm.func hidden @exponential
// CHECK-COUNT-2: llvm.call
// CHECK:         llvm.load {{.*}} : !llvm.ptr -> f64
func.func @exponential(%z: complex<f64>) -> i1 {
  %w = ts.operator @"aten::exp.complex"(%z) : (complex<f64>) -> complex<f64>
  %e = complex.eq %w, %z : complex<f64>
  return %e : i1
}

// CHECK-LABEL: llvm.func hidden @tagged
// CHECK:         llvm.call
// CHECK:         %[[P:.*]] = llvm.ptrtoint
// CHECK:         llvm.store %[[P]]
func.func @tagged(%z: complex<f64>) -> !ts.optional<complex<f64>> {
  %w = complex.neg %z : complex<f64>
  %o = ts.upcast %w : complex<f64> to !ts.optional<complex<f64>>
  return %o : !ts.optional<complex<f64>>
}
