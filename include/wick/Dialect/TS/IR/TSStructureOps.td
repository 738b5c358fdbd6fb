//===- TSStructureOps.td - classes, objects, operators, constants -*- tablegen -*-===//
#ifndef WICK_DIALECT_TS_IR_TSSTRUCTUREOPS
#define WICK_DIALECT_TS_IR_TSSTRUCTUREOPS

include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/TS/IR/TSTypes.td"

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

def TS_ClassOp : TS_Op<"class", [Symbol, NoTerminator, SingleBlock, IsolatedFromAbove]> {
  let summary = "Class, module, interface or enumeration of the archive";
  let description = [{
    Lists the attributes and methods of a class in slot order. Methods are functions
    of the enclosing module; the class names them. `kind` is `module`, `class`,
    `interface`, `enum` or `opaque` (a class implemented in C++).

    ```mlir
    ts.class @"__torch__.MyCell" module {
      ts.attr "training" : i1
      ts.attr "weight" : !ts.tensor {parameter}
      ts.method "forward" = @"__torch__.MyCell.forward"
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$kind);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $kind attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    /// The attribute with that name, or null.
    AttrOp lookupAttr(::llvm::StringRef name);
    /// The function that implements a method, or null.
    ::mlir::FlatSymbolRefAttr lookupMethod(::llvm::StringRef name);
  }];
}

def TS_AttrOp : TS_Op<"attr", [HasParent<"ClassOp">]> {
  let summary = "Attribute of a class";
  let description = [{
    A slot of the objects of a class. `parameter` and `buffer` mark what PyTorch
    lists as such. Members of an enumeration are attributes with a `value`.

    ```mlir
    ts.attr "weight" : !ts.tensor {parameter}
    ```
  }];
  let arguments = (ins StrAttr:$name, TypeAttr:$type, UnitAttr:$parameter, UnitAttr:$buffer,
                       OptionalAttr<AnyAttr>:$value);
  let assemblyFormat = "$name `:` $type attr-dict";
}

def TS_MethodOp : TS_Op<"method", [HasParent<"ClassOp">]> {
  let summary = "Method of a class";
  let description = [{
    Names the function that implements a method. `role` is absent for ordinary
    methods and `pre_hook` or `hook` for functions that run around a top-level call.
    A method of an interface has no function; its `signature` says what to call.
    The `declaration` of what callers call is PyTorch's text for it, which its errors about arguments quote.

    ```mlir
    ts.method "forward" = @"__torch__.MyCell.forward"
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<FlatSymbolRefAttr>:$function, OptionalAttr<TypeAttrOf<FunctionType>>:$signature,
                       OptionalAttr<StrAttr>:$role, OptionalAttr<StrAttr>:$declaration);
  let assemblyFormat = "$name (`=` $function^)? (`:` $signature^)? attr-dict";
}

//===----------------------------------------------------------------------===//
// The object image
//===----------------------------------------------------------------------===//

def TS_ImageOp : TS_Op<"image", [Symbol, IsolatedFromAbove, SingleBlock]> {
  let summary = "The objects of the archive, as the program that builds them";
  let description = [{
    Straight-line code that creates every object, list, dict and tensor reference
    reachable from the root, fills their slots, and yields the root. What is shared
    in the archive is one SSA value here, so identity survives. A new session runs
    this code for what it may mutate.

    ```mlir
    ts.image @root {
      %w = ts.weight_ref @storage0 offset 0 sizes [4, 4] strides [4, 1] : !ts.tensor<[4, 4], f32>
      %m = ts.create_object : !ts.object<@"__torch__.M">
      ts.set_attr %m["weight"] = %w : !ts.object<@"__torch__.M">, !ts.tensor<[4, 4], f32>
      ts.yield %m : !ts.object<@"__torch__.M">
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def TS_ImageRefOp : TS_Op<"image_ref", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A value of the object image";
  let description = [{
    The object, or the list or dict in a slot, that the attributes of `path` lead to,
    dot-separated from the root; the root itself when the path is empty. Where several
    paths lead to one value, all references to it use the first.

    ```mlir
    %l = ts.image_ref @root "encoder.layer" : !ts.object<@"__torch__.Layer">
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$image, StrAttr:$path);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$image $path attr-dict `:` qualified(type($result))";
}

def TS_CreateObjectOp : TS_Op<"create_object", [MemoryEffectsOpInterface]> {
  let summary = "New object with unset slots";
  let description = [{
    ```mlir
    %m = ts.create_object : !ts.object<@"__torch__.M">
    ```
  }];
  let results = (outs Res<TS_ObjectType, "", [MemAlloc]>:$result);
  let assemblyFormat = "attr-dict `:` qualified(type($result))";
}

def TS_GetAttrOp : TS_Op<"get_attr", [MemoryEffects<[MemRead]>]> {
  let summary = "Read a slot of an object";
  let description = [{
    ```mlir
    %w = ts.get_attr %self["weight"] : !ts.object<@"__torch__.M"> -> !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyObject:$object, StrAttr:$name);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$object `[` $name `]` attr-dict `:` qualified(type($object)) `->` qualified(type($result))";
}

def TS_SetAttrOp : TS_Op<"set_attr", [MemoryEffects<[MemWrite]>]> {
  let summary = "Write a slot of an object";
  let description = [{
    ```mlir
    ts.set_attr %self["count"] = %n : !ts.object<@"__torch__.M">, i64
    ```
  }];
  let arguments = (ins TS_AnyObject:$object, StrAttr:$name, AnyType:$value);
  let assemblyFormat = "$object `[` $name `]` `=` $value attr-dict `:` qualified(type($object)) `,` qualified(type($value))";
}

def TS_CallMethodOp : TS_Op<"call_method"> {
  let summary = "Call a method of an object by name";
  let description = [{
    The class of the object, or the interface, decides which function runs.

    ```mlir
    %y = ts.call_method %m["forward"](%x) : !ts.object<@"__torch__.M">, (!ts.tensor) -> !ts.tensor
    ```
  }];
  let arguments = (ins TS_AnyObject:$object, StrAttr:$name, Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$object `[` $name `]` `(` $arguments `)` attr-dict `:` qualified(type($object)) `,` functional-type($arguments, $results)";
}

//===----------------------------------------------------------------------===//
// The source
//===----------------------------------------------------------------------===//

def TS_SourceLinesOp : TS_Op<"source_lines"> {
  let summary = "Lines of the user's Python";
  let description = [{
    The text of those lines of a file that locations name, without indentation, as the archive holds it. Errors show
    it to people who may not have the file. Locations say in which function their line stands, as metadata.

    ```mlir
    ts.source_lines "model.py" [12, 14] ["y = self.inner(x)", "return y + 1"]
    %y = aten.add %x, %c1, %c1 : (!ts.tensor, i64, i64) -> !ts.tensor loc(fused<"forward">["model.py":14:12])
    ```
  }];
  let arguments = (ins StrAttr:$file, DenseI64ArrayAttr:$lines, StrArrayAttr:$text);
  let assemblyFormat = "$file $lines $text attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Operators without an op of their own
//===----------------------------------------------------------------------===//

def TS_SchemaOp : TS_Op<"schema", [Symbol]> {
  let summary = "Schema of an operator of PyTorch's registry";
  let description = [{
    The signature an archive's operator was matched against, printed once. The symbol
    is the operator's name with its overload. `writes` lists the indices of arguments
    that the operator mutates and `aliases` those its results may share storage with.

    ```mlir
    ts.schema @"aten::add_.Tensor" "aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)"
        arguments ["self", "other", "alpha"] writes [0] aliases [0]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$text, StrArrayAttr:$argumentNames,
                       DenseI64ArrayAttr:$writes, DenseI64ArrayAttr:$aliases);
  let assemblyFormat = [{
    $sym_name $text `arguments` $argumentNames `writes` $writes `aliases` $aliases attr-dict
  }];
}

def TS_OperatorOp : TS_Op<"operator", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                       DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Operator of PyTorch's registry without an op of its own";
  let description = [{
    Refers to a `ts.schema`, which names the arguments and says what is mutated.
    An operator over scalars and strings that writes nothing is pure, unless it has no operands.

    ```mlir
    %r = ts.operator @"aten::add_.Tensor"(%x, %y, %c1) : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$schema, Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region VariadicRegion<AnyRegion>:$blocks);
  let assemblyFormat = "$schema `(` $arguments `)` attr-dict `:` functional-type($arguments, $results) $blocks";
}

def TS_FallbackOp : TS_Op<"fallback", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Operator that LibTorch runs";
  let description = [{
    Calls the first of several operators that LibTorch has, with named arguments, through
    the plug-in of include/wick/Runtime/Fallback.h, whose text `operators` and `names` make up.
    Arguments are not changed: the contents that one marked with `!` has afterwards are a
    result, and then the operator's own results are left out. One marked with `&` is written where it is.
    `aliases` lists the arguments whose memory a result may share.

    Types of results are checked when the operator has run: what they say of tensors holds.

    ```mlir
    %q, %r = ts.fallback ["aten::linalg_qr"] ["A", "mode"] (%x, %mode) aliases []
        : (!ts.tensor<[4, 3], f32>, !ts.str) -> (!ts.tensor<[4, 3], f32>, !ts.tensor<[3, 3], f32>)
    ```
  }];
  let arguments = (ins StrArrayAttr:$operators, StrArrayAttr:$names, DenseI64ArrayAttr:$aliases,
                       Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $operators $names `(` $arguments `)` `aliases` $aliases attr-dict `:` functional-type($arguments, $results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// What the runtime is told: operators and arguments, and behind an arrow the types of the results.
    std::string getText();
    /// The same up to the arrow.
    std::string getCallee();
    /// A value as an argument, or null when it is none at run time.
    static ::mlir::Value getArgument(::mlir::OpBuilder &builder, ::mlir::Value value);
  }];
}

//===----------------------------------------------------------------------===//
// Constants and casts
//===----------------------------------------------------------------------===//

class TS_ConstantBase<string mnemonic, list<Trait> traits = []> : TS_Op<mnemonic, traits # [ConstantLike, Pure]> {
  let hasFolder = 1;
}

def TS_NoneOp : TS_ConstantBase<"none"> {
  let summary = "The value None";
  let description = [{
    ```mlir
    %none = ts.none
    ```
  }];
  let results = (outs TS_NoneType:$result);
  let assemblyFormat = "attr-dict";
}

def TS_StrOp : TS_ConstantBase<"str"> {
  let summary = "String constant";
  let description = [{
    ```mlir
    %s = ts.str "mean"
    ```
  }];
  let arguments = (ins StrAttr:$value);
  let results = (outs TS_StringType:$result);
  let assemblyFormat = "$value attr-dict";
}

def TS_DeviceOp : TS_Op<"device", [Pure]> {
  let summary = "Device constant";
  let description = [{
    ```mlir
    %d = ts.device "cpu"
    ```
  }];
  let arguments = (ins StrAttr:$value);
  let results = (outs TS_DeviceType:$result);
  let assemblyFormat = "$value attr-dict";
}

def TS_EnumOp : TS_Op<"enum", [Pure]> {
  let summary = "Member of an enumeration";
  let description = [{
    ```mlir
    %e = ts.enum "RED" : !ts.enum<@"__torch__.Color">
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs TS_EnumType:$result);
  let assemblyFormat = "$name attr-dict `:` qualified(type($result))";
}

def TS_FunctionOp : TS_Op<"function", [Pure]> {
  let summary = "Reference to a function";
  let description = [{
    ```mlir
    %f = ts.function @"__torch__.helper"
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$function);
  let results = (outs TS_FunctionType:$result);
  let assemblyFormat = "$function attr-dict";
}

def TS_OpaqueOp : TS_Op<"opaque", [MemoryEffects<[MemAlloc]>]> {
  let summary = "Value of the archive that Wick does not look into";
  let description = [{
    A quantised or sparse tensor, an object of a C++ class, a stream: present so that
    the archive imports whole; using it natively is an error that names it.

    ```mlir
    %q = ts.opaque "quantized tensor" : !ts.tensor
    ```
  }];
  let arguments = (ins StrAttr:$what);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$what attr-dict `:` qualified(type($result))";
}

def TS_UninitializedOp : TS_Op<"uninitialized", [Pure]> {
  let summary = "Value that no live path reads";
  let description = [{
    ```mlir
    %u = ts.uninitialized : i64
    ```
  }];
  let results = (outs AnyType:$result);
  let assemblyFormat = "attr-dict `:` qualified(type($result))";
}

def TS_UpcastOp : TS_Op<"upcast", [Pure]> {
  let summary = "The same value seen as a supertype";
  let description = [{
    From `T` or `!ts.none` to an optional, union, number, interface or any type that
    includes it. TorchScript does this silently wherever a subtype is accepted.

    ```mlir
    %o = ts.upcast %x : i64 to !ts.optional<i64>
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($value)) `to` qualified(type($result))";
  let hasFolder = 1;
}

def TS_UncheckedCastOp : TS_Op<"unchecked_cast", [NoMemoryEffect]> {
  let summary = "The same value seen as a subtype, already tested";
  let description = [{
    The program has tested the value before (`is None`, `isinstance`); nothing is
    checked here. So it never moves in front of the test.

    ```mlir
    %x = ts.unchecked_cast %o : !ts.optional<i64> to i64
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($value)) `to` qualified(type($result))";
  let hasFolder = 1;
}

def TS_IsInstanceOp : TS_Op<"isinstance", [Pure]> {
  let summary = "Whether a value has one of several types";
  let description = [{
    ```mlir
    %b = ts.isinstance %v [i64, !ts.str] : !ts.any
    ```
  }];
  let arguments = (ins AnyType:$value, TypeArrayAttr:$types);
  let results = (outs I1:$result);
  let assemblyFormat = "$value $types attr-dict `:` qualified(type($value))";
  let hasFolder = 1;
}

#endif // WICK_DIALECT_TS_IR_TSSTRUCTUREOPS
