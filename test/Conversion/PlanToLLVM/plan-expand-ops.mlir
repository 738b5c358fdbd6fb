// RUN: wick-opt %s --plan-expand-ops=fma=true | FileCheck %s

// Functions that all models are full of are polynomials on whole vectors; others stay for the runtime.
// CHECK-LABEL: func.func private @functions
// CHECK-NOT:     math.{{exp|erf|tanh|log}}
// CHECK:         math.sin
// CHECK-NOT:     math.{{exp|erf|tanh|log}}
// CHECK:         return
func.func private @functions(%x: vector<8xf32>) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
    attributes {plan.kernel} {
  %exp = math.exp %x : vector<8xf32>
  %erf = math.erf %x : vector<8xf32>
  %sin = math.sin %x : vector<8xf32>
  %tanh = math.tanh %x : vector<8xf32>
  %log = math.log %x : vector<8xf32>
  return %exp, %erf, %sin, %tanh, %log : vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>
}
