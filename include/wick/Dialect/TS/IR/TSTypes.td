//===- TSTypes.td - the types of TorchScript values ------------*- tablegen -*-===//
//
// One type for every kind of value that an archive can hold (torch 2.13,
// `aten/src/ATen/core/jit_type.h`). `int`, `float`, `bool` and `complex` are the
// builtin i64, f64, i1 and complex<f64>.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_TSTYPES
#define WICK_DIALECT_TS_IR_TSTYPES

include "mlir/IR/AttrTypeBase.td"
include "wick/Dialect/TS/IR/TSDialect.td"

class TS_Type<string name, string mnem, list<Trait> traits = []> : TypeDef<TS_Dialect, name, traits> {
  let mnemonic = mnem;
}

def TS_TensorType : TS_Type<"Tensor", "tensor"> {
  let summary = "A tensor with reference semantics, refined by what is known of it";
  let description = [{
    A reference to a tensor: views share storage, and writes are seen through every
    alias. Known facts refine the type: the element type, the rank, and each
    dimension as an affine expression over the symbols `s0`, `s1`, … of the enclosing
    function; equal expressions are equal sizes. A dim of which nothing is known is `?`.

    ```mlir
    !ts.tensor                              // nothing known
    !ts.tensor<*, f32>                      // element type known
    !ts.tensor<[s0, 3, (s1 - 1) floordiv 2 + 1, ?], f32>
    ```

    Of a tensor whose dtype or rank is not known it may be known that it is of one of a few types, as of what is
    read from a list that several kinds of tensors are stored in. Code asks at run time which (`ts.has_type`).

    ```mlir
    !ts.tensor<*, f32, [!ts.tensor<[?], f32>, !ts.tensor<[2, ?], f32>]>
    ```

    Element types are signless integers, `ui8`, floats and complex numbers as
    PyTorch's dtypes; `i1` is bool.
  }];
  let parameters = (ins "bool":$hasRank, ArrayRefParameter<"::mlir::AffineExpr">:$dims, "::mlir::Type":$dtype,
                        ArrayRefParameter<"::mlir::Type">:$alternatives);
  let hasCustomAssemblyFormat = 1;
  let builders = [
    TypeBuilder<(ins), [{
      return $_get($_ctxt, false, ::llvm::ArrayRef<::mlir::AffineExpr>(), ::mlir::Type(), ::llvm::ArrayRef<::mlir::Type>());
    }]>,
    TypeBuilder<(ins "::llvm::ArrayRef<::mlir::AffineExpr>":$dims, "::mlir::Type":$dtype), [{
      return $_get($_ctxt, true, dims, dtype, ::llvm::ArrayRef<::mlir::Type>());
    }]>,
    TypeBuilder<(ins "bool":$hasRank, "::llvm::ArrayRef<::mlir::AffineExpr>":$dims, "::mlir::Type":$dtype), [{
      return $_get($_ctxt, hasRank, dims, dtype, ::llvm::ArrayRef<::mlir::Type>());
    }]>
  ];
  let extraClassDeclaration = [{
    /// Number of dims; only when `getHasRank()`.
    int64_t getRank() const { return getDims().size(); }
    /// Whether dtype and rank are known.
    bool isTyped() const { return getHasRank() && getDtype(); }
    /// Whether it is of a known type, or of one of several.
    bool isNarrowed() const { return isTyped() || !getAlternatives().empty(); }
    /// The size of a dim when it is a constant, else kDynamic.
    int64_t getStaticDim(int64_t i) const;
    /// The builtin tensor type with the same facts; dynamic dims keep their
    /// expressions in a `#ts.dims` encoding. Null unless `isTyped()`.
    ::mlir::RankedTensorType getValueType() const;
    /// The inverse of `getValueType`.
    static TensorType getFromValueType(::mlir::RankedTensorType type);
  }];
}

def TS_ListType : TS_Type<"List", "list"> {
  let summary = "A reference to a growable list";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def TS_DictType : TS_Type<"Dict", "dict"> {
  let summary = "A reference to an insertion-ordered dictionary";
  let parameters = (ins "::mlir::Type":$keyType, "::mlir::Type":$valueType);
  let assemblyFormat = "`<` $keyType `,` $valueType `>`";
}

def TS_TupleType : TS_Type<"Tuple", "tuple"> {
  let summary = "An immutable tuple";
  let parameters = (ins OptionalArrayRefParameter<"::mlir::Type">:$elementTypes);
  let assemblyFormat = "`<` (`>`) : ($elementTypes^ `>`)?";
}

def TS_NamedTupleType : TS_Type<"NamedTuple", "namedtuple"> {
  let summary = "A tuple whose fields have names";
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::ArrayAttr":$fields,
                        OptionalArrayRefParameter<"::mlir::Type">:$elementTypes);
  let assemblyFormat = "`<` $name `,` $fields `,` `(` (`)`) : ($elementTypes^ `)`)? `>`";
}

def TS_OptionalType : TS_Type<"Optional", "optional"> {
  let summary = "A value or None";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def TS_UnionType : TS_Type<"Union", "union"> {
  let summary = "A value of one of several types";
  let parameters = (ins ArrayRefParameter<"::mlir::Type">:$memberTypes);
  let assemblyFormat = "`<` $memberTypes `>`";
}

def TS_StringType : TS_Type<"String", "str"> { let summary = "A string of bytes"; }
def TS_NoneType : TS_Type<"None", "none"> { let summary = "The type of None"; }
def TS_NumberType : TS_Type<"Number", "number"> { let summary = "An int, float, bool or complex, tagged at run time"; }
def TS_AnyType : TS_Type<"Any", "any"> { let summary = "Any value"; }
def TS_DeviceType : TS_Type<"Device", "device"> { let summary = "A device: kind and index"; }
def TS_GeneratorType : TS_Type<"Generator", "generator"> { let summary = "A reference to the state of a random number generator"; }
def TS_FunctionType : TS_Type<"Function", "function"> { let summary = "A reference to a function, known at compile time"; }

def TS_ObjectType : TS_Type<"Object", "object"> {
  let summary = "A reference to an object of a class";
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$classSymbol);
  let assemblyFormat = "`<` $classSymbol `>`";
}

def TS_InterfaceType : TS_Type<"Interface", "interface"> {
  let summary = "A reference to an object of any class that has the interface's methods";
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$classSymbol);
  let assemblyFormat = "`<` $classSymbol `>`";
}

def TS_EnumType : TS_Type<"Enum", "enum"> {
  let summary = "A member of an enumeration";
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$classSymbol);
  let assemblyFormat = "`<` $classSymbol `>`";
}

def TS_FutureType : TS_Type<"Future", "future"> {
  let summary = "The result of a forked computation";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def TS_AwaitType : TS_Type<"Await", "await"> {
  let summary = "A computation that runs when it is first awaited";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def TS_OpaqueType : TS_Type<"Opaque", "opaque"> {
  let summary = "A value that Wick carries but does not look into";
  let description = "Streams, storages, quantizers, `List` and `Tuple` without elements, and other kinds by their TorchScript name.";
  let parameters = (ins "::mlir::StringAttr":$kind);
  let assemblyFormat = "`<` $kind `>`";
}

def TS_DimsAttr : AttrDef<TS_Dialect, "Dims"> {
  let mnemonic = "dims";
  let summary = "What is known of the dims of a builtin tensor, as its encoding";
  let description = [{
    One affine expression over the function's symbols for each dim; `?` where nothing
    is known. Static dims are constants and agree with the shape.

    ```mlir
    tensor<?x3x?xf32, #ts.dims<[s0, 3, s1 floordiv 2]>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::AffineExpr">:$dims);
  let hasCustomAssemblyFormat = 1;
}

// Constraints shared by ops.
def TS_AnyList : Type<CPred<"::llvm::isa<::wick::ts::ListType>($_self)">, "list">;
def TS_AnyTuple : Type<CPred<"::llvm::isa<::wick::ts::TupleType, ::wick::ts::NamedTupleType>($_self)">, "tuple">;
def TS_AnyObject : Type<CPred<"::llvm::isa<::wick::ts::ObjectType, ::wick::ts::InterfaceType>($_self)">, "object or interface">;

#endif // WICK_DIALECT_TS_IR_TSTYPES
