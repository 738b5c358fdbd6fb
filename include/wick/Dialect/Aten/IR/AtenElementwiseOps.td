//===- AtenElementwiseOps.td - maps over elements, with broadcasting -*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS
#define WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_ReluOp : Aten_Op<"relu", (ins Aten_Tensor:$self), ["aten::relu"]> {
  let summary = "max(self, 0) for each element";
  let description = [{
    Same shape and dtype; NaN stays NaN. Source: `aten::relu(Tensor self) -> Tensor`.

    ```mlir
    %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS
