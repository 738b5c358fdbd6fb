//===- AtenConvolutionOps.td - convolutions -----------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_ConvOp : Aten_Op<"conv",
    (ins Aten_Tensor:$input, Aten_Tensor:$weight, Aten_OptionalTensor:$bias, Aten_IntList:$stride,
      AnyTypeOf<[Aten_IntList, Aten_String]>:$padding, Aten_IntList:$dilation, Aten_Int:$groups),
    ["aten::conv2d", "aten::conv2d.padding", "aten::conv1d", "aten::conv1d.padding", "aten::conv3d",
      "aten::conv3d.padding", "aten::_convolution_mode"]> {
  let summary = "Convolution over one, two or three dims of space";
  let description = [{
    `input` is [N, C, spatial...] or lacks N, `weight` is [O, C / groups, window...].
    Lists of one element hold for all dims of space; padding is also "valid" or "same",
    which takes stride one.
    Source: `aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor`.

    ```mlir
    %y = aten.conv %input, %weight, %bias, %stride, %padding, %dilation, %groups
        : (!ts.tensor, !ts.tensor, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64) -> !ts.tensor
    ```
  }];
}

def Aten_ConvolutionOp : Aten_Op<"convolution",
    (ins Aten_Tensor:$input, Aten_Tensor:$weight, Aten_OptionalTensor:$bias, Aten_IntList:$stride,
      Aten_IntList:$padding, Aten_IntList:$dilation, Aten_Bool:$transposed, Aten_IntList:$output_padding,
      Aten_Int:$groups),
    ["aten::convolution", "aten::_convolution", "aten::_convolution.deprecated"]> {
  let summary = "Convolution, or transposed convolution, of any number of dims of space";
  let description = [{
    As `aten.conv`, or as `aten.conv_transpose` when `transposed`.
    Source: `aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor`.

    ```mlir
    %y = aten.convolution %input, %weight, %bias, %stride, %padding, %dilation, %transposed, %output_padding, %groups
        : (!ts.tensor, !ts.tensor, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i1, !ts.list<i64>, i64) -> !ts.tensor
    ```
  }];
}

def Aten_ConvTransposeOp : Aten_Op<"conv_transpose",
    (ins Aten_Tensor:$input, Aten_Tensor:$weight, Aten_OptionalTensor:$bias, Aten_IntList:$stride,
      Aten_IntList:$padding, Aten_IntList:$output_padding, Aten_Int:$groups, Aten_IntList:$dilation),
    ["aten::conv_transpose2d.input", "aten::conv_transpose1d", "aten::conv_transpose3d.input"]> {
  let summary = "Transposed convolution";
  let description = [{
    The gradient of `aten.conv` for its input: `weight` is [C, O / groups, window...].
    Source: `aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] output_padding=[0, 0], SymInt groups=1, SymInt[2] dilation=[1, 1]) -> Tensor`.

    ```mlir
    %y = aten.conv_transpose %input, %weight, %bias, %stride, %padding, %output_padding, %groups, %dilation
        : (!ts.tensor, !ts.tensor, !ts.none, !ts.list<i64>, !ts.list<i64>, !ts.list<i64>, i64, !ts.list<i64>) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENCONVOLUTIONOPS
