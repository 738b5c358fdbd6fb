// RUN: wick-opt %s --ts-infer-types="inputs=4x5x6xf32,4x5xi1,f32" --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @masked
func.func @masked(%x: !ts.tensor, %mask: !ts.tensor, %value: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  %false = arith.constant false
  %list = ts.list_construct %mask : (!ts.tensor) -> !ts.list<!ts.tensor>
  // CHECK: %[[SOURCE:.*]] = aten.flatten %arg0, {{.*}} -> !ts.tensor<[20, 6], f32>
  // CHECK: %[[MASK:.*]] = aten.flatten %arg1, {{.*}} -> !ts.tensor<[20], i1>
  // CHECK: aten.nonzero %[[MASK]] : {{.*}} -> !ts.tensor<[?, 1], i64>
  // CHECK: aten.index_select %[[SOURCE]], {{.*}} -> !ts.tensor<[?, 6], f32>
  %0 = aten.index %x, %list : (!ts.tensor, !ts.list<!ts.tensor>) -> !ts.tensor
  // One value needs no positions.
  // CHECK: %[[WIDE:.*]] = aten.unsqueeze %arg1, {{.*}} -> !ts.tensor<[4, 5, 1], i1>
  // CHECK: aten.masked_fill %arg0, %[[WIDE]], %arg2
  // CHECK-NOT: aten.index_put
  %1 = aten.index_put %x, %list, %value, %false : (!ts.tensor, !ts.list<!ts.tensor>, !ts.tensor, i1) -> !ts.tensor
  return %0, %1 : !ts.tensor, !ts.tensor
}

// -----

func.func @other_shape(%x: !ts.tensor, %mask: !ts.tensor, %value: !ts.tensor) -> !ts.tensor {
  %none = ts.none
  %n = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor>
  %m = ts.upcast %mask : !ts.tensor to !ts.optional<!ts.tensor>
  %list = ts.list_construct %n, %m : (!ts.optional<!ts.tensor>, !ts.optional<!ts.tensor>) -> !ts.list<!ts.optional<!ts.tensor>>
  // expected-error @below {{The shape of the mask [4, 5] at index 0 does not match the shape of the indexed tensor [4, 5, 6] at index 1}}
  %0 = aten.index %x, %list : (!ts.tensor, !ts.list<!ts.optional<!ts.tensor>>) -> !ts.tensor
  return %0 : !ts.tensor
}

// -----

// Beside other indices positions in each of its dims stand for a mask.
// CHECK-LABEL: func.func @beside
func.func @beside(%x: !ts.tensor, %mask: !ts.tensor, %value: !ts.tensor) -> !ts.tensor {
  %false = arith.constant false
  %dtype = arith.constant 4 : i64
  %none = ts.none
  %zero = arith.constant 0 : i64
  %i = aten.scalar_tensor %zero, %dtype : (i64, i64) -> !ts.tensor
  // CHECK: %[[FOUND:.*]] = aten.nonzero %arg1 : {{.*}} -> !ts.tensor<[?, 2], i64>
  // CHECK: %[[ROWS:.*]] = aten.select %[[FOUND]], {{.*}} -> !ts.tensor<[?], i64>
  // CHECK: %[[COLUMNS:.*]] = aten.select %[[FOUND]], {{.*}} -> !ts.tensor<[?], i64>
  // CHECK: %[[LIST:.*]] = ts.list_construct %[[ROWS]], %[[COLUMNS]], %{{.*}}
  // CHECK: aten.index_put %arg0, %[[LIST]], %arg2
  %list = ts.list_construct %mask, %i : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
  %0 = aten.index_put %x, %list, %value, %false : (!ts.tensor, !ts.list<!ts.tensor>, !ts.tensor, i1) -> !ts.tensor
  return %0 : !ts.tensor
}
