//===- Passes.td - passes on tensor operators ------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_TRANSFORMS_PASSES
#define WICK_DIALECT_ATEN_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def AtenFoldBatchNormsPass : Pass<"aten-fold-batch-norms", "::mlir::ModuleOp"> {
  let summary = "Let convolutions do the work of the batch norms behind them";
  let description = [{
    A batch norm with running statistics multiplies and shifts each channel. Where it
    is the only user of a convolution, and its operands and those of the convolution
    are weights or constants, the factors move into the weight and the shifts into
    the bias. These are computed from weights alone, hence at compile time.

    ```mlir
    %c = aten.conv %x, %w, %none, … : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, !ts.none, …) -> tensor<1x4x6x6xf32>
    %y = aten.batch_norm %c, %g, %b, %mean, %var, … : …
    // becomes
    %s = aten.div %g, sqrt(%var + eps)
    %y = aten.conv %x, %w * %s, %b - %mean * %s, … : …
    ```

    Works on values, before the lowering to linalg.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::wick::aten::AtenDialect", "::wick::ts::TSDialect"];
}

def AtenNameSizesPass : Pass<"aten-name-sizes", "::mlir::func::FuncOp"> {
  let summary = "Give symbols to sizes that only run time knows";
  let description = [{
    Where the type of a tensor value has a dim without expression, the dim gets a symbol of its own, and `ts.bind_symbol`
    says what that is: from there on the sizes of what is computed from the tensor are expressions, and lowerings need
    not tell a size that is computed from one that is an argument's. What control flow carries keeps its type, and is
    named again where it arrives.

    ```mlir
    %i = aten.nonzero %x : (tensor<9xf32>) -> tensor<?x1xi64, #ts.dims<[?, 1]>>
    %y = aten.neg %i : (tensor<?x1xi64, #ts.dims<[?, 1]>>) -> tensor<?x1xi64, #ts.dims<[?, 1]>>
    // becomes
    %i = aten.nonzero %x : (tensor<9xf32>) -> tensor<?x1xi64, #ts.dims<[?, 1]>>
    %n = tensor.cast %i : tensor<?x1xi64, #ts.dims<[?, 1]>> to tensor<?x1xi64, #ts.dims<[s0, 1]>>
    ts.bind_symbol 0 = %n[0] : tensor<?x1xi64, #ts.dims<[s0, 1]>>
    %y = aten.neg %n : (tensor<?x1xi64, #ts.dims<[s0, 1]>>) -> tensor<?x1xi64, #ts.dims<[s0, 1]>>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::wick::ts::TSDialect"];
}

#endif // WICK_DIALECT_ATEN_TRANSFORMS_PASSES
