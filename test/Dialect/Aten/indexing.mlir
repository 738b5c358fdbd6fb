// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_embedding(
// CHECK: aten.embedding %
func.func private @aten_embedding(%weight: !ts.tensor, %indices: !ts.tensor, %padding_idx: i64) -> !ts.tensor {
  %y = aten.embedding %weight, %indices, %padding_idx : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_index_select(
// CHECK: aten.index_select %
func.func private @aten_index_select(%self: !ts.tensor, %dim: i64, %index: !ts.tensor) -> !ts.tensor {
  %y = aten.index_select %self, %dim, %index : (!ts.tensor, i64, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_gather(
// CHECK: aten.gather %
func.func private @aten_gather(%self: !ts.tensor, %dim: i64, %index: !ts.tensor) -> !ts.tensor {
  %y = aten.gather %self, %dim, %index : (!ts.tensor, i64, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_take_along_dim(
// CHECK: aten.take_along_dim %
func.func private @aten_take_along_dim(%self: !ts.tensor, %indices: !ts.tensor, %dim: i64) -> !ts.tensor {
  %y = aten.take_along_dim %self, %indices, %dim : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_index(
// CHECK: aten.index %
func.func private @aten_index(%self: !ts.tensor, %indices: !ts.list<!ts.tensor>) -> !ts.tensor {
  %y = aten.index %self, %indices : (!ts.tensor, !ts.list<!ts.tensor>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_scatter(
// CHECK: aten.scatter %
func.func private @aten_scatter(%self: !ts.tensor, %dim: i64, %index: !ts.tensor, %src: !ts.tensor) -> !ts.tensor {
  %y = aten.scatter %self, %dim, %index, %src : (!ts.tensor, i64, !ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_scatter_value(
// CHECK: aten.scatter.value %
func.func private @aten_scatter_value(%self: !ts.tensor, %dim: i64, %index: !ts.tensor, %value: f64) -> !ts.tensor {
  %y = aten.scatter.value %self, %dim, %index, %value : (!ts.tensor, i64, !ts.tensor, f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_scatter_add(
// CHECK: aten.scatter_add %
func.func private @aten_scatter_add(%self: !ts.tensor, %dim: i64, %index: !ts.tensor,
    %src: !ts.tensor) -> !ts.tensor {
  %y = aten.scatter_add %self, %dim, %index, %src : (!ts.tensor, i64, !ts.tensor, !ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_index_put(
// CHECK: aten.index_put %
func.func private @aten_index_put(%self: !ts.tensor, %indices: !ts.list<!ts.tensor>, %values: !ts.tensor,
    %accumulate: i1) -> !ts.tensor {
  %y = aten.index_put %self, %indices, %values, %accumulate : (!ts.tensor, !ts.list<!ts.tensor>, !ts.tensor,
    i1) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_slice_scatter(
// CHECK: aten.slice_scatter %
func.func private @aten_slice_scatter(%self: !ts.tensor, %src: !ts.tensor, %dim: i64, %start: i64, %end: i64,
    %step: i64) -> !ts.tensor {
  %y = aten.slice_scatter %self, %src, %dim, %start, %end, %step : (!ts.tensor, !ts.tensor, i64, i64, i64,
    i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_select_scatter(
// CHECK: aten.select_scatter %
func.func private @aten_select_scatter(%self: !ts.tensor, %src: !ts.tensor, %dim: i64, %index: i64) -> !ts.tensor {
  %y = aten.select_scatter %self, %src, %dim, %index : (!ts.tensor, !ts.tensor, i64, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_cat(
// CHECK: aten.cat %
func.func private @aten_cat(%tensors: !ts.list<!ts.tensor>, %dim: i64) -> !ts.tensor {
  %y = aten.cat %tensors, %dim : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_stack(
// CHECK: aten.stack %
func.func private @aten_stack(%tensors: !ts.list<!ts.tensor>, %dim: i64) -> !ts.tensor {
  %y = aten.stack %tensors, %dim : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_flip(
// CHECK: aten.flip %
func.func private @aten_flip(%self: !ts.tensor, %dims: !ts.list<i64>) -> !ts.tensor {
  %y = aten.flip %self, %dims : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_roll(
// CHECK: aten.roll %
func.func private @aten_roll(%self: !ts.tensor, %shifts: !ts.list<i64>, %dims: !ts.list<i64>) -> !ts.tensor {
  %y = aten.roll %self, %shifts, %dims : (!ts.tensor, !ts.list<i64>, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_repeat(
// CHECK: aten.repeat %
func.func private @aten_repeat(%self: !ts.tensor, %repeats: !ts.list<i64>) -> !ts.tensor {
  %y = aten.repeat %self, %repeats : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_constant_pad_nd(
// CHECK: aten.constant_pad_nd %
func.func private @aten_constant_pad_nd(%self: !ts.tensor, %pad: !ts.list<i64>, %value: f64) -> !ts.tensor {
  %y = aten.constant_pad_nd %self, %pad, %value : (!ts.tensor, !ts.list<i64>, f64) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_pad(
// CHECK: aten.pad %
func.func private @aten_pad(%self: !ts.tensor, %pad: !ts.list<i64>, %mode: !ts.str, %value: !ts.none) -> !ts.tensor {
  %y = aten.pad %self, %pad, %mode, %value : (!ts.tensor, !ts.list<i64>, !ts.str, !ts.none) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_reflection_pad(
// CHECK: aten.reflection_pad %
func.func private @aten_reflection_pad(%self: !ts.tensor, %padding: !ts.list<i64>) -> !ts.tensor {
  %y = aten.reflection_pad %self, %padding : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_replication_pad(
// CHECK: aten.replication_pad %
func.func private @aten_replication_pad(%self: !ts.tensor, %padding: !ts.list<i64>) -> !ts.tensor {
  %y = aten.replication_pad %self, %padding : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_scatter_reduce(
// CHECK: aten.scatter_reduce %
func.func private @aten_scatter_reduce(%self: !ts.tensor, %dim: i64, %index: !ts.tensor, %src: !ts.tensor,
    %reduce: !ts.str, %include: i1) -> !ts.tensor {
  %y = aten.scatter_reduce %self, %dim, %index, %src, %reduce, %include : (!ts.tensor, i64, !ts.tensor, !ts.tensor,
    !ts.str, i1) -> !ts.tensor
  return %y : !ts.tensor
}

// CHECK-LABEL: func.func private @aten_nonzero(
// CHECK: aten.nonzero %
func.func private @aten_nonzero(%self: !ts.tensor) -> !ts.tensor {
  %y = aten.nonzero %self : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}
