//===- Passes.td - passes on kernels, launches and memory ------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_PLAN_TRANSFORMS_PASSES
#define WICK_DIALECT_PLAN_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def PlanChooseLayoutsPass : Pass<"plan-choose-layouts", "::mlir::ModuleOp"> {
  let summary = "Keep images channels-last between convolutions";
  let description = [{
    Sinks transposes from channels-last to channels-first through elementwise ops,
    pads, slices and concatenations until they cancel against the transposes in front
    of convolutions and pooling, or are taken up by a reduction's indexing map.
    Transposes that move only dims of size one become reshapes.

    ```mlir
    %t = linalg.transpose ins(%conv : tensor<1x56x56x64xf32>) … permutation = [0, 3, 1, 2]
    %r = linalg.exp ins(%t : tensor<1x64x56x56xf32>) …
    %u = linalg.transpose ins(%r : tensor<1x64x56x56xf32>) … permutation = [0, 2, 3, 1]
    // becomes
    %u = linalg.generic … ins(%conv : tensor<1x56x56x64xf32>) … { math.exp }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def PlanPackWeightsPass : Pass<"plan-pack-weights", "::mlir::ModuleOp"> {
  let summary = "Store constant right-hand sides of contractions in panels";
  let description = [{
    Where a contraction or convolution multiplies by a tensor that depends on weights
    and constants alone, that tensor is packed into panels along the dim that vector
    lanes run along, as wide as the target's register tiles. The packed tensor is a
    constant again; the contraction reads it through an unpack, which its kernel's
    strategy never executes.

    ```mlir
    %r = linalg.matmul ins(%x, %w : tensor<128x768xf32>, tensor<768x768xf32>) …
    // becomes
    %p = linalg.pack %w outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16] into … -> tensor<48x768x16xf32>
    %u = linalg.unpack %p … -> tensor<768x768xf32>
    %r = linalg.matmul ins(%x, %u : …) …
    ```

    No canonicalization may follow before the pack is hoisted out of sight, because
    unpacking what has just been packed folds.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"x86-64-v3\"", "Instruction set whose tiles decide on the panels' width">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

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
