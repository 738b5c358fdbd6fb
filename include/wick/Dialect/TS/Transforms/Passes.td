//===- Passes.td - passes on TorchScript programs --------------------------*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_TRANSFORMS_PASSES
#define WICK_DIALECT_TS_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// From import to program
//===----------------------------------------------------------------------===//

def TSCreateEntriesPass : Pass<"ts-create-entries", "::mlir::ModuleOp"> {
  let summary = "Create a public function for each method that a user can call";
  let description = [{
    The root object of the image becomes a reference that the entry passes to the method
    as `self`; arguments keep their names and defaults. Without a choice of methods these
    are `forward` (and `forward__0`, …), methods that inputs name and every method that no
    method of the root's class calls itself. `__getstate__` and `__setstate__` are never entries. When the
    class has hooks, `__call__` runs `forward` between them, as Python's `m(x)` does.
    When inputs are given, an optional argument that they mention becomes its value's
    type. One that they do not becomes `!ts.none` where it may hold tensors, of which code must
    know more; others are what a call gives.

    Before: a module with a `ts.image`, its classes and private methods. After:

    ```mlir
    func.func @forward(%x: !ts.tensor {ts.name = "x"}) -> !ts.tensor attributes {ts.method = "forward"} {
      %self = ts.image_ref @root "" : !ts.object<@__torch__.M>
      %y = call @__torch__.M.forward(%self, %x) : (!ts.object<@__torch__.M>, !ts.tensor) -> !ts.tensor
      return %y : !ts.tensor
    }
    ```
  }];
  let options = [
    ListOption<"methods", "methods", "std::string", "Methods to create entries for; empty for the default choice">,
    ListOption<"inputs", "inputs", "std::string",
               "What is known of arguments, as [method:][name=]BxSxi64; decides which optional arguments are there">,
    ListOption<"mutableAttributes", "mutable", "std::string",
               "Attributes that callers write, as block.scale; others that no method writes are constants">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def TSInlineCallsPass : Pass<"ts-inline-calls", "::mlir::ModuleOp"> {
  let summary = "Resolve and inline all calls of the entries";
  let description = [{
    Calls of functions and methods are replaced by the callee's body until none is left.
    A method is found through the class of the object; for an interface, through the
    object that the image holds. Slots of objects that hold objects, and that no code
    writes, are followed into the image. `with` statements call `__enter__` and
    `__exit__`; for calls that fail in them, `__exit__` of each class that is entered becomes an entry as well, unless
    it does nothing. A method of a module that a key chooses from a ModuleList or ModuleDict
    while the program runs is called in one of several branches, one for each module.
    So is, if asked for, a method of an interface whose object only run time knows: in one
    for each class that implements it and of which the archive or the program has objects.
    Functions that nothing calls any more are erased, once all methods are found.

    Before: `ts.get_attr %self["linear"]` and `ts.call_method %linear["forward"](%x)`.
    After: the operators of Linear's forward, reading from
    `ts.image_ref @root "linear" : !ts.object<@__torch__.Linear>`.
  }];
  let options = [
    Option<"dispatch", "dispatch", "bool", "false",
           "Let run time choose among the classes of an interface where the object is not known by now">,
  ];
}

def TSRunForksPass : Pass<"ts-run-forks", "::mlir::ModuleOp"> {
  let summary = "Run forked computations where they are forked";
  let description = [{
    That is one of their legal schedules. The body of a `ts.fork` is put in its place, and a future, wherever types name
    one, is the value that it gives: what waits for it has that already. The locations of its operations have the number
    of the fork, by which `plan-outline-tasks` finds what may run beside other code.

    Before:

    ```mlir
    %f = ts.fork (%x) : (i64) -> !ts.future<i64> {
    ^bb0(%a: i64):
      ts.yield %a : i64
    }
    %list = ts.list_construct %f : (!ts.future<i64>) -> !ts.list<!ts.future<i64>>
    ```

    After: `ts.list_construct %x : (i64) -> !ts.list<i64>`.
  }];
}

def TSFreezeAttributesPass : Pass<"ts-freeze-attributes", "::mlir::ModuleOp"> {
  let summary = "Replace attributes that nothing writes by what the archive holds";
  let description = [{
    `ts.get_attr` of an object of the image becomes the value in that slot, unless some
    function writes the slot: tensors become `ts.weight_ref`, numbers constants, lists
    and tuples their construction. Lists and dicts stay in their slot when code changes
    a container of that type which it did not make itself, and so do tensors to whose
    elements code may write, through views and other names too.

    Before: `ts.get_attr %m["weight"]` where `%m = ts.image_ref @root "linear"`. After:
    `ts.weight_ref @storage0 offset 0 sizes [4, 4] strides [4, 1]`.
  }];
}

def TSCreateStatePass : Pass<"ts-create-state", "::mlir::ModuleOp"> {
  let summary = "Turn what changes of the object image into the state of a session";
  let description = [{
    Objects of the image to which entries still refer have slots that change. A public
    function `@__state` makes them, with the slots that some entry reads or writes - all
    of them where entries take or return objects of the class - and returns them; entries take its results, by number, as arguments after their own. A
    runtime calls it once for each session. Two tensors of the state that share memory are an error.

    Before: `ts.image_ref @root ""` in an entry that writes the attribute `count`. After:

    ```mlir
    func.func @__state() -> !ts.object<@M> attributes {ts.state} {
      %m = ts.create_object : !ts.object<@M>
      ts.set_attr %m["count"] = %c0 : !ts.object<@M>, i64
      return %m : !ts.object<@M>
    }
    ```

    and `func.func @forward(…, %m: !ts.object<@M> {ts.state = 0})`.
  }];
}

def TSSimplifyProgramPass : Pass<"ts-simplify-program", "::mlir::ModuleOp"> {
  let summary = "Resolve scalars, containers and branches that are known";
  let description = [{
    Operators on int, float and bool become `arith` and `math` with TorchScript's
    semantics (integers wrap, `/` of ints is a float division, `//` and `%` round down and
    raise on zero); lists, tuples and strings of known structure are resolved, writes to
    fresh lists included; number chains that tracing wrapped in tensors become numbers;
    decided branches, loops over known containers and code after a raise disappear;
    operators without meaning in a compiled program (warnings, profiling) are dropped.

    Before: `ts.operator @"aten::mul.int"(%n, %c2) : (i64, i64) -> i64`.
    After: `arith.muli %n, %c2 : i64`. Runs again whenever more is known of types.
  }];
  let dependentDialects = ["::wick::aten::AtenDialect", "::mlir::arith::ArithDialect",
                           "::mlir::complex::ComplexDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect"];
}

def TSExpandWritesPass : Pass<"ts-expand-writes", "::mlir::ModuleOp"> {
  let summary = "Split in-place and out= operators into a functional operator and a write";
  let description = [{
    An operator whose schema writes one tensor argument becomes the operator of the same
    name without the underscore (for `out=`, of the overload without it) followed by
    `ts.write`; its result becomes the written tensor. `copy_`, `fill_` and `zero_` write
    their value directly, which broadcasts and converts. The functional operator is an
    `aten` op when the dialect has one and a `ts.operator` otherwise. A norm that is in
    training becomes a norm without running statistics, and writes of what the prelude's
    `_running_statistics` makes of these. What follows an operator that gives a tensor another shape, as `unsqueeze_`,
    uses the view that it makes of it.

    Before: `%r = ts.operator @"aten::relu_"(%x) : (!ts.tensor) -> !ts.tensor`. After:

    ```mlir
    %v = aten.relu %x : (!ts.tensor) -> !ts.tensor
    ts.write %x, %v {strict} : !ts.tensor, !ts.tensor
    ```
  }];
  let dependentDialects = ["::wick::aten::AtenDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

def TSExpandSplitsPass : Pass<"ts-expand-splits", "::mlir::ModuleOp"> {
  let summary = "Loop over the parts of a tensor whose number only run time knows";
  let description = [{
    `split`, `chunk` and `unbind` give lists of views. Type inference takes them apart where it knows how many there are;
    what is left becomes a loop that appends each part to a new list, and types are inferred again.

    ```mlir
    %l = aten.unbind %x, %dim : (!ts.tensor<[?, 4], f32>, i64) -> !ts.list<!ts.tensor>
    // becomes
    %n = ts.size %x, %dim : !ts.tensor<[?, 4], f32>
    %l = ts.list_construct : () -> !ts.list<!ts.tensor>
    ts.loop %n while %true … {
      %y = aten.select %x, %dim, %i : (!ts.tensor<[?, 4], f32>, i64, i64) -> !ts.tensor
      ts.operator @"aten::append.t"(%l, %y) …
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::wick::aten::AtenDialect", "::wick::ts::TSDialect"];
}

def TSRaiseLoopsPass : Pass<"ts-raise-loops", "::mlir::ModuleOp"> {
  let summary = "Turn TorchScript's loops into loops of scf";
  let description = [{
    A `ts.loop` whose condition is true throughout becomes an `scf.for` over its i64
    counter; any other an `scf.while` that carries the condition, the counter where it
    matters, and the values of the loop.

    Before: `ts.loop %n while %true init(%x) : (!ts.tensor) -> !ts.tensor`. After:
    `scf.for %i = %c0 to %n step %c1 iter_args(%v = %x) -> (!ts.tensor) : i64`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

def TSDropDefinitionsPass : Pass<"ts-drop-definitions", "::mlir::ModuleOp"> {
  let summary = "Erase classes, schemas, weights and functions that no entry refers to";
  let description = [{
    After inlining and freezing most definitions of an archive are only referred to by
    each other. What no public function reaches through symbols or types is erased: the
    image first of all, and with it the weights that only it mentions.

    Before: a module with classes and an image of which the entries use nothing. After:
    the entries, and the `plan.weight`s and `ts.schema`s they name.
  }];
}

def TSUseFallbackPass : Pass<"ts-use-fallback", "::mlir::ModuleOp"> {
  let summary = "Leave tensor operators without native code to LibTorch";
  let description = [{
    A `ts.operator` on tensors that has no op of its own, no function of the prelude and no
    rule becomes a `ts.fallback`. What it writes becomes a result, which a `ts.write` stores. Operators
    on other values than tensors are never left to LibTorch. With `final`, operators with rules that did
    not apply are left to it too, types are inferred anew, and where a tensor's dtype or rank is not known by then,
    so are the operators that take or give it.

    Before: `%y = ts.operator @"aten::linalg_inv"(%x) : (!ts.tensor) -> !ts.tensor`. After:
    `%y = ts.fallback ["aten::linalg_inv"] ["A"] (%x) aliases [] : (!ts.tensor) -> !ts.tensor`.
  }];
  let options = [Option<"final", "final", "bool", "false", "Whether types are known and decide no more">];
}

def TSVerifyProgramPass : Pass<"ts-verify-program", "::mlir::ModuleOp"> {
  let summary = "Check that a program consists of what the later phases handle";
  let description = [{
    The end of the `program` phase. Reports every operator without a native
    implementation, call that was not resolved and attribute that is written, all at
    once: one error for each, at the first line of the user's program where it occurs,
    with notes for the other lines. Changes nothing.

    Operators that types decide - text of an error, comparisons of sizes - are left alone
    unless the check is final, as it is once the program is typed.

    Before and after: entries without `self`, in which only `ts`, `aten`, `scf`, `arith`
    and `math` operations stand.
  }];
  let options = [Option<"final", "final", "bool", "false", "Whether nothing more will be known of types">];
}

//===----------------------------------------------------------------------===//
// From program to typed
//===----------------------------------------------------------------------===//

def TSBindLengthsPass : Pass<"ts-bind-lengths", "::mlir::ModuleOp"> {
  let summary = "Take list arguments of known length apart";
  let description = [{
    Where an input is specified with its length, as in `0=[3xHxWxf32; 2]`, the list is unpacked when the method is entered
    and made again from its elements, so that loops over it run a known number of times. A call with a list of another
    length raises. Lists that the method writes stay as they are. Of a list that is specified by its values, `1=[0, 2]`,
    the elements are these constants, and a call with others raises.

    ```mlir
    func.func @forward(%l: !ts.list<!ts.tensor>)
    // becomes
    func.func @forward(%l: !ts.list<!ts.tensor>) {
      %x:2 = ts.list_unpack %l : !ts.list<!ts.tensor> -> !ts.tensor, !ts.tensor
      %m = ts.list_construct %x#0, %x#1 : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
    ```
  }];
  let options = [ListOption<"inputs", "inputs", "std::string", "What is known of arguments, see ts-infer-types">];
  let dependentDialects = ["::wick::ts::TSDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

def TSInferTypesPass : Pass<"ts-infer-types", "::mlir::ModuleOp"> {
  let summary = "Infer dtype, rank and dims of every tensor of the public functions";
  let description = [{
    Starts from what `inputs` says of the arguments, as `[method:][name=]BxSx3xf32`: equal
    names of dims are equal sizes, `?` is free, and each size that is not a number becomes a
    symbol, listed in the function's attribute `ts.symbols`. Numbers may be given a value
    (`n=3`, `flag=true`, `mask=none`), which the code is then specialised to. An argument
    named by its number (`0=[?x3xf32]`) or name takes the structure of an example: lists,
    dicts (`{str: 2xi64}`), tuples (`(int, f32)`), attributes of objects (`Point(x=2xf32)`, which
    say what the class holds) and what `Any` is. `@__torch__.Decoder(cache=[?x8xf32])` says what objects of a class hold
    beside what the functions store there. One walk in
    program order infers the types of all results; what becomes constant folds, so that
    only live branches are looked at; questions about sizes are answered by arithmetic on
    `ts.symbol`. Where control flow joins, `ts.refine` widens types. Lists and dicts hold
    what is stored in them under any name (`lib/Dialect/TS/Transforms/Contents.h`): this
    is found on clones first, in rounds.

    An operation that never succeeds (shapes that do not broadcast, a dim out of range) is replaced by code that raises
    when it is reached, with a warning at the user's line. Where every call reaches it that is an error
    instead, unless `late-errors` is given.

    ```mlir
    func.func @f(%x: !ts.tensor) -> !ts.tensor {
      %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
      return %y : !ts.tensor
    }
    // becomes, with inputs=Bx3xf32
    func.func @f(%x: !ts.tensor<[s0, 3], f32>) -> !ts.tensor<[s0, 3], f32> attributes {ts.symbols = [[0, 0]]} {
      %y = aten.relu %x : (!ts.tensor<[s0, 3], f32>) -> !ts.tensor<[s0, 3], f32>
      return %y : !ts.tensor<[s0, 3], f32>
    }
    ```
  }];
  let options = [
    ListOption<"inputs", "inputs", "std::string", "What is known of the arguments: [method:][name=]BxSx3xf32">,
    Option<"lateErrors", "late-errors", "bool", "false", "Whether what never succeeds always raises when it runs">,
    Option<"noFallback", "no-fallback", "bool", "false",
           "Whether LibTorch runs nothing: a loop that changes a rank raises after so many iterations">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect"];
}

def TSVerifyTypedPass : Pass<"ts-verify-typed", "::mlir::ModuleOp"> {
  let summary = "Check that every tensor has a dtype and rank";
  let description = [{
    States what holds at the end of the phase `typed`: in public functions every tensor
    has a dtype and rank. The error for one that has none stands at the operator whose
    operands are all known, or at the argument of which the signature says nothing, and
    not at everything that follows from it. Only operators that are to become native code
    need to know: where nothing else looks into an unknown tensor, or with `fallback`, it is a reference that is handed on.
    Nothing is changed.
  }];
  let options = [Option<"fallback", "fallback", "bool", "false", "Whether LibTorch may run what types do not decide">];
}

//===----------------------------------------------------------------------===//
// From typed to values
//===----------------------------------------------------------------------===//

def TSFunctionalizePass : Pass<"ts-functionalize", "::mlir::ModuleOp"> {
  let summary = "Turn tensor references into values";
  let description = [{
    Arguments and results of functions stay references: an argument is read once, a
    result is a new tensor or the argument itself. Everything between works on builtin
    tensors. A write becomes the next value of the memory it changes: through views by
    the scatters of the view operators, through branches and loops by carrying the
    value. A view that is read after a write is derived again. What was written to an
    argument is written back before the return, `ts.defer_write` says from where on it has that value, and the argument
    is marked `ts.written`.
    Where it cannot be told which tensor a write changes, those that it may be stay references,
    which are written at once and read anew; a view among them is refused.

    Before, typed: `%y = aten.relu %x : (!ts.tensor<[4], f32>) -> !ts.tensor<[4], f32>`
    and `ts.write %x, %y {strict}`. After:

    ```mlir
    %v = ts.read %x : !ts.tensor<[4], f32> -> tensor<4xf32>
    %y = aten.relu %v : (tensor<4xf32>) -> tensor<4xf32>
    ts.defer_write %x, %y : !ts.tensor<[4], f32>, tensor<4xf32>
    ts.write %x, %y : !ts.tensor<[4], f32>, tensor<4xf32>
    ```
  }];
  let dependentDialects = ["::wick::aten::AtenDialect", "::wick::plan::PlanDialect", "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def TSVerifyValuesPass : Pass<"ts-verify-values", "::mlir::ModuleOp"> {
  let summary = "Check that tensor code works on values";
  let description = [{
    The end of the `values` phase: outside of what reads references, writes them, hands them
    around and packs results, no operation takes or gives a `!ts.tensor`. Reports every other
    operation at its line in the user's program. Changes nothing.

    Before and after: `aten` operations on builtin tensors between `ts.read` of the
    arguments and `ts.from_value` of the results.
  }];
}

def TSFormLiteralsPass : Pass<"ts-form-literals", "::mlir::ModuleOp"> {
  let summary = "Make literals of containers of constants";
  let description = [{
    A list or dict of constants that the program only reads is made once, when the module is loaded, instead of wherever
    it stands: the vocabulary of a tokenizer costs a call nothing. A long one that may change, or that callers see, is
    copied from a literal, which takes one call instead of code for each item.

    Before and after, of a list that is only read:

    ```mlir
    %l = ts.list_construct %a, %b : (!ts.str, !ts.str) -> !ts.list<!ts.str>
    ```
    ```mlir
    %l = ts.literal {list = ["a", "b"]} : !ts.list<!ts.str>
    ```
  }];
}

//===----------------------------------------------------------------------===//
// From values to linalg
//===----------------------------------------------------------------------===//

def TSWriteBeforeRaisesPass : Pass<"ts-write-before-raises", "::mlir::func::FuncOp"> {
  let summary = "Write tensors of the caller before an error ends the call";
  let description = [{
    Runs when lowerings have made their checks, so that all that may raise is there to be seen. A `ts.raise` gets a
    `ts.write` before it of each tensor whose write is deferred there, which costs nothing where nothing is raised.
    Before a call of the runtime or of LibTorch that may raise itself, the writes happen always. No `ts.defer_write` is
    left.

    Before: `ts.defer_write %x, %v` and, below it, `scf.if %isOutside { ts.raise %message, %none }`. After:

    ```mlir
    scf.if %isOutside {
      ts.write %x, %v : !ts.tensor<[4], f32>, tensor<4xf32>
      ts.raise %message, %none : !ts.str, !ts.none
    }
    ```
  }];
}

#endif // WICK_DIALECT_TS_TRANSFORMS_PASSES
