// RUN: wick-opt %s --ts-verify-typed --verify-diagnostics --split-input-file

func.func @known(%x: !ts.tensor<[s0], f32>) -> !ts.tensor<[s0], f32> {
  %y = aten.relu %x : (!ts.tensor<[s0], f32>) -> !ts.tensor<[s0], f32>
  return %y : !ts.tensor<[s0], f32>
}

// -----

// expected-error @+1 {{the shape and dtype of argument 'x' of method 'argument' are not known; give them, as in --input x=1x3x224x224xf32}}
func.func @argument(%x: !ts.tensor {ts.name = "x"}) -> !ts.tensor {
  %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// -----

func.func @first(%x: !ts.tensor<[s0], f32>) -> !ts.tensor {
  // expected-error @+1 {{'aten.relu' op has a result whose dtype or rank is not known at compile time}}
  %y = aten.relu %x : (!ts.tensor<[s0], f32>) -> !ts.tensor
  %z = aten.relu %y : (!ts.tensor) -> !ts.tensor
  return %z : !ts.tensor
}

// -----

// A tensor of one of two ranks that is only handed on is a reference.
func.func @handed_on(%x: !ts.tensor<[2, 3], f32>, %y: !ts.tensor<[3], f32>, %flag: i1) -> !ts.tensor {
  %r = scf.if %flag -> !ts.tensor {
    %a = ts.refine %x : !ts.tensor<[2, 3], f32> to !ts.tensor
    scf.yield %a : !ts.tensor
  } else {
    %b = ts.refine %y : !ts.tensor<[3], f32> to !ts.tensor
    scf.yield %b : !ts.tensor
  }
  return %r : !ts.tensor
}

// -----

func.func @looked_into(%x: !ts.tensor<[2, 3], f32>, %y: !ts.tensor<[3], f32>, %flag: i1) -> i64 {
  // expected-error @+1 {{'scf.if' op has a result whose dtype or rank is not known at compile time}}
  %r = scf.if %flag -> !ts.tensor {
    // expected-error @+1 {{'ts.refine' op has a result whose dtype or rank is not known at compile time}}
    %a = ts.refine %x : !ts.tensor<[2, 3], f32> to !ts.tensor
    scf.yield %a : !ts.tensor
  } else {
    // expected-error @+1 {{'ts.refine' op has a result whose dtype or rank is not known at compile time}}
    %b = ts.refine %y : !ts.tensor<[3], f32> to !ts.tensor
    scf.yield %b : !ts.tensor
  }
  %n = ts.numel %r : !ts.tensor
  return %n : i64
}
