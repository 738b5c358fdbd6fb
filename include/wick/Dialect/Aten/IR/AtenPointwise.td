//===- AtenPointwise.td - base classes of ops on elements ------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENPOINTWISE
#define WICK_DIALECT_ATEN_IR_ATENPOINTWISE

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_Pointwise : NativeOpTrait<"Pointwise"> {
  let cppNamespace = "::wick::aten";
}

/// An op whose result has one element for each of the shape that `elements` (an
/// initializer list of operands) broadcast to. The dtype follows from theirs by
/// `rule`, a `DtypeRule`.
class Aten_PointwiseOp<string mnemonic, dag args, list<string> schemas_, string rule, string elements,
                       list<Trait> traits = []>
    : Aten_Op<mnemonic, args, schemas_, traits # [Aten_Pointwise]> {
  let extraClassDefinition = effects # [{
    ::llvm::LogicalResult $cppClass::inferResultTypes(::wick::aten::Facts &facts, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      return ::wick::aten::inferPointwise(*this, facts, {}] # elements # [{}, ::wick::aten::DtypeRule::}] # rule # [{, types);
    }
  }];
}

/// f(self).
class Aten_UnaryOp<string mnemonic, list<string> schemas_, string rule, string what>
    : Aten_PointwiseOp<mnemonic, (ins Aten_Tensor:$self), schemas_, rule, "getSelf()"> {
  let summary = what;
  let description = what # [{.
    The shape is that of `self`. Source: `}] # !head(schemas_) # [{(Tensor self) -> Tensor`.

    ```mlir
    %y = aten.}] # mnemonic # [{ %x : (!ts.tensor) -> !ts.tensor
    ```
  }];
}

/// f(self, other), either of which may be a number.
class Aten_BinaryOp<string mnemonic, list<string> schemas_, string rule, string what>
    : Aten_PointwiseOp<mnemonic, (ins Aten_TensorOrNumber:$self, Aten_TensorOrNumber:$other), schemas_, rule,
                       "getSelf(), getOther()"> {
  let summary = what;
  let description = what # [{.
    Shapes broadcast and dtypes promote. Source: `}] # !head(schemas_) # [{(Tensor self, Tensor other) -> Tensor`.

    ```mlir
    %z = aten.}] # mnemonic # [{ %x, %y : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENPOINTWISE
