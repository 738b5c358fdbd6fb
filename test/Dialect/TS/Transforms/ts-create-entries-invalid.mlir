// RUN: wick-opt %s --ts-create-entries=methods=missing --split-input-file --verify-diagnostics
// RUN: not wick-opt %s --split-input-file --ts-create-entries="inputs=@__torch__.N(x=f32)" 2>&1 | FileCheck %s
// CHECK: error: input '@__torch__.N(x=f32)': the program has no class '__torch__.N'

// expected-error @+1 {{class "__torch__.M" has no method 'missing'}}
ts.class @__torch__.M "module" {
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.M>
  ts.yield %m : !ts.object<@__torch__.M>
}

// -----

// expected-error @+1 {{the root of the archive is not an object of a known class}}
ts.image @root {
  %m = arith.constant 1 : i64
  ts.yield %m : i64
}
