//===- AtenDialect.td - tensor operators known natively --------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENDIALECT
#define WICK_DIALECT_ATEN_IR_ATENDIALECT

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/Aten/IR/AtenInterfaces.td"
include "wick/Dialect/TS/IR/TSTypes.td"

def Aten_Dialect : Dialect {
  let name = "aten";
  let cppNamespace = "::wick::aten";
  let summary = "The tensor operators of PyTorch that Wick knows natively";
  let description = [{
    Each op is one operator of PyTorch's `aten` namespace; overloads that differ only
    in taking a number for a tensor, or in leaving arguments out, fold together. Ops
    are functional: in-place and `out=` forms are a functional op and a `ts.write`.

    Operands carry the names of the PyTorch schema and stand in its order. An argument
    that a schema lacks is `ts.none`. Tensors are `!ts.tensor` before the `values` phase
    and builtin tensors after it: on references an op reads memory and returns a fresh
    tensor, on values it is pure.
  }];
  let dependentDialects = ["::wick::ts::TSDialect"];
  let extraClassDeclaration = [{
    /// The op for an operator such as "aten::add.Tensor", or null.
    const ::wick::aten::SchemaEntry *lookupSchema(::llvm::StringRef name) const;
    /// The operators whose calls an op may stand for: overloads of the one that it was imported from (see
    /// `kSchemaAttr`), else of the first that it lists.
    ::llvm::SmallVector<::llvm::StringRef> getOperators(::mlir::Operation *op) const;
    /// The names of the operands of an op, in order; none of an op that no operator has.
    ::llvm::ArrayRef<::llvm::StringLiteral> getOperandNames(::mlir::Operation *op) const;
    /// All operators with an op, for documentation and tests.
    const ::llvm::StringMap<::wick::aten::SchemaEntry> &getSchemaTable() const { return schemaTable; }

    /// Registers the ops of one family and the operators they stand for. Called
    /// once per family, from the file that defines its ops.
    template <typename... Ops>
    void addFamily() {
      addOperations<Ops...>();
      (addSchemas(::mlir::OperationName(Ops::getOperationName(), getContext()), Ops::getSchemas(), Ops::getOperandNames()), ...);
    }

  private:
    void addSchemas(::mlir::OperationName op, ::llvm::ArrayRef<::llvm::StringLiteral> schemas,
                    ::llvm::ArrayRef<::llvm::StringLiteral> operandNames);
    void registerElementwiseOps();
    void registerMathOps();
    void registerActivationOps();
    void registerReductionOps();
    void registerCreationOps();
    void registerViewOps();
    void registerIndexingOps();
    void registerContractionOps();
    void registerConvolutionOps();
    void registerPoolingOps();
    void registerNormalizationOps();
    void registerAttentionOps();
    void registerSortingOps();
    void registerRandomOps();
    void registerLinearAlgebraOps();
    void registerFFTOps();

    ::llvm::StringMap<::wick::aten::SchemaEntry> schemaTable;
    ::llvm::DenseMap<::mlir::OperationName, ::llvm::ArrayRef<::llvm::StringLiteral>> schemasOfOps;

  public:
  }];
}

// Operand kinds. A value is what the archive has; constants are ops like any other.
def Aten_Tensor : Type<CPred<"::llvm::isa<::wick::ts::TensorType, ::mlir::RankedTensorType>($_self)">, "tensor">;
def Aten_IsNone : CPred<"::llvm::isa<::wick::ts::NoneType, ::wick::ts::OptionalType>($_self)">;
def Aten_OptionalTensor : Type<Or<[Aten_Tensor.predicate, Aten_IsNone]>, "tensor or None">;
def Aten_IsNumber : CPred<"::llvm::isa<::wick::ts::NumberType, ::mlir::IntegerType, ::mlir::FloatType, ::mlir::ComplexType>($_self)">;
def Aten_Number : Type<Aten_IsNumber, "number">;
def Aten_OptionalNumber : Type<Or<[Aten_IsNumber, Aten_IsNone]>, "number or None">;
def Aten_TensorOrNumber : Type<Or<[Aten_Tensor.predicate, Aten_IsNumber]>, "tensor or number">;
def Aten_Int : Type<CPred<"$_self.isInteger(64)">, "int">;
def Aten_Bool : Type<CPred<"$_self.isInteger(1)">, "bool">;
def Aten_Float : Type<CPred<"$_self.isF64()">, "float">;
def Aten_String : Type<CPred<"::llvm::isa<::wick::ts::StringType>($_self)">, "str">;
def Aten_OptionalInt : Type<Or<[Aten_Int.predicate, Aten_IsNone]>, "int or None">;
def Aten_OptionalBool : Type<Or<[CPred<"$_self.isInteger(1)">, Aten_IsNone]>, "bool or None">;
def Aten_OptionalFloat : Type<Or<[CPred<"$_self.isF64()">, Aten_IsNone]>, "float or None">;
def Aten_IntList : Type<CPred<"::llvm::isa<::wick::ts::ListType>($_self)">, "list of int">;
def Aten_OptionalIntList : Type<Or<[Aten_IntList.predicate, Aten_Int.predicate, Aten_IsNone]>, "list of int or None">;
def Aten_OptionalFloatList : Type<Or<[Aten_IntList.predicate, Aten_IsNone]>, "list of float or None">;
def Aten_TensorList : Type<CPred<"::llvm::isa<::wick::ts::ListType>($_self)">, "list of tensors">;
def Aten_OptionalString : Type<Or<[CPred<"::llvm::isa<::wick::ts::StringType>($_self)">, Aten_IsNone]>, "str or None">;
def Aten_OptionalGenerator : Type<Or<[CPred<"::llvm::isa<::wick::ts::GeneratorType>($_self)">, Aten_IsNone]>, "generator or None">;
// Arguments that do not change the result here: layout, device, pin_memory.
def Aten_Ignored : Type<CPred<"true">, "any value">;

/// An operator. `schemas_` lists the operators of PyTorch's registry, by name and
/// overload, that this op stands for; the first one is the fullest.
class Aten_Op<string mnemonic, dag args, list<string> schemas_, list<Trait> traits = []>
    : Op<Aten_Dialect, mnemonic, traits # [
        DeclareOpInterfaceMethods<Aten_TypeInferenceInterface>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ConditionallySpeculatable>]> {
  list<string> schemas = schemas_;
  let arguments = args;
  let results = (outs Aten_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";

  // The registration of the dialect builds its table of schemas from these.
  code schemaTable = [{
    static ::llvm::ArrayRef<::llvm::StringLiteral> getSchemas() {
      static constexpr ::llvm::StringLiteral names[] = }] # "{\"" # !interleave(schemas_, "\", \"") # "\"}" # [{;
      return names;
    }
    static ::llvm::ArrayRef<::llvm::StringLiteral> getOperandNames() {
      static constexpr ::llvm::StringLiteral names[] = }] # "{\"" # !interleave(!foreach(i, !range(!size(args)), !getdagname(args, i)), "\", \"") # "\"}" # [{;
      return names;
    }
  }];
  let extraClassDeclaration = schemaTable;
  // Effects depend on the type, and so does speculation: see AtenDialect.cpp. A subclass that defines more of its
  // methods here puts them after these: `let extraClassDefinition = effects # [{...}]`.
  code effects = [{
    void $cppClass::getEffects(::llvm::SmallVectorImpl<::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      ::wick::aten::getAtenEffects(*this, effects);
    }
    ::mlir::Speculation::Speculatability $cppClass::getSpeculatability() { return ::wick::aten::getAtenSpeculatability(*this); }
  }];
  let extraClassDefinition = effects;
}

#endif // WICK_DIALECT_ATEN_IR_ATENDIALECT
