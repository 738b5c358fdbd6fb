//===- TSControlOps.td - loops, exceptions, forks --------------*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_IR_TSCONTROLOPS
#define WICK_DIALECT_TS_IR_TSCONTROLOPS

include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/TS/IR/TSTypes.td"

def TS_YieldOp : TS_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "End of a region of a ts operation";
  let arguments = (ins Variadic<AnyType>:$results);
  let assemblyFormat = "($results^ `:` qualified(type($results)))? attr-dict";
}

def TS_LoopOp : TS_Op<"loop", [SingleBlock, RecursiveMemoryEffects]> {
  let summary = "Loop with a trip count and a condition";
  let description = [{
    TorchScript's only loop: `i = 0; c = cond; while (c && i < tripCount) { (c, vars…)
    = body(i, vars…); i++ }`. The trip count is evaluated once; not positive means
    zero times. The body takes the counter and the carried values and yields the next
    condition and carried values.

    ```mlir
    %r = ts.loop %n while %true init(%x) : (!ts.tensor) -> !ts.tensor {
    ^bb0(%i: i64, %v: !ts.tensor):
      ts.yield %true, %v : i1, !ts.tensor
    }
    ```
  }];
  let arguments = (ins I64:$tripCount, I1:$condition, Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $tripCount `while` $condition `init` `(` $inits `)` attr-dict `:` functional-type($inits, $results) $body
  }];
  let hasVerifier = 1;
}

def TS_RaiseOp : TS_Op<"raise", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Raise an exception";
  let description = [{
    Ends the call with an error of class `cls` (None is RuntimeError). Code after it in
    the same block is unreachable.

    ```mlir
    ts.raise %message, %cls : !ts.str, !ts.str
    ```
  }];
  let arguments = (ins TS_StringType:$message, AnyType:$cls);
  let assemblyFormat = "$message `,` $cls attr-dict `:` qualified(type($message)) `,` qualified(type($cls))";
}

def TS_PrintOp : TS_Op<"print", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Print values, separated by spaces, and a newline";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` qualified(type($values)))? attr-dict";
}

def TS_ForkOp : TS_Op<"fork", [SingleBlock]> {
  let summary = "Start a computation that may run at the same time";
  let description = [{
    The body sees the values it was given as block arguments and yields one value.

    ```mlir
    %f = ts.fork (%x) : (!ts.tensor) -> !ts.future<!ts.tensor> {
    ^bb0(%a: !ts.tensor):
      ts.yield %a : !ts.tensor
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$captures);
  let results = (outs TS_FutureType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`(` $captures `)` attr-dict `:` functional-type($captures, $result) $body";
}

def TS_AwaitableOp : TS_Op<"awaitable", [SingleBlock]> {
  let summary = "A computation that runs when its value is first needed";
  let arguments = (ins Variadic<AnyType>:$captures);
  let results = (outs TS_AwaitType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`(` $captures `)` attr-dict `:` functional-type($captures, $result) $body";
}

def TS_EnterOp : TS_Op<"enter"> {
  let summary = "Begin of a with statement: calls __enter__";
  let arguments = (ins TS_AnyObject:$object);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$object attr-dict `:` qualified(type($object)) `->` qualified(type($result))";
}

def TS_ExitOp : TS_Op<"exit"> {
  let summary = "End of a with statement: calls __exit__(None, None, None)";
  let arguments = (ins TS_AnyObject:$object);
  let assemblyFormat = "$object attr-dict `:` qualified(type($object))";
}

def TS_PushEnteredOp : TS_Op<"push_entered", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Have `__exit__` called if the call fails before ts.pop_entered";
  let description = [{
    A call keeps the objects of the `with` statements that it is in. If it fails, for whatever reason, `__exit__` of each
    is called, of the last one first, as LibTorch's interpreter does; errors of these calls are dropped. `local` says
    that `__exit__` of the class does no more than set slots of the object: if nobody else has the object, nobody sees
    whether it was called.

    ```mlir
    ts.push_entered %guard : !ts.object<@"__torch__.Guard">
    ```
  }];
  let arguments = (ins TS_AnyObject:$object, UnitAttr:$local);
  let assemblyFormat = "$object (`local` $local^)? attr-dict `:` qualified(type($object))";
}

def TS_PopEnteredOp : TS_Op<"pop_entered", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "End what ts.push_entered began, before `__exit__` is called where the with statement ends";
  let arguments = (ins TS_AnyObject:$object);
  let assemblyFormat = "$object attr-dict `:` qualified(type($object))";
}

#endif // WICK_DIALECT_TS_IR_TSCONTROLOPS
