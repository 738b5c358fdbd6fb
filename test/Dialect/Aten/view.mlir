// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_view(
// CHECK: aten.view %
func.func private @aten_view(%x: !ts.tensor, %size: !ts.list<i64>) -> !ts.tensor {
  %y = aten.view %x, %size : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_reshape(
// CHECK: aten.reshape %
func.func private @aten_reshape(%x: !ts.tensor, %shape: !ts.list<i64>) -> !ts.tensor {
  %y = aten.reshape %x, %shape : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_reshape_as(
// CHECK: aten.reshape_as %
func.func private @aten_reshape_as(%x: !ts.tensor, %other: !ts.tensor) -> !ts.tensor {
  %y = aten.reshape_as %x, %other : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_flatten(
// CHECK: aten.flatten %
func.func private @aten_flatten(%x: !ts.tensor, %first: i64, %last: i64) -> !ts.tensor {
  %y = aten.flatten %x, %first, %last : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_unflatten(
// CHECK: aten.unflatten %
func.func private @aten_unflatten(%x: !ts.tensor, %dim: i64, %sizes: !ts.list<i64>) -> !ts.tensor {
  %y = aten.unflatten %x, %dim, %sizes : (!ts.tensor, i64, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_unsqueeze(
// CHECK: aten.unsqueeze %
func.func private @aten_unsqueeze(%x: !ts.tensor, %dim: i64) -> !ts.tensor {
  %y = aten.unsqueeze %x, %dim : (!ts.tensor, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_squeeze(
// CHECK: aten.squeeze %
func.func private @aten_squeeze(%x: !ts.tensor, %dim: i64) -> !ts.tensor {
  %y = aten.squeeze %x, %dim : (!ts.tensor, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_transpose(
// CHECK: aten.transpose %
func.func private @aten_transpose(%x: !ts.tensor, %i: i64, %j: i64) -> !ts.tensor {
  %y = aten.transpose %x, %i, %j : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_swapaxes(
// CHECK: aten.swapaxes %
func.func private @aten_swapaxes(%x: !ts.tensor, %i: i64, %j: i64) -> !ts.tensor {
  %y = aten.swapaxes %x, %i, %j : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_t(
// CHECK: aten.t %
func.func private @aten_t(%x: !ts.tensor) -> !ts.tensor {
  %y = aten.t %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_numpy_T(
// CHECK: aten.numpy_T %
func.func private @aten_numpy_T(%x: !ts.tensor) -> !ts.tensor {
  %y = aten.numpy_T %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_mT(
// CHECK: aten.mT %
func.func private @aten_mT(%x: !ts.tensor) -> !ts.tensor {
  %y = aten.mT %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_permute(
// CHECK: aten.permute %
func.func private @aten_permute(%x: !ts.tensor, %dims: !ts.list<i64>) -> !ts.tensor {
  %y = aten.permute %x, %dims : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_movedim(
// CHECK: aten.movedim %
func.func private @aten_movedim(%x: !ts.tensor, %from: i64, %to: i64) -> !ts.tensor {
  %y = aten.movedim %x, %from, %to : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_expand(
// CHECK: aten.expand %
func.func private @aten_expand(%x: !ts.tensor, %size: !ts.list<i64>) -> !ts.tensor {
  %y = aten.expand %x, %size : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_expand_as(
// CHECK: aten.expand_as %
func.func private @aten_expand_as(%x: !ts.tensor, %other: !ts.tensor) -> !ts.tensor {
  %y = aten.expand_as %x, %other : (!ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_select(
// CHECK: aten.select %
func.func private @aten_select(%x: !ts.tensor, %dim: i64, %index: i64) -> !ts.tensor {
  %y = aten.select %x, %dim, %index : (!ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_slice(
// CHECK: aten.slice %
func.func private @aten_slice(%x: !ts.tensor, %dim: i64, %start: i64, %end: i64, %step: i64) -> !ts.tensor {
  %y = aten.slice %x, %dim, %start, %end, %step : (!ts.tensor, i64, i64, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_narrow(
// CHECK: aten.narrow %
func.func private @aten_narrow(%x: !ts.tensor, %dim: i64, %start: i64, %length: i64) -> !ts.tensor {
  %y = aten.narrow %x, %dim, %start, %length : (!ts.tensor, i64, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_chunk(
// CHECK: aten.chunk %
func.func private @aten_chunk(%x: !ts.tensor, %chunks: i64, %dim: i64) -> !ts.list<!ts.tensor> {
  %l = aten.chunk %x, %chunks, %dim : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
  return %l : !ts.list<!ts.tensor>
}

// CHECK-LABEL: func.func private @aten_split(
// CHECK: aten.split %
func.func private @aten_split(%x: !ts.tensor, %size: i64, %dim: i64) -> !ts.list<!ts.tensor> {
  %l = aten.split %x, %size, %dim : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
  return %l : !ts.list<!ts.tensor>
}

// CHECK-LABEL: func.func private @aten_split_with_sizes(
// CHECK: aten.split_with_sizes %
func.func private @aten_split_with_sizes(%x: !ts.tensor, %sizes: !ts.list<i64>, %dim: i64) -> !ts.list<!ts.tensor> {
  %l = aten.split_with_sizes %x, %sizes, %dim : (!ts.tensor, !ts.list<i64>, i64) -> !ts.list<!ts.tensor>
  return %l : !ts.list<!ts.tensor>
}

// CHECK-LABEL: func.func private @aten_unbind(
// CHECK: aten.unbind %
func.func private @aten_unbind(%x: !ts.tensor, %dim: i64) -> !ts.list<!ts.tensor> {
  %l = aten.unbind %x, %dim : (!ts.tensor, i64) -> !ts.list<!ts.tensor>
  return %l : !ts.list<!ts.tensor>
}

// CHECK-LABEL: func.func private @aten_parts(
// CHECK: aten.view_as_real %
// CHECK: aten.view_as_complex %
func.func private @aten_parts(%x: !ts.tensor) -> !ts.tensor {
  %y = aten.view_as_real %x : (!ts.tensor) -> !ts.tensor
  %z = aten.view_as_complex %y : (!ts.tensor) -> !ts.tensor
  return %z : !ts.tensor
}
