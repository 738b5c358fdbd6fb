//===- Passes.td - passes from one dialect to another ----------------------*- tablegen -*-===//
#ifndef WICK_CONVERSION_PASSES
#define WICK_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertAtenToLinalgPass : Pass<"convert-aten-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower tensor operators on values to linalg";
  let description = [{
    Every `aten` op on builtin tensors becomes `linalg`, `tensor`, `arith` and `math`. Types lose their
    `#ts.dims`, from which the sizes of new tensors are computed; bool and uint8 tensors
    become `i8` (0 and 1 for bool), and f16 and bf16 are computed in f32. The types are
    inferred before; what they do not show - that an index is inside of its dim, that a view has as many elements as its
    source - is checked where the program gets there. An op that has no lowering, or whose lowering refuses
    it, becomes a `ts.fallback` with `fallback`; otherwise all of them are errors.

    ```mlir
    %y = aten.relu %x : (tensor<?x3xf16, #ts.dims<[s0, 3]>>) -> tensor<?x3xf16, #ts.dims<[s0, 3]>>
    // becomes
    %n = ts.symbol 0
    %e = tensor.empty(%n) : tensor<?x3xf16>
    %y = linalg.generic {…} ins(%x : tensor<?x3xf16>) outs(%e : tensor<?x3xf16>) { … } -> tensor<?x3xf16>
    ```
  }];
  let options = [Option<"fallback", "fallback", "bool", "false", "Whether what has no lowering is left to LibTorch">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect", "::wick::ts::TSDialect", "::wick::plan::PlanDialect"];
}

def PlanExpandOpsPass : Pass<"plan-expand-ops", "::mlir::func::FuncOp"> {
  let summary = "Rewrite operations that have no counterpart in LLVM";
  let description = [{
    Lowers within host functions and kernels what the conversion to LLVM does not
    take: linalg on buffers and strided copies become loops, n-dimensional vector
    operations one-dimensional ones, functions of complex numbers become functions of
    their parts, 16-bit floats are widened around arithmetic, and in kernels
    functions of `math` become polynomials (`exp`, `log`, `sin`, `erf`, …) that
    are accurate to a few units in the last place and right for infinities and NaN.

    ```mlir
    %y = math.tanh %x : vector<8xf32>
    // becomes arithmetic on vector<8xf32>
    ```
  }];
  let options = [
    Option<"fma", "fma", "bool", "true", "Whether the target has fused multiply-add">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def ConvertPlanToLLVMPass : Pass<"convert-plan-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Turn host functions and kernels into LLVM dialect";
  let description = [{
    Host functions become entries of the artifact, kernels functions of bare pointers
    (docs/Architecture.md), and `plan` ops calls of kernels and of the runtime's
    table. Every weight and source location that the code refers to gets a number;
    the module's attributes `plan.weights` and `plan.sources` list them, continuing
    the lists that are there before. Expects bufferized functions without `scf`.

    ```mlir
    func.func private @k(%x: memref<?xf32>) attributes {plan.kernel} { return }
    // becomes
    llvm.func hidden @k(%ctx: !llvm.ptr, %x: !llvm.ptr {llvm.noalias}, %d0: i64) { … }
    ```

    A global `wick_module` that lists the entries in the order of their functions is
    added.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // WICK_CONVERSION_PASSES
