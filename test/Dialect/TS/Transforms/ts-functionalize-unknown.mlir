// RUN: wick-opt %s --ts-functionalize --split-input-file | FileCheck %s

// A tensor of which only run time knows the rank stays a reference, through branches too; a write goes to its memory.
// CHECK-LABEL: func @written
func.func @written(%sizes: !ts.list<i64>, %flag: i1) -> !ts.tensor {
  // CHECK: %[[X:.*]] = ts.fallback ["aten::ones"]
  %x = ts.fallback ["aten::ones"] ["size"] (%sizes) aliases [] : (!ts.list<i64>) -> !ts.tensor
  // CHECK: %[[Y:.*]] = scf.if %{{.*}} -> (!ts.tensor) {
  %y = scf.if %flag -> (!ts.tensor) {
    // CHECK: %[[V:.*]] = ts.fallback ["aten::t"] ["self"](%[[X]]) aliases [0]
    %v = ts.fallback ["aten::t"] ["self"] (%x) aliases [0] : (!ts.tensor) -> !ts.tensor
    // CHECK: scf.yield %[[V]]
    scf.yield %v : !ts.tensor
  } else {
    // CHECK: scf.yield %[[X]]
    scf.yield %x : !ts.tensor
  }
  // CHECK: ts.fallback ["aten::copy_"] ["self&", "src"](%[[Y]], %[[X]]) aliases [] : (!ts.tensor, !ts.tensor) -> ()
  ts.write %y, %x : !ts.tensor, !ts.tensor
  // CHECK: return %[[Y]]
  return %y : !ts.tensor
}

// -----

// A strict write checks the dtypes first; what is written into a value is LibTorch's copy.
// CHECK-LABEL: func @into_value
func.func @into_value(%sizes: !ts.list<i64>, %a: !ts.tensor<[2], f32>) -> !ts.tensor<[2], f32> {
  %x = ts.fallback ["aten::ones"] ["size"] (%sizes) aliases [] : (!ts.list<i64>) -> !ts.tensor
  %y = aten.relu %a : (!ts.tensor<[2], f32>) -> !ts.tensor<[2], f32>
  // CHECK: ts.fallback ["prim::dtype"]
  // CHECK: ts.fallback ["prim::dtype"]
  // CHECK: ts.fallback ["aten::can_cast"]
  // CHECK: ts.raise
  // CHECK: %[[C:.*]] = ts.fallback ["aten::copy"] ["self", "src"]
  // CHECK: ts.read %[[C]]
  ts.write %y, %x {strict} : !ts.tensor<[2], f32>, !ts.tensor
  return %y : !ts.tensor<[2], f32>
}

// -----

// A view whose shape is not known shows the memory of its argument, which is a reference from the start then.
// CHECK-LABEL: func @view_of_value
func.func @view_of_value(%sizes: !ts.list<i64>, %a: !ts.tensor<[4], f32>) -> !ts.tensor<[4], f32> {
  // CHECK: %[[V:.*]] = aten.relu
  %y = aten.relu %a : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>
  // CHECK: %[[Y:.*]] = ts.from_value %[[V]]
  // CHECK: %[[X:.*]] = ts.fallback ["aten::view"] ["self", "size"](%[[Y]], %{{.*}}) aliases [0]
  %x = ts.fallback ["aten::view"] ["self", "size"] (%y, %sizes) aliases [0] : (!ts.tensor<[4], f32>, !ts.list<i64>) -> !ts.tensor
  // CHECK: ts.fallback ["aten::copy_"] ["self&", "src"](%[[X]], %[[X]])
  ts.write %x, %x : !ts.tensor, !ts.tensor
  // What the write did is seen.
  // CHECK: return %[[Y]]
  return %y : !ts.tensor<[4], f32>
}
