//===- AtenRandomOps.td - tensors of random numbers ---------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENRANDOMOPS
#define WICK_DIALECT_ATEN_IR_ATENRANDOMOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

/// Takes numbers of the session's stream, or of a generator: whatever its operands are, an op is never merged with
/// another, moved past one or dropped, for all others would get other numbers.
class Aten_DrawOp<string mnemonic, dag args, list<string> schemas_, string type>
    : Aten_Op<mnemonic, !con(args, (ins Aten_OptionalGenerator:$generator)), schemas_> {
  let extraClassDefinition = [{
    void $cppClass::getEffects(::llvm::SmallVectorImpl<::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      ::wick::aten::getAtenEffects(*this, effects);
      effects.emplace_back(::mlir::MemoryEffects::Read::get());
      effects.emplace_back(::mlir::MemoryEffects::Write::get());
    }
    ::mlir::Speculation::Speculatability $cppClass::getSpeculatability() { return ::mlir::Speculation::NotSpeculatable; }
    ::llvm::LogicalResult $cppClass::inferResultTypes(::wick::aten::Facts &facts, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.push_back(}] # type # [{);
      return ::llvm::success();
    }
  }];
}

/// Of the shape and dtype of `self`, whose elements do not matter.
class Aten_DrawLikeOp<string mnemonic, dag options, list<string> schemas_, string what>
    : Aten_DrawOp<mnemonic, !con((ins Aten_Tensor:$self), options), schemas_, "facts.getTensor(getSelf())"> {
  let summary = what;
  let description = what # [{, in the shape and dtype of `self`.
    Source: `}] # !head(schemas_) # [{`.

    ```mlir
    %y = aten.uniform %x, %from, %to, %none : (!ts.tensor, f64, f64, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_UniformOp : Aten_DrawLikeOp<"uniform", (ins Aten_Float:$from, Aten_Float:$to), ["aten::uniform"],
    "Numbers between two others">;
def Aten_NormalOp : Aten_DrawLikeOp<"normal", (ins Aten_Float:$mean, Aten_Float:$std), ["aten::normal_functional"],
    "Normally distributed numbers">;
def Aten_BernoulliOp : Aten_DrawLikeOp<"bernoulli", (ins Aten_Float:$p), ["aten::bernoulli.p"],
    "Ones with a probability, else zeros">;
def Aten_BernoulliTensorOp : Aten_DrawLikeOp<"bernoulli_tensor", (ins Aten_Tensor:$p), ["aten::bernoulli.Tensor"],
    "Ones with a probability each, else zeros">;
def Aten_RandomOp : Aten_DrawLikeOp<"random", (ins), ["aten::random"], "Whole numbers that the dtype holds exactly">;
def Aten_RandomFromOp : Aten_DrawLikeOp<"random_from", (ins Aten_Int:$from, Aten_Int:$to), ["aten::random.from"],
    "Whole numbers below another">;
def Aten_ExponentialOp : Aten_DrawLikeOp<"exponential", (ins Aten_Float:$lambd), ["aten::exponential"],
    "Exponentially distributed numbers">;
def Aten_GeometricOp : Aten_DrawLikeOp<"geometric", (ins Aten_Float:$p), ["aten::geometric"],
    "Numbers of trials up to a success">;
def Aten_CauchyOp : Aten_DrawLikeOp<"cauchy", (ins Aten_Float:$median, Aten_Float:$sigma), ["aten::cauchy"],
    "Numbers of a Cauchy distribution">;
def Aten_LogNormalOp : Aten_DrawLikeOp<"log_normal", (ins Aten_Float:$mean, Aten_Float:$std), ["aten::log_normal"],
    "Numbers whose logarithms are normally distributed">;

def Aten_RandpermOp : Aten_DrawOp<"randperm", (ins Aten_Int:$n, Aten_OptionalInt:$dtype), ["aten::randperm.generator", "aten::randperm"],
    "inferPermutation(facts, *this)"> {
  let summary = "The numbers from 0 to n - 1 in some order";
  let description = [{
    Of int64 unless `dtype` says otherwise.
    Source: `aten::randperm.generator(SymInt n, *, Generator? generator, ScalarType? dtype=long, …) -> Tensor`.

    ```mlir
    %y = aten.randperm %n, %none, %none : (i64, !ts.none, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_MultinomialOp : Aten_DrawOp<"multinomial",
    (ins Aten_Tensor:$self, Aten_Int:$num_samples, Aten_Bool:$replacement), ["aten::multinomial"],
    "inferMultinomial(facts, *this)"> {
  let summary = "Indices along the last dim, drawn by weights";
  let description = [{
    `self` is one row of weights or several.
    Source: `aten::multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor`.

    ```mlir
    %y = aten.multinomial %weights, %n, %replacement, %none : (!ts.tensor, i64, i1, !ts.none) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENRANDOMOPS
