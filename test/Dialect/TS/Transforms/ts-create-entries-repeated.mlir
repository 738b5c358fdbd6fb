// RUN: wick-opt %s --ts-create-entries="inputs=x=2xf32,y=&x" | FileCheck %s
// RUN: not wick-opt %s --ts-create-entries="inputs=x=&y" 2>&1 | FileCheck %s --check-prefix=INVALID

ts.class @__torch__.M "module" {
  ts.method "forward" = @__torch__.M.forward
}
ts.image @root {
  %m = ts.create_object : !ts.object<@__torch__.M>
  ts.yield %m : !ts.object<@__torch__.M>
}
func.func private @__torch__.M.forward(%self: !ts.object<@__torch__.M>, %x: !ts.tensor {ts.name = "x"}, %y: !ts.optional<!ts.tensor> {ts.name = "y"}, %n: i64 {ts.name = "n"}) -> !ts.tensor {
  return %x : !ts.tensor
}

// An argument that is another one, given again, is none of the entry's.
// CHECK: func.func @forward(%[[X:.*]]: !ts.tensor {ts.name = "x"}, %[[N:.*]]: i64 {ts.name = "n"})
// CHECK: %[[Y:.*]] = ts.upcast %[[X]] : !ts.tensor to !ts.optional<!ts.tensor>
// CHECK: call @__torch__.M.forward(%{{.*}}, %[[X]], %[[Y]], %[[N]])

// INVALID: error: input 'x=&y': method 'forward' has no such arguments, one after the other
