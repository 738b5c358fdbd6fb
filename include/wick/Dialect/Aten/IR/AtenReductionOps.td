//===- AtenReductionOps.td - sums, means, extrema over dims ----------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_ReducedDims : Type<Or<[Aten_IntList.predicate, Aten_Int.predicate, Aten_IsNone]>, "list of int, int or None">;

/// A reduction over dims: all of them where `dim` is None or an empty list. Reduced
/// dims disappear, or are of size 1 with `keepdim`. `dtype` is code for the dtype of
/// the result (null where it is not known), given `self`, the type of the operand.
class Aten_ReductionOp<string mnemonic, dag more, list<string> schemas_, string dtype, string what>
    : Aten_Op<mnemonic, !con((ins Aten_Tensor:$self, Aten_ReducedDims:$dim, Aten_OptionalBool:$keepdim), more), schemas_> {
  let summary = what;
  let description = what # [{. Over all dims where `dim` is None or empty; reduced dims
    disappear or, with `keepdim`, become 1.
    Source: `}] # !head(schemas_) # [{(Tensor self, int[1]? dim, bool keepdim=False, …) -> Tensor`.
  }];
  let extraClassDefinition = effects # [{
    ::llvm::LogicalResult $cppClass::inferResultTypes(::wick::aten::Facts &facts, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      ::wick::ts::TensorType self = facts.getTensor(getSelf());
      return ::wick::aten::inferReduction(*this, facts, self, getDim(), getKeepdim(), }] # dtype # [{, types);
    }
  }];
}

def Aten_SumOp : Aten_ReductionOp<"sum", (ins Aten_OptionalInt:$dtype), ["aten::sum.dim_IntList", "aten::sum"],
    "::wick::aten::getDtypeOr(facts, getDtype(), ::wick::aten::getAccumulatedDtype(self.getDtype()))",
    "Sum over dims; integers give int64">;
def Aten_ProdOp : Aten_ReductionOp<"prod", (ins Aten_OptionalInt:$dtype), ["aten::prod.dim_int", "aten::prod"],
    "::wick::aten::getDtypeOr(facts, getDtype(), ::wick::aten::getAccumulatedDtype(self.getDtype()))",
    "Product over dims; integers give int64">;
def Aten_MeanOp : Aten_ReductionOp<"mean", (ins Aten_OptionalInt:$dtype), ["aten::mean.dim", "aten::mean"],
    "::wick::aten::getDtypeOr(facts, getDtype(), self.getDtype())", "Mean over dims, of floats">;
def Aten_AmaxOp : Aten_ReductionOp<"amax", (ins), ["aten::amax", "aten::max"], "self.getDtype()",
    "Largest element over dims; NaN if there is one">;
def Aten_AminOp : Aten_ReductionOp<"amin", (ins), ["aten::amin", "aten::min"], "self.getDtype()",
    "Smallest element over dims; NaN if there is one">;
def Aten_ArgMaxOp : Aten_ReductionOp<"argmax", (ins), ["aten::argmax"], "::mlir::IntegerType::get(getContext(), 64)",
    "Index of the first largest element, in the flattened tensor where dim is None">;
def Aten_ArgMinOp : Aten_ReductionOp<"argmin", (ins), ["aten::argmin"], "::mlir::IntegerType::get(getContext(), 64)",
    "Index of the first smallest element, in the flattened tensor where dim is None">;
def Aten_AnyOp : Aten_ReductionOp<"any", (ins), ["aten::any", "aten::any.dim", "aten::any.dims"],
    "::wick::aten::getTruthDtype(self.getDtype())", "Whether an element is not zero; uint8 stays uint8">;
def Aten_AllOp : Aten_ReductionOp<"all", (ins), ["aten::all", "aten::all.dim", "aten::all.dims"],
    "::wick::aten::getTruthDtype(self.getDtype())", "Whether no element is zero; uint8 stays uint8">;
def Aten_VarOp : Aten_ReductionOp<"var", (ins Aten_OptionalBool:$unbiased, Aten_OptionalNumber:$correction),
    ["aten::var.correction", "aten::var.dim", "aten::var"], "self.getDtype()",
    "Variance over dims, divided by n - correction (1, or 0 where unbiased is false)">;
def Aten_StdOp : Aten_ReductionOp<"std", (ins Aten_OptionalBool:$unbiased, Aten_OptionalNumber:$correction),
    ["aten::std.correction", "aten::std.dim", "aten::std"], "self.getDtype()",
    "Standard deviation over dims, the root of aten.var">;
def Aten_NormOp : Aten_ReductionOp<"norm", (ins Aten_OptionalNumber:$p, Aten_OptionalInt:$dtype),
    ["aten::norm.ScalarOpt_dim_dtype", "aten::norm.ScalarOpt_dim", "aten::norm.Scalar", "aten::frobenius_norm.dim"],
    "::wick::aten::getDtypeOr(facts, getDtype(), self.getDtype())", "The p-norm over dims, by default with p = 2">;
def Aten_VectorNormOp : Aten_ReductionOp<"linalg_vector_norm", (ins Aten_OptionalNumber:$ord, Aten_OptionalInt:$dtype),
    ["aten::linalg_vector_norm"], "::wick::aten::getDtypeOr(facts, getDtype(), self.getDtype())",
    "The norm of order ord over dims">;
def Aten_LogSumExpOp : Aten_ReductionOp<"logsumexp", (ins), ["aten::logsumexp"], "::wick::aten::getFloatDtype(self.getDtype())",
    "log of the sum of exponentials over dims">;

/// Extremum over one dim with its index.
class Aten_ExtremumOp<string mnemonic, list<string> schemas_, string what>
    : Aten_Op<mnemonic, (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_OptionalBool:$keepdim), schemas_> {
  let results = (outs Aten_Tensor:$values, Aten_Tensor:$indices);
  let summary = what;
  let description = what # [{, and its index. The first of equal elements counts; NaN is beyond all.
    Source: `}] # !head(schemas_) # [{(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`.
  }];
}

def Aten_MaxDimOp : Aten_ExtremumOp<"max_dim", ["aten::max.dim"], "Largest element over a dim">;
def Aten_MinDimOp : Aten_ExtremumOp<"min_dim", ["aten::min.dim"], "Smallest element over a dim">;

/// Every element combined with those before it along a dim.
class Aten_ScanOp<string mnemonic, string what> : Aten_Op<mnemonic,
    (ins Aten_Tensor:$self, Aten_Int:$dim, Aten_OptionalInt:$dtype), ["aten::" # mnemonic]> {
  let summary = what;
  let description = what # [{. Integers give int64.
    Source: `aten::}] # mnemonic # [{(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`.

    ```mlir
    %y = aten.}] # mnemonic # [{ %x, %dim, %none : (!ts.tensor, i64, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_CumSumOp : Aten_ScanOp<"cumsum", "Running sums along a dim">;
def Aten_CumProdOp : Aten_ScanOp<"cumprod", "Running products along a dim">;

def Aten_LogCumSumExpOp : Aten_Op<"logcumsumexp", (ins Aten_Tensor:$self, Aten_Int:$dim), ["aten::logcumsumexp"]> {
  let summary = "Logarithms of running sums of exponentials along a dim";
  let description = [{
    Source: `aten::logcumsumexp(Tensor self, int dim) -> Tensor`.

    ```mlir
    %y = aten.logcumsumexp %x, %dim : (!ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

class Aten_RunningExtremumOp<string mnemonic, string what> : Aten_Op<mnemonic,
    (ins Aten_Tensor:$self, Aten_Int:$dim), ["aten::" # mnemonic]> {
  let results = (outs Aten_Tensor:$values, Aten_Tensor:$indices);
  let summary = what;
  let description = what # [{, with its index: of equal elements the last one. NaN is beyond all, and stays.
    Source: `aten::}] # mnemonic # [{(Tensor self, int dim) -> (Tensor values, Tensor indices)`.
  }];
}

def Aten_CumMaxOp : Aten_RunningExtremumOp<"cummax", "Largest element so far along a dim">;
def Aten_CumMinOp : Aten_RunningExtremumOp<"cummin", "Smallest element so far along a dim">;

#endif // WICK_DIALECT_ATEN_IR_ATENREDUCTIONOPS
