//===- Passes.td - passes that turn kernels into CPU code ------*- tablegen -*-===//
#ifndef WICK_TARGET_CPU_PASSES
#define WICK_TARGET_CPU_PASSES

include "mlir/Pass/PassBase.td"

def PlanLowerKernelsPass : Pass<"plan-lower-kernels", "::mlir::ModuleOp"> {
  let summary = "Rewrite kernel functions from tensors to vectorised loops over memrefs";
  let description = [{
    Applies the first matching CPU strategy to every `func.func` that carries
    `plan.kernel` and still works on tensors. Before, a kernel takes and returns
    tensors; after, it takes memrefs with identity layout, one more for each
    result, and returns nothing. The name of the strategy that was used is kept in
    the attribute `plan.strategy`.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"x86-64-v3\"", "Instruction set to tile and vectorise for">,
    Option<"only", "only", "std::string", "\"\"", "Use this strategy only and fail where it does not apply; empty for all">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif // WICK_TARGET_CPU_PASSES
