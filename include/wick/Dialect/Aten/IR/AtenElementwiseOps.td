//===- AtenElementwiseOps.td - arithmetic, comparison, conversion -*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS
#define WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS

include "wick/Dialect/Aten/IR/AtenPointwise.td"

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// self ± alpha * other.
class Aten_ScaledSumOp<string mnemonic, list<string> schemas_, string rule, string what>
    : Aten_PointwiseOp<mnemonic, (ins Aten_TensorOrNumber:$self, Aten_TensorOrNumber:$other, Aten_OptionalNumber:$alpha),
                       schemas_, rule, "getSelf(), getOther()"> {
  let summary = what;
  let description = what # [{. Shapes broadcast and dtypes promote; without alpha it is 1.
    Source: `}] # !head(schemas_) # [{(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`.

    ```mlir
    %z = aten.}] # mnemonic # [{ %x, %y, %alpha : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_AddOp : Aten_ScaledSumOp<"add", ["aten::add.Tensor", "aten::add.Scalar"], "Promoted", "self + alpha * other">;
def Aten_SubOp : Aten_ScaledSumOp<"sub", ["aten::sub.Tensor", "aten::sub.Scalar", "aten::subtract.Tensor", "aten::subtract.Scalar"],
                                  "NumbersOnly", "self - alpha * other">;
def Aten_RsubOp : Aten_ScaledSumOp<"rsub", ["aten::rsub.Tensor", "aten::rsub.Scalar"], "NumbersOnly", "other - alpha * self">;
def Aten_MulOp : Aten_BinaryOp<"mul", ["aten::mul.Tensor", "aten::mul.Scalar", "aten::multiply.Tensor", "aten::multiply.Scalar"],
                               "Promoted", "self * other">;

def Aten_DivOp : Aten_Op<"div", (ins Aten_TensorOrNumber:$self, Aten_TensorOrNumber:$other, Aten_OptionalString:$rounding_mode),
    ["aten::div.Tensor_mode", "aten::div.Scalar_mode", "aten::div.Tensor", "aten::div.Scalar", "aten::divide.Tensor_mode",
     "aten::divide.Scalar_mode", "aten::divide.Tensor", "aten::divide.Scalar", "aten::true_divide.Tensor",
     "aten::true_divide.Scalar"], [Aten_Pointwise]> {
  let summary = "self / other";
  let description = [{
    Without a rounding mode integers become the default dtype; "trunc" rounds towards
    zero and "floor" down, in the promoted dtype.
    Source: `aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`.

    ```mlir
    %z = aten.div %x, %y, %none : (!ts.tensor, !ts.tensor, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_FloorDivideOp : Aten_BinaryOp<"floor_divide", ["aten::floor_divide", "aten::floor_divide.Scalar"], "Promoted",
                                       "The integer below self / other">;
def Aten_RemainderOp : Aten_BinaryOp<"remainder", ["aten::remainder.Tensor", "aten::remainder.Scalar", "aten::remainder.Scalar_Tensor"],
                                     "Promoted", "Remainder of self / other with the sign of other">;
def Aten_FmodOp : Aten_BinaryOp<"fmod", ["aten::fmod.Tensor", "aten::fmod.Scalar"], "Promoted",
                                "Remainder of self / other with the sign of self">;
def Aten_MaximumOp : Aten_BinaryOp<"maximum", ["aten::maximum", "aten::max.other"], "Promoted", "The larger element; NaN if either is">;
def Aten_MinimumOp : Aten_BinaryOp<"minimum", ["aten::minimum", "aten::min.other"], "Promoted", "The smaller element; NaN if either is">;
def Aten_FmaxOp : Aten_BinaryOp<"fmax", ["aten::fmax"], "Promoted", "The larger element, the other one if one is NaN">;
def Aten_FminOp : Aten_BinaryOp<"fmin", ["aten::fmin"], "Promoted", "The smaller element, the other one if one is NaN">;
def Aten_Atan2Op : Aten_BinaryOp<"atan2", ["aten::atan2", "aten::arctan2"], "Float", "Angle of the vector (other, self)">;
def Aten_HypotOp : Aten_BinaryOp<"hypot", ["aten::hypot"], "FloatOnly", "Length of the vector (self, other)">;
def Aten_CopySignOp : Aten_BinaryOp<"copysign", ["aten::copysign.Tensor", "aten::copysign.Scalar"], "Float",
                                    "Magnitude of self with the sign of other">;
def Aten_LogAddExpOp : Aten_BinaryOp<"logaddexp", ["aten::logaddexp"], "FloatOnly", "log(exp(self) + exp(other))">;
def Aten_XLogYOp : Aten_BinaryOp<"xlogy", ["aten::xlogy.Tensor", "aten::xlogy.Scalar_Other", "aten::xlogy.Scalar_Self"], "Float",
                                 "self * log(other), and 0 where self is 0">;

def Aten_ComplexOp : Aten_PointwiseOp<"complex", (ins Aten_Tensor:$real, Aten_Tensor:$imag), ["aten::complex"], "Complex",
                                       "getReal(), getImag()"> {
  let summary = "The complex numbers of these real and imaginary parts";
  let description = [{
    Source: `aten::complex(Tensor real, Tensor imag) -> Tensor`.

    ```mlir
    %z = aten.complex %x, %y : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ```
  }];
}

def Aten_PowOp : Aten_PointwiseOp<"pow", (ins Aten_TensorOrNumber:$self, Aten_TensorOrNumber:$exponent),
    ["aten::pow.Tensor_Tensor", "aten::pow.Tensor_Scalar", "aten::pow.Scalar"], "Promoted", "getSelf(), getExponent()"> {
  let summary = "self to the power of exponent";
  let description = [{
    Source: `aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`.

    ```mlir
    %z = aten.pow %x, %y : (!ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_LerpOp : Aten_PointwiseOp<"lerp", (ins Aten_Tensor:$self, Aten_Tensor:$end, Aten_TensorOrNumber:$weight),
    ["aten::lerp.Tensor", "aten::lerp.Scalar"], "FloatOnly", "getSelf(), getEnd(), getWeight()"> {
  let summary = "self + weight * (end - self)";
  let description = [{
    Source: `aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor`.

    ```mlir
    %z = aten.lerp %x, %y, %w : (!ts.tensor, !ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

/// self + value * f(tensor1, tensor2).
class Aten_AddCombinedOp<string mnemonic, string rule, string what>
    : Aten_PointwiseOp<mnemonic, (ins Aten_Tensor:$self, Aten_Tensor:$tensor1, Aten_Tensor:$tensor2, Aten_OptionalNumber:$value),
                       ["aten::" # mnemonic], rule, "getSelf(), getTensor1(), getTensor2()"> {
  let summary = what;
  let description = what # [{. Source:
    `aten::}] # mnemonic # [{(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`.

    ```mlir
    %r = aten.}] # mnemonic # [{ %x, %y, %z, %c : (!ts.tensor, !ts.tensor, !ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_AddCMulOp : Aten_AddCombinedOp<"addcmul", "Promoted", "self + value * tensor1 * tensor2">;
def Aten_AddCDivOp : Aten_AddCombinedOp<"addcdiv", "FloatOnly", "self + value * tensor1 / tensor2">;

//===----------------------------------------------------------------------===//
// Limits and choices
//===----------------------------------------------------------------------===//

def Aten_AnyLimit : Type<Or<[Aten_Tensor.predicate, Aten_IsNumber, Aten_IsNone]>, "tensor, number or None">;

def Aten_ClampOp : Aten_PointwiseOp<"clamp", (ins Aten_Tensor:$self, Aten_AnyLimit:$min, Aten_AnyLimit:$max),
    ["aten::clamp", "aten::clamp.Tensor", "aten::clip", "aten::clip.Tensor", "aten::clamp_min", "aten::clamp_min.Tensor",
     "aten::clamp_max", "aten::clamp_max.Tensor"], "Promoted", "getSelf(), getMin(), getMax()"> {
  let summary = "Each element limited to [min, max]";
  let description = [{
    A limit that is None does not apply; NaN stays NaN, and where min is above max the
    result is max. Dtypes promote, so that an integer tensor with a limit of 0.5 gives
    floats. Source: `aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`.

    ```mlir
    %y = aten.clamp %x, %min, %none : (!ts.tensor, i64, !ts.none) -> !ts.tensor
    ```
  }];
}

def Aten_WhereOp : Aten_PointwiseOp<"where", (ins Aten_Tensor:$condition, Aten_TensorOrNumber:$self, Aten_TensorOrNumber:$other),
    ["aten::where.self", "aten::where.ScalarSelf", "aten::where.ScalarOther", "aten::where.Scalar"], "NotFirst",
    "getCondition(), getSelf(), getOther()"> {
  let summary = "Elements of self where condition holds, else of other";
  let description = [{
    Source: `aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor`.

    ```mlir
    %r = aten.where %c, %x, %y : (!ts.tensor, !ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_MaskedFillOp : Aten_PointwiseOp<"masked_fill", (ins Aten_Tensor:$self, Aten_Tensor:$mask, Aten_TensorOrNumber:$value),
    ["aten::masked_fill.Scalar", "aten::masked_fill.Tensor"], "OfFirst", "getSelf(), getMask()"> {
  let summary = "A value where mask holds, else the elements of self";
  let description = [{
    The value is a number or a tensor without dims and takes the dtype of `self`.
    Source: `aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor`.

    ```mlir
    %y = aten.masked_fill %x, %mask, %v : (!ts.tensor, !ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_NanToNumOp : Aten_PointwiseOp<"nan_to_num",
    (ins Aten_Tensor:$self, Aten_OptionalFloat:$nan, Aten_OptionalFloat:$posinf, Aten_OptionalFloat:$neginf),
    ["aten::nan_to_num"], "Promoted", "getSelf()"> {
  let summary = "Finite numbers for NaN and the infinities";
  let description = [{
    NaN becomes 0 and an infinity the largest number of its sign, where no other value is given.
    Source: `aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor`.

    ```mlir
    %y = aten.nan_to_num %x, %none, %none, %none : (!ts.tensor, !ts.none, !ts.none, !ts.none) -> !ts.tensor
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Comparison and logic
//===----------------------------------------------------------------------===//

def Aten_EqOp : Aten_BinaryOp<"eq", ["aten::eq.Tensor", "aten::eq.Scalar"], "Bool", "Whether self == other">;
def Aten_NeOp : Aten_BinaryOp<"ne", ["aten::ne.Tensor", "aten::ne.Scalar", "aten::not_equal.Tensor", "aten::not_equal.Scalar"],
                              "Bool", "Whether self != other">;
def Aten_LtOp : Aten_BinaryOp<"lt", ["aten::lt.Tensor", "aten::lt.Scalar", "aten::less.Tensor", "aten::less.Scalar"],
                              "Bool", "Whether self < other">;
def Aten_LeOp : Aten_BinaryOp<"le", ["aten::le.Tensor", "aten::le.Scalar", "aten::less_equal.Tensor", "aten::less_equal.Scalar"],
                              "Bool", "Whether self <= other">;
def Aten_GtOp : Aten_BinaryOp<"gt", ["aten::gt.Tensor", "aten::gt.Scalar", "aten::greater.Tensor", "aten::greater.Scalar"],
                              "Bool", "Whether self > other">;
def Aten_GeOp : Aten_BinaryOp<"ge", ["aten::ge.Tensor", "aten::ge.Scalar", "aten::greater_equal.Tensor", "aten::greater_equal.Scalar"],
                              "Bool", "Whether self >= other">;
def Aten_LogicalAndOp : Aten_BinaryOp<"logical_and", ["aten::logical_and"], "Bool", "Whether neither is zero">;
def Aten_LogicalOrOp : Aten_BinaryOp<"logical_or", ["aten::logical_or"], "Bool", "Whether one or both are not zero">;
def Aten_LogicalXorOp : Aten_BinaryOp<"logical_xor", ["aten::logical_xor"], "Bool", "Whether exactly one is zero">;
def Aten_BitwiseAndOp : Aten_BinaryOp<"bitwise_and",
    ["aten::bitwise_and.Tensor", "aten::bitwise_and.Scalar", "aten::bitwise_and.Scalar_Tensor", "aten::__and__.Tensor",
     "aten::__and__.Scalar"], "IntOnly", "Bits set in both">;
def Aten_BitwiseOrOp : Aten_BinaryOp<"bitwise_or",
    ["aten::bitwise_or.Tensor", "aten::bitwise_or.Scalar", "aten::bitwise_or.Scalar_Tensor", "aten::__or__.Tensor",
     "aten::__or__.Scalar"], "IntOnly", "Bits set in either">;
def Aten_BitwiseXorOp : Aten_BinaryOp<"bitwise_xor",
    ["aten::bitwise_xor.Tensor", "aten::bitwise_xor.Scalar", "aten::bitwise_xor.Scalar_Tensor", "aten::__xor__.Tensor",
     "aten::__xor__.Scalar"], "IntOnly", "Bits set in exactly one">;
def Aten_ShiftLeftOp : Aten_BinaryOp<"bitwise_left_shift",
    ["aten::bitwise_left_shift.Tensor", "aten::bitwise_left_shift.Tensor_Scalar", "aten::bitwise_left_shift.Scalar_Tensor",
     "aten::__lshift__.Tensor", "aten::__lshift__.Scalar"], "IntOnly", "self * 2^other">;
def Aten_ShiftRightOp : Aten_BinaryOp<"bitwise_right_shift",
    ["aten::bitwise_right_shift.Tensor", "aten::bitwise_right_shift.Tensor_Scalar",
     "aten::bitwise_right_shift.Scalar_Tensor", "aten::__rshift__.Tensor", "aten::__rshift__.Scalar"], "IntOnly",
    "The integer below self / 2^other">;

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

def Aten_ToOp : Aten_Op<"to",
    (ins Aten_Tensor:$self, Aten_OptionalTensor:$other, Aten_OptionalInt:$dtype, Aten_OptionalBool:$copy),
    ["aten::to.dtype_layout", "aten::to.dtype", "aten::to.device", "aten::to.other", "aten::to.prim_Device",
     "aten::to.prim_dtype", "aten::to.prim_other", "aten::type_as"],
    [DeclareOpInterfaceMethods<Aten_DecompositionInterface>]> {
  let summary = "The same elements in another dtype";
  let description = [{
    The dtype is `dtype`, or that of `other`, or else unchanged. When nothing changes
    the result is `self` itself, unless `copy` is true: then it is an `aten.to_copy`,
    which type inference makes of it. Devices and layouts do not matter here.
    Source: `aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, …) -> Tensor(a)`.

    ```mlir
    %y = aten.to %x, %none, %dtype, %false : (!ts.tensor, !ts.none, i64, i1) -> !ts.tensor
    ```
  }];
}

def Aten_ToCopyOp : Aten_Op<"to_copy", (ins Aten_Tensor:$self, Aten_OptionalInt:$dtype), ["aten::_to_copy"]> {
  let summary = "A copy in another dtype";
  let description = [{
    Source: `aten::_to_copy(Tensor self, *, ScalarType? dtype=None, …) -> Tensor`.

    ```mlir
    %y = aten.to_copy %x, %dtype : (!ts.tensor, i64) -> !ts.tensor
    ```
  }];
}

def Aten_CloneOp : Aten_UnaryOp<"clone", ["aten::clone"], "Promoted", "A copy">;
def Aten_ContiguousOp : Aten_UnaryOp<"contiguous", ["aten::contiguous"], "Promoted", "self, copied if its elements are not contiguous">;
def Aten_AliasOp : Aten_UnaryOp<"alias", ["aten::alias", "aten::detach", "aten::lift_fresh", "aten::positive"], "Promoted",
                                "The tensor itself">;

#endif // WICK_DIALECT_ATEN_IR_ATENELEMENTWISEOPS
