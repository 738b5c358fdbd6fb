// RUN: wick-opt %s --plan-expand-ops=fma=true | FileCheck %s

// Functions are polynomials on whole vectors.
// CHECK-LABEL: func.func private @functions
// CHECK-NOT:     math.{{exp|erf|tanh|log}}
// CHECK:         return
func.func private @functions(%x: vector<8xf32>, %y: vector<4xf64>)
    -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<4xf64>) attributes {plan.kernel} {
  %exp = math.exp %x : vector<8xf32>
  %erf = math.erf %x : vector<8xf32>
  %tanh = math.tanh %x : vector<8xf32>
  %log = math.log1p %x : vector<8xf32>
  %double = math.exp %y : vector<4xf64>
  return %exp, %erf, %tanh, %log, %double : vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<4xf64>
}

// Where one of the numbers is too large, all of them take the function of the runtime.
// CHECK-LABEL: func.func private @angles
// CHECK:         %[[FITS:.*]] = arith.cmpf olt, %{{.*}}, %{{.*}} : vector<8xf32>
// CHECK:         %[[ALL:.*]] = vector.reduction <and>, %[[FITS]]
// CHECK:         scf.if %[[ALL]] -> (vector<8xf32>) {
// CHECK-NOT:       math.sin
// CHECK:         } else {
// CHECK:           math.sin %{{.*}} {plan.library} : vector<8xf32>
func.func private @angles(%x: vector<8xf32>) -> vector<8xf32> attributes {plan.kernel} {
  %sin = math.sin %x : vector<8xf32>
  return %sin : vector<8xf32>
}

// Half precision is computed in single.
// CHECK-LABEL: func.func private @halves
// CHECK:         arith.extf %{{.*}} : vector<8xf16> to vector<8xf32>
// CHECK-NOT:     math.log2
// CHECK:         arith.truncf %{{.*}} : vector<8xf32> to vector<8xf16>
func.func private @halves(%x: vector<8xf16>) -> vector<8xf16> attributes {plan.kernel} {
  %log = math.log2 %x : vector<8xf16>
  return %log : vector<8xf16>
}

// The numbers of a program are libm's.
// CHECK-LABEL: func.func @number
// CHECK:         math.exp %{{.*}} : f64
func.func @number(%x: f64) -> f64 {
  %exp = math.exp %x : f64
  return %exp : f64
}

// Two sizes of a group that only run time knows.
// CHECK-LABEL: func.func @expand_shape
// CHECK-NOT: expand_shape
// CHECK: memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [%{{.*}}, %{{.*}}, 2]
func.func @expand_shape(%x: memref<?xf32>, %a: index, %b: index, %i: index) -> f32 {
  %y = memref.expand_shape %x [[0, 1, 2]] output_shape [%a, %b, 2] : memref<?xf32> into memref<?x?x2xf32>
  %v = memref.load %y[%i, %i, %i] : memref<?x?x2xf32>
  return %v : f32
}

// Also where a cast and a collapse come after it.
// CHECK-LABEL: func.func @expanded_and_collapsed
// CHECK-NOT: {{expand|collapse}}_shape
func.func @expanded_and_collapsed(%x: memref<?xf32>, %n: index, %i: index) -> f32 {
  %c1 = arith.constant 1 : index
  %y = memref.expand_shape %x [[0, 1, 2]] output_shape [%n, %c1, 8] : memref<?xf32> into memref<?x?x8xf32>
  %cast = memref.cast %y : memref<?x?x8xf32> to memref<?x1x8xf32>
  %z = memref.collapse_shape %cast [[0, 1, 2]] : memref<?x1x8xf32> into memref<?xf32>
  %v = memref.load %z[%i] : memref<?xf32>
  return %v : f32
}

// Division is scaled by the larger part of the divisor.
// CHECK-LABEL: func.func @quotient
// CHECK-NOT:     complex.div
// CHECK:         %[[C:.*]] = complex.re %arg1
// CHECK:         %[[D:.*]] = complex.im %arg1
// CHECK-DAG:     %[[AC:.*]] = math.absf %[[C]]
// CHECK-DAG:     %[[AD:.*]] = math.absf %[[D]]
// CHECK:         %[[LARGER:.*]] = arith.cmpf oge, %[[AC]], %[[AD]]
// CHECK:         arith.select %[[LARGER]], %[[C]], %[[D]]
// CHECK:         complex.create
func.func @quotient(%a: complex<f64>, %b: complex<f64>) -> complex<f64> {
  %c = complex.div %a, %b : complex<f64>
  return %c : complex<f64>
}
