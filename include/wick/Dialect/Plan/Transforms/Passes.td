//===- Passes.td - passes on kernels, launches and memory ------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_PLAN_TRANSFORMS_PASSES
#define WICK_DIALECT_PLAN_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def PlanFormKernelsPass : Pass<"plan-form-kernels", "::mlir::ModuleOp"> {
  let summary = "Outline regions of tensor operations as kernels and launch them";
  let description = [{
    Every op of a host function that computes tensors becomes part of a kernel: a
    private function with the attribute `plan.kernel`, isolated from the host, which
    a `plan.launch` runs. An op is fused with its neighbours as far as the strategies
    of the target can emit the result as one kernel; equal kernels exist once.

    ```mlir
    %m = linalg.matmul ins(%x, %w : …) outs(%zeros : …) -> tensor<128x768xf32>
    %r = linalg.add ins(%m, %b : …) outs(%e : …) -> tensor<128x768xf32>
    // becomes
    %r = plan.launch @contraction_0 ins(%x, %w, %b : …) outs(%e : …) -> tensor<128x768xf32>
    ```

    Constants, fills and the unpacking of weights are copied into each kernel.
    Reshapes that no kernel takes up remain on the host, where they are views. Of two
    dynamic dims of a kernel's arguments that the host knows to be equal, the
    argument attributes `plan.dims` bear the same number; -1 says nothing.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"x86-64-v3\"", "Instruction set whose strategies decide what is fused">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::tensor::TensorDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect", "::wick::plan::PlanDialect"
  ];
}

#endif // WICK_DIALECT_PLAN_TRANSFORMS_PASSES
