// RUN: wick-opt %s -split-input-file -verify-diagnostics --ts-infer-types="inputs=2x3xf32" --ts-use-fallback="final" --ts-verify-program="final"

ts.schema @"aten::stride" "aten::stride(Tensor self) -> int[]" arguments ["self"] writes [] aliases []

// LibTorch gives the rows of the result another order.
func.func @computed(%x: !ts.tensor) -> !ts.list<i64> {
  %0 = aten.nonzero %x : (!ts.tensor) -> !ts.tensor
  // expected-error@+1 {{the strides of this tensor are not known here; ask for those of clone(memory_format=torch.contiguous_format)}}
  %1 = ts.operator @"aten::stride"(%0) : (!ts.tensor) -> !ts.list<i64>
  return %1 : !ts.list<i64>
}

// -----

ts.schema @"aten::is_contiguous" "aten::is_contiguous(Tensor self) -> bool" arguments ["self"] writes [] aliases []

func.func @chosen(%x: !ts.tensor, %p: i1) -> i1 {
  %0 = scf.if %p -> !ts.tensor {
    %2 = aten.t %x : (!ts.tensor) -> !ts.tensor
    scf.yield %2 : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  // expected-error@+1 {{the strides of this tensor are not known here}}
  %1 = ts.operator @"aten::is_contiguous"(%0) : (!ts.tensor) -> i1
  return %1 : i1
}

// -----

ts.schema @"aten::storage_offset" "aten::storage_offset(Tensor self) -> int" arguments ["self"] writes [] aliases []

// Which format is asked for is not known.
func.func @format(%x: !ts.tensor) -> i64 {
  %0 = aten.contiguous %x {aten.memory_format = -1 : i64} : (!ts.tensor) -> !ts.tensor
  // expected-error@+1 {{the strides of this tensor are not known here}}
  %1 = ts.operator @"aten::storage_offset"(%0) : (!ts.tensor) -> i64
  return %1 : i64
}

// -----

ts.schema @"aten::stride" "aten::stride(Tensor self) -> int[]" arguments ["self"] writes [] aliases []

// An empty tensor that an operator computes.
func.func @empty(%x: !ts.tensor) -> !ts.list<i64> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %none = ts.none
  %0 = aten.slice %x, %c1, %c0, %c0, %c1 : (!ts.tensor, i64, i64, i64, i64) -> !ts.tensor
  %1 = aten.mul %0, %0 : (!ts.tensor, !ts.tensor) -> !ts.tensor
  // expected-error@+1 {{the strides of this tensor are not known here}}
  %2 = ts.operator @"aten::stride"(%1) : (!ts.tensor) -> !ts.list<i64>
  return %2 : !ts.list<i64>
}

// -----

ts.schema @"aten::is_set_to" "aten::is_set_to(Tensor self, Tensor tensor) -> bool" arguments ["self", "tensor"] writes [] aliases []

// LibTorch would be given two copies, of which none is the other.
func.func @compared(%x: !ts.tensor) -> i1 {
  %0 = aten.t %x : (!ts.tensor) -> !ts.tensor
  // expected-error@+1 {{operator 'aten::is_set_to' has no native implementation}}
  %1 = ts.operator @"aten::is_set_to"(%x, %0) : (!ts.tensor, !ts.tensor) -> i1
  return %1 : i1
}

// -----

ts.schema @"aten::stride" "aten::stride(Tensor self) -> int[]" arguments ["self"] writes [] aliases []

// LibTorch makes the tensor that is given for the result larger, and does not ask in which order the operands lie.
func.func @output(%x: !ts.tensor) -> !ts.list<i64> {
  %c0 = arith.constant 0 : i64
  %none = ts.none
  %size = ts.list_construct %c0 : (i64) -> !ts.list<i64>
  %out = aten.zeros %size, %none : (!ts.list<i64>, !ts.none) -> !ts.tensor
  %0 = aten.t %x : (!ts.tensor) -> !ts.tensor
  %1 = aten.exp %0 : (!ts.tensor) -> !ts.tensor
  ts.write %out, %1 {strict, ts.output} : !ts.tensor, !ts.tensor
  // expected-error@+1 {{the strides of this tensor are not known here}}
  %2 = ts.operator @"aten::stride"(%out) : (!ts.tensor) -> !ts.list<i64>
  return %2 : !ts.list<i64>
}

// -----

ts.schema @"aten::_reshape_alias" "aten::_reshape_alias(Tensor(a) self, SymInt[] size, SymInt[] stride) -> Tensor(a)" arguments ["self", "size", "stride"] writes [] aliases [0]

// Of a tensor in order LibTorch is given the memory as it is, of another a copy.
func.func @through(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  %c3 = arith.constant 3 : i64
  %size = ts.list_construct %c3 : (i64) -> !ts.list<i64>
  %0 = ts.operator @"aten::_reshape_alias"(%x, %size, %size) : (!ts.tensor, !ts.list<i64>, !ts.list<i64>) -> !ts.tensor
  %1 = aten.t %x : (!ts.tensor) -> !ts.tensor
  // expected-error@+1 {{the strides of this tensor are not known here}}
  %2 = ts.operator @"aten::_reshape_alias"(%1, %size, %size) : (!ts.tensor, !ts.list<i64>, !ts.list<i64>) -> !ts.tensor
  return %0, %2 : !ts.tensor, !ts.tensor
}
