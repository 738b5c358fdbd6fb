//===- AtenNormalizationOps.td - batch, layer and group norms, softmax -*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS
#define WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

def Aten_BatchNormOp : Aten_Op<"batch_norm",
    (ins Aten_Tensor:$input, Aten_OptionalTensor:$weight, Aten_OptionalTensor:$bias,
      Aten_OptionalTensor:$running_mean, Aten_OptionalTensor:$running_var, Aten_Bool:$training,
      Aten_Float:$momentum, Aten_Float:$eps),
    ["aten::batch_norm"]> {
  let summary = "Channels scaled to mean zero and variance one";
  let description = [{
    Dim 1 is the channel. Uses the running statistics unless `training`, or where there
    are none: then those of the batch. `weight` and `bias` scale and shift each channel.
    Source: `aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor`.

    ```mlir
    %y = aten.batch_norm %input, %weight, %bias, %running_mean, %running_var, %training, %momentum, %eps
        : (!ts.tensor, !ts.none, !ts.none, !ts.none, !ts.none, i1, f64, f64) -> !ts.tensor
    ```
  }];
}

def Aten_InstanceNormOp : Aten_Op<"instance_norm",
    (ins Aten_Tensor:$input, Aten_OptionalTensor:$weight, Aten_OptionalTensor:$bias,
      Aten_OptionalTensor:$running_mean, Aten_OptionalTensor:$running_var, Aten_Bool:$use_input_stats,
      Aten_Float:$momentum, Aten_Float:$eps),
    ["aten::instance_norm"]> {
  let summary = "Channels of each sample scaled to mean zero and variance one";
  let description = [{
    As `aten.batch_norm` with the statistics of each sample, or the running ones unless
    `use_input_stats`.
    Source: `aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor`.

    ```mlir
    %y = aten.instance_norm %input, %weight, %bias, %running_mean, %running_var, %use_input_stats, %momentum, %eps
        : (!ts.tensor, !ts.none, !ts.none, !ts.none, !ts.none, i1, f64, f64) -> !ts.tensor
    ```
  }];
}

def Aten_GroupNormOp : Aten_Op<"group_norm",
    (ins Aten_Tensor:$input, Aten_Int:$num_groups, Aten_OptionalTensor:$weight, Aten_OptionalTensor:$bias,
      Aten_Float:$eps),
    ["aten::group_norm"]> {
  let summary = "Groups of channels of each sample scaled to mean zero and variance one";
  let description = [{
    The number of channels, dim 1, is a multiple of `num_groups`; `weight` and `bias`
    have one element a channel.
    Source: `aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enabled=True) -> Tensor`.

    ```mlir
    %y = aten.group_norm %input, %num_groups, %weight, %bias, %eps
        : (!ts.tensor, i64, !ts.none, !ts.none, f64) -> !ts.tensor
    ```
  }];
}

def Aten_LayerNormOp : Aten_Op<"layer_norm",
    (ins Aten_Tensor:$input, Aten_IntList:$normalized_shape, Aten_OptionalTensor:$weight, Aten_OptionalTensor:$bias,
      Aten_Float:$eps),
    ["aten::layer_norm"]> {
  let summary = "The last dims scaled to mean zero and variance one";
  let description = [{
    `normalized_shape` is the sizes of the last dims, and the shape of `weight` and
    `bias`.
    Source: `aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enable=True) -> Tensor`.

    ```mlir
    %y = aten.layer_norm %input, %normalized_shape, %weight, %bias, %eps
        : (!ts.tensor, !ts.list<i64>, !ts.none, !ts.none, f64) -> !ts.tensor
    ```
  }];
}

def Aten_NativeLayerNormOp : Aten_Op<"native_layer_norm",
    (ins Aten_Tensor:$input, Aten_IntList:$normalized_shape, Aten_OptionalTensor:$weight, Aten_OptionalTensor:$bias,
      Aten_Float:$eps),
    ["aten::native_layer_norm"]> {
  let summary = "Layer norm with the mean and reciprocal deviation it used";
  let description = [{
    As `aten.layer_norm`; the other results have the shape of `input` with ones for the
    normalised dims.
    Source: `aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, Tensor)`.

    ```mlir
    %y0, %y1, %y2 = aten.native_layer_norm %input, %normalized_shape, %weight, %bias, %eps
        : (!ts.tensor, !ts.list<i64>, !ts.none, !ts.none, f64) -> (!ts.tensor, !ts.tensor, !ts.tensor)
    ```
  }];
  let results = (outs Aten_Tensor:$result, Aten_Tensor:$mean, Aten_Tensor:$rstd);
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

def Aten_SoftmaxOp : Aten_Op<"softmax",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_OptionalInt:$dtype),
    ["aten::softmax.int"]> {
  let summary = "Exponentials that sum up to one along a dim";
  let description = [{
    With `dtype`, `self` is converted first.
    Source: `aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`.

    ```mlir
    %y = aten.softmax %self, %dim, %dtype : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_LogSoftmaxOp : Aten_Op<"log_softmax",
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_OptionalInt:$dtype),
    ["aten::log_softmax.int"]> {
  let summary = "Logarithm of softmax";
  let description = [{
    Computed as `self - max - log(sum(exp(self - max)))`. With `dtype`, `self` is
    converted first.
    Source: `aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`.

    ```mlir
    %y = aten.log_softmax %self, %dim, %dtype : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENNORMALIZATIONOPS
