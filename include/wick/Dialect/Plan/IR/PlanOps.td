//===- PlanOps.td - the plan operations ------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_PLAN_IR_PLANOPS
#define WICK_DIALECT_PLAN_IR_PLANOPS

include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/Plan/IR/PlanDialect.td"

def Plan_WeightOp : Plan_Op<"weight", [Symbol]> {
  let summary = "Bytes of the program's weights, by reference";
  let description = [{
    A range of bytes of a file, little-endian: usually one storage of the archive. The
    bytes themselves are never part of the IR.

    ```mlir
    plan.weight @storage0 file "model.pt" offset 1088 bytes 64
    ```

    A weight that the compiler computes has the attribute `computed`, the number of the
    result of `@__constants` that holds it; its file is empty.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$file, I64Attr:$offset, I64Attr:$bytes);
  let assemblyFormat = "$sym_name `file` $file `offset` $offset `bytes` $bytes attr-dict";
}

def Plan_WeightRefOp : Plan_Op<"weight_ref", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                              DeclareOpInterfaceMethods<BufferizableOpInterface, ["bufferize", "isWritable"]>]> {
  let summary = "Value of a weight";
  let description = [{
    A constant tensor whose elements are in a `plan.weight`. Offset and strides are in
    elements of the result's type.

    ```mlir
    %w = plan.weight_ref @storage0 offset 0 strides [4, 1] : tensor<4x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight, I64Attr:$offset, DenseI64ArrayAttr:$strides, OptionalAttr<StrAttr>:$name);
  let results = (outs AnyTypeOf<[AnyRankedTensor, AnyMemRef]>:$result);
  let assemblyFormat = "$weight `offset` $offset `strides` $strides attr-dict `:` type($result)";
}

def Plan_RestoreFilterOp : Plan_Op<"restore_filter", [Pure]> {
  let summary = "The filter of a convolution by its Winograd transform";
  let description = [{
    The 3x3 filter whose transform for output tiles of `tile` x `tile` pixels is the
    operand, in panels of output channels: (row, column, panel, input channel, output
    channel of the panel). It is never computed: the strategy of convolutions reads the
    transform through it, as it reads packed weights through an unpack.

    ```mlir
    %w = plan.restore_filter %u tile 4 : tensor<6x6x4x64x16xf32> -> tensor<3x3x64x64xf32>
    ```
  }];
  let arguments = (ins StaticShapeTensorOf<[F32]>:$transform, I64Attr:$tile);
  let results = (outs StaticShapeTensorOf<[F32]>:$filter);
  let assemblyFormat = "$transform `tile` $tile attr-dict `:` type($transform) `->` type($filter)";
  let hasVerifier = 1;
}

def Plan_LaunchOp : Plan_Op<"launch", [AttrSizedOperandSegments, DestinationStyleOpInterface,
                                       DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                       DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
                                       DeclareOpInterfaceMethods<BufferizableOpInterface,
                                         ["bufferizesToMemoryRead", "bufferizesToMemoryWrite", "getAliasingValues", "bufferize",
                                          "bufferizesToElementwiseAccess"]>]> {
  let summary = "Run a kernel";
  let description = [{
    Calls a kernel function with inputs and destinations. On tensors the results are
    the destinations after the kernel has overwritten them entirely; on buffers there
    are no results.

    ```mlir
    %y = plan.launch @linear_0 ins(%x, %w : tensor<3x4xf32>, tensor<4x4xf32>) outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyType>:$inputs, Variadic<AnyType>:$outputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $kernel `ins` `(` ($inputs^ `:` type($inputs))? `)` `outs` `(` ($outputs^ `:` type($outputs))? `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutputsMutable(); }
  }];
}

def Plan_PollOp : Plan_Op<"poll", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "End the call when it is cancelled or takes too long";
  let description = [{
    Stands in loops of the host that may run for long. Where other threads have marked
    the call's context as interrupted it returns with the error.

    ```mlir
    plan.poll
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Plan_KeepOp : Plan_Op<"keep", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Have the call own references that code has read";
  let description = [{
    What is read out of a container belongs to the container, and may be removed from it and released. What is kept lives
    until the call ends, or the iteration of a loop that was marked before and does not carry it.

    ```mlir
    plan.keep %x : !ts.tensor<[s0, 4], f32>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$references);
  let assemblyFormat = "$references attr-dict `:` qualified(type($references))";
}

def Plan_MarkOp : Plan_Op<"mark", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Note where a loop of the host begins";
  let description = [{
    What the call makes or keeps from here on may be released between iterations (`plan.release`).

    ```mlir
    %mark = plan.mark : i64
    ```
  }];
  let results = (outs I64:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Plan_ReleaseOp : Plan_Op<"release", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Release what the iterations of a loop have made and do not hand on";
  let description = [{
    Stands at the end of an iteration. Where the call has made more than a limit since the mark, all references that it
    owns and all memory that it has taken since go, save `carried`: references stay, buffers may move.

    ```mlir
    %next = plan.release %mark(%cache) : (memref<?x64xf32>) -> memref<?x64xf32>
    ```
  }];
  let arguments = (ins I64:$mark, Variadic<AnyType>:$carried);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$mark `(` $carried `)` attr-dict `:` functional-type($carried, $results)";
}

def Plan_RoutineOp : Plan_Op<"routine", [AttrSizedOperandSegments, DestinationStyleOpInterface,
                                         DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
                                         DeclareOpInterfaceMethods<BufferizableOpInterface,
                                           ["bufferizesToMemoryRead", "bufferizesToMemoryWrite", "getAliasingValues", "bufferize",
                                            "bufferizesToElementwiseAccess"]>]> {
  let summary = "Run a function of the runtime on tensors";
  let description = [{
    As `plan.launch`, of work too irregular for loops: the function is the one that `Functions.def` lists as `plan.` and
    the name. It takes the inputs, numbers among them, and the destinations in order, tensors by descriptors of their memory.
    One that `draws` takes numbers of the session's random stream, and keeps its place among the others.

    ```mlir
    %v, %i = plan.routine "sort" ins(%x, %dim, %down : tensor<8xf32>, i64, i1)
        outs(%a, %b : tensor<8xf32>, tensor<8xi64>) -> tensor<8xf32>, tensor<8xi64>
    ```
  }];
  let arguments = (ins StrAttr:$name, Variadic<AnyType>:$inputs, Variadic<AnyType>:$outputs, UnitAttr:$draws);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $name `ins` `(` ($inputs^ `:` type($inputs))? `)` `outs` `(` ($outputs^ `:` type($outputs))? `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutputsMutable(); }
  }];
}

def Plan_TensorDataOp : Plan_Op<"tensor_data", [Pure]> {
  let summary = "The elements of a tensor reference";
  let description = [{
    The memory of a tensor that the runtime has found to be contiguous: every
    argument of a method is, and what `plan.gather` gives.

    ```mlir
    %m = plan.tensor_data %x : !ts.tensor<[s0, 4], f32> -> memref<?x4xf32>
    ```
  }];
  let arguments = (ins AnyType:$reference);
  let results = (outs AnyMemRef:$buffer);
  let assemblyFormat = "$reference attr-dict `:` qualified(type($reference)) `->` type($buffer)";
}

def Plan_GatherOp : Plan_Op<"gather", [MemoryEffects<[MemRead, MemAlloc]>, AllTypesMatch<["reference", "result"]>]> {
  let summary = "A tensor in order with the elements of one that may be a view";
  let description = [{
    The tensor itself where its elements lie in order; a copy, which belongs to the call, of one with other strides.

    ```mlir
    %y = plan.gather %x : !ts.tensor<[s0, 4], f32>
    ```
  }];
  let arguments = (ins AnyType:$reference);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$reference attr-dict `:` qualified(type($reference))";
}

def Plan_ScatterOp : Plan_Op<"scatter", [MemoryEffects<[MemRead, MemWrite]>, AllTypesMatch<["reference", "gathered"]>]> {
  let summary = "Write what was gathered back to where it is from";
  let description = [{
    Copies the elements of a copy that `plan.gather` made of `reference`, where they have changed; where it made none there
    is nothing to do. Raises if several elements of an expanded tensor have changed that are one in memory, unless they
    `may_repeat`.

    ```mlir
    plan.scatter %y, %x : !ts.tensor<[s0, 4], f32>
    ```
  }];
  let arguments = (ins AnyType:$gathered, AnyType:$reference, UnitAttr:$may_repeat);
  let assemblyFormat = "$gathered `,` $reference attr-dict `:` qualified(type($reference))";
}

def Plan_NewTensorOp : Plan_Op<"new_tensor", [MemoryEffects<[MemAlloc]>]> {
  let summary = "A new tensor of the runtime and its memory";
  let description = [{
    The tensor is contiguous and uninitialised, and belongs to the call until it is
    returned. Ends the call with an error when memory is exhausted. The operands are
    the dynamic dims of the buffer.

    ```mlir
    %x, %m = plan.new_tensor(%d) : !ts.tensor<[s0, 4], f32>, memref<?x4xf32>
    ```
  }];
  let arguments = (ins Variadic<Index>:$dims);
  let results = (outs AnyType:$reference, AnyMemRef:$buffer);
  let assemblyFormat = "`(` $dims `)` attr-dict `:` qualified(type($reference)) `,` type($buffer)";
  let hasVerifier = 1;
}

def Plan_ArenaOp : Plan_Op<"arena", [MemoryEffects<[MemAlloc]>]> {
  let summary = "Memory that lasts as long as the call";
  let description = [{
    Bytes aligned to 64. Small static amounts come from the stack, others from the
    context, which keeps them for the next call. Ends the call with an error when
    memory is exhausted.

    ```mlir
    %m = plan.arena %bytes : memref<?xi8>
    ```
  }];
  let arguments = (ins Index:$bytes);
  let results = (outs MemRefOf<[I8]>:$buffer);
  let assemblyFormat = "$bytes attr-dict `:` type($buffer)";
}

def Plan_ParallelOp : Plan_Op<"parallel", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                           MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Distribute work items over threads";
  let description = [{
    Calls the work function with chunks `[begin, end)` that cover `[0, count)`, on any
    thread, and returns when all are done. The function takes the captured values, then
    `begin` and `end`.

    ```mlir
    plan.parallel @linear_0_work to %n (%x, %out) : memref<4x4xf32>, memref<4x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$work, Index:$count, Variadic<AnyType>:$captures);
  let assemblyFormat = "$work `to` $count `(` $captures `)` attr-dict (`:` type($captures)^)?";
}

def Plan_RunTasksOp : Plan_Op<"run_tasks", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                            MemoryEffects<[MemRead, MemWrite, MemAlloc]>]> {
  let summary = "Run parts of a method beside each other";
  let description = [{
    Calls each task, a host function of its own, with its part of the captures, on any thread, and returns when all are
    done, with the results of one after those of another. What it raises is what running them in order would raise.

    ```mlir
    %a, %b = plan.run_tasks [@forward_task, @forward_task_0](%x, %x, %n) counts [1, 2] to [1, 1]
        : (!ts.tensor<[4], f32>, !ts.tensor<[4], f32>, i64) -> (!ts.tensor<[4], f32>, i64)
    ```
  }];
  let arguments = (ins FlatSymbolRefArrayAttr:$tasks, Variadic<AnyType>:$captures,
                       DenseI64ArrayAttr:$capture_counts, DenseI64ArrayAttr:$result_counts);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $tasks `(` $captures `)` `counts` $capture_counts `to` $result_counts attr-dict `:` functional-type($captures, $results)
  }];
}

#endif // WICK_DIALECT_PLAN_IR_PLANOPS
