//===- AtenPoolingOps.td - windows over images --------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS
#define WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

def Aten_MaxPoolOp : Aten_Op<"max_pool",
    (ins Aten_Tensor:$self, Aten_IntList:$kernel_size, Aten_IntList:$stride, Aten_IntList:$padding,
      Aten_IntList:$dilation, Aten_Bool:$ceil_mode),
    ["aten::max_pool2d", "aten::max_pool1d", "aten::max_pool3d"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "Maximum in each window";
  let description = [{
    Windows slide over the last dims, with a stride that is the size of the window when
    the list is empty; elements outside are -inf. With `ceil_mode` a last window may
    stand over the edge, if it starts inside the input or its left padding. NaN wins.
    Source: `aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor`.

    ```mlir
    %y = aten.max_pool %self, %kernel_size, %stride, %padding, %dilation, %ceil_mode
        : (!ts.tensor, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1) -> !ts.tensor
    ```
  }];
}

def Aten_MaxPoolWithIndicesOp : Aten_Op<"max_pool_with_indices",
    (ins Aten_Tensor:$self, Aten_IntList:$kernel_size, Aten_IntList:$stride, Aten_IntList:$padding,
      Aten_IntList:$dilation, Aten_Bool:$ceil_mode),
    ["aten::max_pool2d_with_indices", "aten::max_pool1d_with_indices", "aten::max_pool3d_with_indices"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "Maximum in each window and where it stands";
  let description = [{
    As `aten.max_pool`; the second result is the flat index of the maximum in the image, of
    int64: the first of equal elements, the last NaN.
    Source: `aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)`.

    ```mlir
    %y0, %y1 = aten.max_pool_with_indices %self, %kernel_size, %stride, %padding, %dilation, %ceil_mode
        : (!ts.tensor, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1) -> (!ts.tensor, !ts.tensor)
    ```
  }];
  let results = (outs Aten_Tensor:$result, Aten_Tensor:$indices);
  let hasCanonicalizeMethod = 1;
}

def Aten_AvgPoolOp : Aten_Op<"avg_pool",
    (ins Aten_Tensor:$self, Aten_IntList:$kernel_size, Aten_IntList:$stride, Aten_IntList:$padding,
      Aten_Bool:$ceil_mode, Aten_Bool:$count_include_pad, Aten_OptionalInt:$divisor_override),
    ["aten::avg_pool2d", "aten::avg_pool1d", "aten::avg_pool3d"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "Mean of each window";
  let description = [{
    As `aten.max_pool`; sums are divided by the number of elements of the window, of
    those inside the input unless `count_include_pad`, or by `divisor_override`.
    Source: `aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor`.

    ```mlir
    %y = aten.avg_pool %self, %kernel_size, %stride, %padding, %ceil_mode, %count_include_pad, %divisor_override
        : (!ts.tensor, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1, i1, i64) -> !ts.tensor
    ```
  }];
}

def Aten_AdaptiveAvgPoolOp : Aten_Op<"adaptive_avg_pool",
    (ins Aten_Tensor:$self, Aten_IntList:$output_size),
    ["aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool3d",
      "aten::_adaptive_avg_pool2d"]> {
  let summary = "Means of windows that divide an image evenly";
  let description = [{
    Window i of n over a size s is [floor(i * s / n), ceil((i + 1) * s / n)).
    Source: `aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor`.

    ```mlir
    %y = aten.adaptive_avg_pool %self, %output_size : (!ts.tensor, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

def Aten_AdaptiveMaxPoolOp : Aten_Op<"adaptive_max_pool",
    (ins Aten_Tensor:$self, Aten_IntList:$output_size),
    ["aten::adaptive_max_pool2d", "aten::adaptive_max_pool1d", "aten::adaptive_max_pool3d"]> {
  let summary = "Maxima of windows that divide an image evenly";
  let description = [{
    Windows as for `aten.adaptive_avg_pool`; the second result is the flat index of each
    maximum in the image, of int64.
    Source: `aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)`.

    ```mlir
    %y0, %y1 = aten.adaptive_max_pool %self, %output_size : (!ts.tensor, !ts.list<i64>) -> (!ts.tensor, !ts.tensor)
    ```
  }];
  let results = (outs Aten_Tensor:$result, Aten_Tensor:$indices);
}

//===----------------------------------------------------------------------===//
// Upsampling
//===----------------------------------------------------------------------===//

def Aten_UpsampleNearestOp : Aten_Op<"upsample_nearest",
    (ins Aten_Tensor:$input, Aten_OptionalIntList:$output_size, Aten_OptionalFloatList:$scale_factors),
    ["aten::upsample_nearest2d.vec", "aten::upsample_nearest1d.vec", "aten::upsample_nearest3d.vec"]> {
  let summary = "The nearest element for each place of a larger image";
  let description = [{
    One of `output_size` and `scale_factors` is given. Place i shows element floor(i *
    scale), where scale is the inverse factor if one is given and the ratio of the sizes
    otherwise.
    Source: `aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor`.

    ```mlir
    %y = aten.upsample_nearest %input, %output_size, %scale_factors
        : (!ts.tensor, !ts.list<i64>, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_UpsampleBilinearOp : Aten_Op<"upsample_bilinear",
    (ins Aten_Tensor:$input, Aten_OptionalIntList:$output_size, Aten_Bool:$align_corners,
      Aten_OptionalFloatList:$scale_factors),
    ["aten::upsample_bilinear2d.vec"]> {
  let summary = "Linear interpolation in two dims";
  let description = [{
    One of `output_size` and `scale_factors` is given. With `align_corners` the centres
    of the corner elements coincide, else the corners of the images.
    Source: `aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor`.

    ```mlir
    %y = aten.upsample_bilinear %input, %output_size, %align_corners, %scale_factors
        : (!ts.tensor, !ts.list<i64>, i1, !ts.none) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENPOOLINGOPS
