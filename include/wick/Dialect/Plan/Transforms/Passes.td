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

def PlanFoldTransposesPass : Pass<"plan-fold-transposes", "::mlir::ModuleOp"> {
  let summary = "Let products read and write what transposes around them do";
  let description = [{
    A product, a generic op with a reduction over two operands, takes up the transposes
    of its operands into its indexing maps, and that of its result where it is the only
    use, starts from a constant and keeps the innermost dim.

    ```mlir
    %t = linalg.transpose ins(%k : tensor<1x128x12x64xf32>) outs(…) permutation = [0, 2, 1, 3]
    %s = linalg.generic {…(b, h, n, k)…} ins(%q, %t : …) outs(%zeros : tensor<1x12x128x128xf32>) {…}
    // becomes
    %s = linalg.generic {…(b, n, h, k)…} ins(%q, %k : …) outs(%zeros : tensor<1x12x128x128xf32>) {…}
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

    A convolution with a 3x3 window, strides and dilations of one and enough channels
    gets its filter by the Winograd transform instead, whose strategy needs between a
    quarter and a half of the products:

    ```mlir
    %r = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x58x58x64xf32>, tensor<3x3x64x64xf32>) …
    // becomes
    %t = linalg.generic … -> tensor<6x3x64x64xf32>   // sums along the filter's columns
    %s = linalg.generic … -> tensor<6x6x64x64xf32>   // and along its rows
    %p = linalg.pack %s outer_dims_perm = [0, 1, 3, 2] inner_dims_pos = [3] inner_tiles = [16] into … -> tensor<6x6x4x64x16xf32>
    %u = plan.restore_filter %p tile 4 : tensor<6x6x4x64x16xf32> -> tensor<3x3x64x64xf32>
    %r = linalg.conv_2d_nhwc_hwcf ins(%x, %u : …) …
    ```

    No canonicalization may follow before the pack is hoisted out of sight, because
    unpacking what has just been packed folds.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"x86-64-v3\"", "Instruction set whose tiles decide on the panels' width">,
    Option<"winograd", "winograd", "bool", "true", "Whether 3x3 convolutions may be computed by Winograd transforms">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def PlanOutlineTasksPass : Pass<"plan-outline-tasks", "::mlir::ModuleOp"> {
  let summary = "Let forked code run beside other code where nothing depends on the order";
  let description = [{
    Code of a fork, which stands where it was forked, becomes a function of its own with the attribute `plan.task` where
    it has company: code of another fork, or code of the method behind it, that does not use what it gives. One
    `plan.run_tasks` calls them. Locations tell what comes from which fork.

    ```mlir
    %a = scf.for … iter_args(%h = %x) … loc(fork 0)
    %b = scf.for … iter_args(%h = %x) … loc(fork 1)
    // becomes
    %a, %b = plan.run_tasks [@forward_task, @forward_task_0](%x, %x) …
    ```

    A task computes with values and with what it has made itself, and may raise. Code stays where it is that writes to
    tensors, containers or objects of others, or looks at such as may be written, that prints, draws or calls LibTorch,
    and code without loops that has only a few sums or products, which is done before another thread would have begun.
    Cheap operations that several tasks use are repeated in each. Tensors go in and come out as references.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::wick::plan::PlanDialect",
                           "::wick::ts::TSDialect"];
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

def PlanHoistConstantsPass : Pass<"plan-hoist-constants", "::mlir::ModuleOp"> {
  let summary = "Do once, when compiling, what depends on weights alone";
  let description = [{
    Transposes, reshapes, slices and packing of weights without padding fold into the
    strides of `plan.weight_ref`. Every other pure computation that depends only on
    weights and constants, and whose result is not much larger than what it is computed
    from, moves to `func.func @__constants`, with the attribute `plan.constants`; its
    uses refer to a `plan.weight` with the attribute `computed`, the number of the
    result that holds it. The driver compiles and runs the function.

    ```mlir
    %w = plan.weight_ref @w offset 0 strides [4, 1] : tensor<8x4xf32>
    %t = linalg.transpose ins(%w : tensor<8x4xf32>) outs(%e : tensor<4x8xf32>) permutation = [1, 0]
    // becomes
    %t = plan.weight_ref @w offset 0 strides [1, 4] : tensor<4x8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::wick::plan::PlanDialect", "::wick::ts::TSDialect"];
}

def PlanFlattenSignaturesPass : Pass<"plan-flatten-signatures", "::mlir::ModuleOp"> {
  let summary = "Replace structured arguments and results of methods by their leaves";
  let description = [{
    A public function takes and returns tensors and scalars only: a tuple becomes its
    elements, and so does a list or dict that is built where it is returned. What the
    method looks like to its users is kept in the attribute `plan.signature`, as it will
    stand in the manifest of the artifact. So is, on each class, what callers see of its
    objects or members.

    ```mlir
    ts.class @Color "enum" { ts.attr "RED" : i64 {value = 1 : i64} }
    func.func @forward(%x: !ts.tuple<i64, !ts.enum<@Color>>) -> i64
    // becomes
    ts.class @Color "enum" attributes {plan.signature = {members = […], name = "Color"}} { … }
    func.func @forward(%x0: i64, %x1: !ts.enum<@Color>) -> i64 attributes {plan.signature = {…}}
    ```
  }];
}

def PlanBufferizeHostPass : Pass<"plan-bufferize-host", "::mlir::ModuleOp"> {
  let summary = "Turn the tensors of host functions into buffers";
  let description = [{
    Host functions keep their signatures; inside, tensor values become memrefs. A
    `ts.read` becomes the memory of its argument, and a `ts.from_value` a new tensor
    of the runtime into which the launches that compute the value write directly. A
    value that is read after the reference it came from was overwritten is copied first.

    ```mlir
    %v = ts.read %x : !ts.tensor<[4], f32> -> tensor<4xf32>
    %e = tensor.empty() : tensor<4xf32>
    %r = plan.launch @k ins(%v : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    %y = ts.from_value %r : tensor<4xf32> -> !ts.tensor<[4], f32>
    // becomes
    %y, %m = plan.new_tensor() : !ts.tensor<[4], f32>, memref<4xf32>
    %v = plan.tensor_data %x : !ts.tensor<[4], f32> -> memref<4xf32>
    plan.launch @k ins(%v : memref<4xf32>) outs(%m : memref<4xf32>)
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect", "::wick::plan::PlanDialect"
  ];
}

def PlanAllocateArenaPass : Pass<"plan-allocate-arena", "::mlir::ModuleOp"> {
  let summary = "Place the buffers of host functions in one arena by lifetime";
  let description = [{
    Every `memref.alloc` of a host function becomes a view of one `plan.arena`; two
    buffers share memory when they are never live at once. Sizes are products of a
    constant and of dims known at the entry: buffers with the same dims are planned
    against each other, statically, in units of these dims. A buffer whose size is not
    known at the entry, or that outlives an iteration of its loop, gets an arena of
    its own where it stands. A buffer of which a kernel only reads what it overwrites
    (`plan.in_place`) shares the memory of its input.

    ```mlir
    %a = memref.alloc() : memref<16xf32>
    // becomes
    %arena = plan.arena %c64 : memref<?xi8>
    %a = memref.view %arena[%c0][] : memref<?xi8> to memref<16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect", "::wick::plan::PlanDialect"];
}

def PlanOutlineWorkPass : Pass<"plan-outline-work", "::mlir::ModuleOp"> {
  let summary = "Turn top-level parallel loops of kernels into work functions";
  let description = [{
    The body of every top-level one-dimensional `scf.parallel` of a kernel becomes a
    function over a chunk of its iterations, and the loop a `plan.parallel`. Views and
    index computations that the body uses are repeated in it, so that only plain
    buffers and scalars are captured. Other `scf.parallel` loops become `scf.for`.

    ```mlir
    scf.parallel (%i) = (%c0) to (%n) step (%c1) { use(%i, %x) }
    // becomes
    plan.parallel @k_work to %n (%x) : memref<4xf32>
    func.func private @k_work(%x: memref<4xf32>, %begin: index, %end: index) attributes {plan.work} {
      scf.for %i = %begin to %end step %c1 { use(%i, %x) }
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::wick::plan::PlanDialect"];
}

def PlanPlaceScratchPass : Pass<"plan-place-scratch", "::mlir::func::FuncOp"> {
  let summary = "Place the scratch memory of kernels";
  let description = [{
    In kernels and their work functions, a `memref.alloc` moves to the entry of its
    function as far as its size allows, so that all iterations share it. Small static
    ones become `memref.alloca`; the others get a `memref.dealloc` at the end of their
    block and come from the runtime.

    ```mlir
    scf.for %i = %begin to %end step %c1 { %s = memref.alloc() : memref<64xf32> }
    // becomes
    %s = memref.alloca() {alignment = 64} : memref<64xf32>
    scf.for %i = %begin to %end step %c1 { }
    ```
  }];
  let options = [
    Option<"stackBytes", "stack-bytes", "int64_t", "65536", "Bytes of scratch of one function that may stand on the stack">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def PlanInsertPollsPass : Pass<"plan-insert-polls", "::mlir::func::FuncOp"> {
  let summary = "Let loops of the host notice that the call is to end";
  let description = [{
    A loop of an entry that may have more than a few thousand iterations gets a
    `plan.poll`. A counted loop whose iterations only compute with numbers, or with elements of
    buffers, is split, and the poll stands in the outer loop, so that LLVM can still vectorise
    the inner one or find its closed form. Kernels do not poll: they are short.

    ```mlir
    scf.for %i = %a to %b step %c { body }
    // becomes
    scf.for %o = %a to %b step %c4096 {
      plan.poll
      scf.for %i = %o to %end step %c { body }
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::wick::plan::PlanDialect"];
}

def PlanReleaseIterationsPass : Pass<"plan-release-iterations", "::mlir::func::FuncOp"> {
  let summary = "Let loops of the host release what their iterations leave behind";
  let description = [{
    What a call makes, or takes out of a container, lives until it ends, so that code borrows it. A loop in which there is
    any such thing notes where it begins, and each iteration ends in a `plan.release` of what it does not hand on. What code
    has read before and still uses is kept (`plan.keep`).

    ```mlir
    scf.for %i = %a to %b step %c iter_args(%x = %init) { body; yield %y }
    // becomes
    %mark = plan.mark
    scf.for %i = %a to %b step %c iter_args(%x = %init) { body; %next = plan.release %mark(%y); yield %next }
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::wick::plan::PlanDialect"];
}

#endif // WICK_DIALECT_PLAN_TRANSFORMS_PASSES
