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

#endif // WICK_DIALECT_ATEN_TRANSFORMS_PASSES
