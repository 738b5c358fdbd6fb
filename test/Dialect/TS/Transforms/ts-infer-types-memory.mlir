// RUN: wick-opt %s --ts-infer-types="inputs=static:2x3x4xf32,dynamic:Bx3xf32,computed:Bx3xf32,formats:2x3x4x5xf32,chosen:Bxf32,memory:2x3xf32" --canonicalize | FileCheck %s

// Strides follow from what made a tensor.
ts.schema @"aten::stride" "aten::stride(Tensor self) -> int[]" arguments ["self"] writes [] aliases []
ts.schema @"aten::stride.int" "aten::stride.int(Tensor self, int dim) -> int" arguments ["self", "dim"] writes [] aliases []
ts.schema @"aten::storage_offset" "aten::storage_offset(Tensor self) -> int" arguments ["self"] writes [] aliases []
ts.schema @"aten::is_contiguous" "aten::is_contiguous(Tensor self) -> bool" arguments ["self"] writes [] aliases []
ts.schema @"aten::is_contiguous.memory_format" "aten::is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool" arguments ["self", "memory_format"] writes [] aliases []
ts.schema @"wick::memory" "wick::memory" arguments ["self"] writes [] aliases []

// CHECK-LABEL: func.func @static
// CHECK-DAG: %[[FALSE:.*]] = arith.constant false
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : i64
// CHECK-DAG: %[[C4:.*]] = arith.constant 4 : i64
// CHECK-DAG: %[[C12:.*]] = arith.constant 12 : i64
// CHECK-DAG: %[[C14:.*]] = arith.constant 14 : i64
// CHECK: %[[LIST:.*]] = ts.list_construct %[[C1]], %[[C4]], %[[C12]]
// CHECK: return %[[LIST]], %[[FALSE]], %[[C14]], %[[C4]]
func.func @static(%x: !ts.tensor) -> (!ts.list<i64>, i1, i64, i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %t = aten.transpose %x, %c0, %c2 : (!ts.tensor, i64, i64) -> !ts.tensor
  %0 = ts.operator @"aten::stride"(%t) : (!ts.tensor) -> !ts.list<i64>
  %1 = ts.operator @"aten::is_contiguous"(%t) : (!ts.tensor) -> i1
  %s = aten.select %t, %c0, %c2 : (!ts.tensor, i64, i64) -> !ts.tensor
  %u = aten.select %s, %c1, %c1 : (!ts.tensor, i64, i64) -> !ts.tensor
  %2 = ts.operator @"aten::storage_offset"(%u) : (!ts.tensor) -> i64
  %3 = ts.operator @"aten::stride.int"(%u, %c0) : (!ts.tensor, i64) -> i64
  return %0, %1, %2, %3 : !ts.list<i64>, i1, i64, i64
}

// Parts along the first dim lie in order, whatever their size; others where there is only one of them.
// CHECK-LABEL: func.func @dynamic
// CHECK-DAG: %[[TRUE:.*]] = arith.constant true
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : i64
// CHECK: %[[B:.*]] = arith.index_cast
// CHECK: %[[ONE:.*]] = arith.cmpi eq, %[[B]], %[[C1]]
// CHECK: %[[NONE:.*]] = arith.cmpi sle, %[[B]], %[[C0]]
// CHECK: %[[PART:.*]] = arith.ori
// CHECK: return %[[TRUE]], %[[PART]]
func.func @dynamic(%x: !ts.tensor) -> (i1, i1) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %none = ts.none
  %0 = aten.slice %x, %c0, %c1, %none, %c1 : (!ts.tensor, i64, i64, !ts.none, i64) -> !ts.tensor
  %1 = ts.operator @"aten::is_contiguous"(%0) : (!ts.tensor) -> i1
  %2 = aten.slice %x, %c1, %c1, %none, %c1 : (!ts.tensor, i64, i64, !ts.none, i64) -> !ts.tensor
  %3 = ts.operator @"aten::is_contiguous"(%2) : (!ts.tensor) -> i1
  return %1, %3 : i1, i1
}

// Operators compute tensors in the order of their operands. Which strides empty ones have is not known, nor those of
// dims of size one where the operands do not lie in order.
// CHECK-LABEL: func.func @computed
// CHECK-DAG: %[[ERROR:.*]] = ts.str "the strides of this tensor are not known here
// CHECK-DAG: %[[TRUE:.*]] = arith.constant true
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : i64
// CHECK: %[[SMALL:.*]] = arith.cmpi sle, %{{.*}}, %[[C1]]
// CHECK: scf.if %[[SMALL]]
// CHECK-NEXT: ts.raise %[[ERROR]]
// CHECK: return %[[TRUE]], %[[C1]]
func.func @computed(%x: !ts.tensor) -> (i1, i64) {
  %c0 = arith.constant 0 : i64
  %0 = aten.mul %x, %x : (!ts.tensor, !ts.tensor) -> !ts.tensor
  %1 = ts.operator @"aten::is_contiguous"(%0) : (!ts.tensor) -> i1
  %2 = aten.t %x : (!ts.tensor) -> !ts.tensor
  %3 = aten.exp %2 : (!ts.tensor) -> !ts.tensor
  %4 = ts.operator @"aten::stride.int"(%3, %c0) : (!ts.tensor, i64) -> i64
  return %1, %4 : i1, i64
}

// CHECK-LABEL: func.func @formats
// CHECK-DAG: %[[TRUE:.*]] = arith.constant true
// CHECK-DAG: %[[FALSE:.*]] = arith.constant false
// CHECK-DAG: %[[C15:.*]] = arith.constant 15 : i64
// CHECK: return %[[C15]], %[[TRUE]], %[[FALSE]]
func.func @formats(%x: !ts.tensor) -> (i64, i1, i1) {
  %c2 = arith.constant 2 : i64
  %0 = aten.contiguous %x {aten.memory_format = 2 : i64} : (!ts.tensor) -> !ts.tensor
  %1 = ts.operator @"aten::stride.int"(%0, %c2) : (!ts.tensor, i64) -> i64
  %2 = ts.operator @"aten::is_contiguous.memory_format"(%0, %c2) : (!ts.tensor, i64) -> i1
  %3 = ts.operator @"aten::is_contiguous"(%0) : (!ts.tensor) -> i1
  return %1, %2, %3 : i64, i1, i1
}

// What a branch chooses lies in order where both tensors do.
// CHECK-LABEL: func.func @chosen
// CHECK-DAG: %[[TRUE:.*]] = arith.constant true
// CHECK: return %{{.*}}, %[[TRUE]]
func.func @chosen(%x: !ts.tensor, %p: i1) -> (!ts.tensor, i1) {
  %0 = scf.if %p -> !ts.tensor {
    %2 = aten.exp %x : (!ts.tensor) -> !ts.tensor
    scf.yield %2 : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  %1 = ts.operator @"aten::is_contiguous"(%0) : (!ts.tensor) -> i1
  return %0, %1 : !ts.tensor, i1
}

// The memory of a view is that of what it is a view of.
// CHECK-LABEL: func.func @memory
// CHECK: aten.view %arg0, {{.*}} -> !ts.tensor<[6], f32>
func.func @memory(%x: !ts.tensor) -> !ts.tensor {
  %0 = aten.t %x : (!ts.tensor) -> !ts.tensor
  %1 = ts.operator @"wick::memory"(%0) : (!ts.tensor) -> !ts.tensor
  return %1 : !ts.tensor
}
