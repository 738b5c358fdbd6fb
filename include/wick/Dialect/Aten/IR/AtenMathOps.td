//===- AtenMathOps.td - mathematical functions of each element -*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENMATHOPS
#define WICK_DIALECT_ATEN_IR_ATENMATHOPS

include "wick/Dialect/Aten/IR/AtenPointwise.td"

// Functions that are exact on integers keep their dtype.
def Aten_NegOp : Aten_UnaryOp<"neg", ["aten::neg", "aten::negative"], "NumbersOnly", "Each element negated">;
def Aten_AbsOp : Aten_UnaryOp<"abs", ["aten::abs", "aten::absolute", "prim::abs"], "Magnitude", "Absolute value of each element">;
def Aten_SignOp : Aten_UnaryOp<"sign", ["aten::sign", "aten::sgn"], "Promoted", "-1, 0 or 1 by the sign of each element, of a complex one the number of magnitude 1 in its direction">;
def Aten_ConjPhysicalOp : Aten_UnaryOp<"conj_physical", ["aten::conj_physical"], "Promoted", "The complex conjugate of each element">;
def Aten_SquareOp : Aten_UnaryOp<"square", ["aten::square"], "AtLeastInt", "Each element squared">;
def Aten_FloorOp : Aten_UnaryOp<"floor", ["aten::floor"], "Promoted", "The integer below each element">;
def Aten_CeilOp : Aten_UnaryOp<"ceil", ["aten::ceil"], "Promoted", "The integer above each element">;
def Aten_RoundOp : Aten_UnaryOp<"round", ["aten::round"], "Promoted", "The nearest integer, halves to the even one">;
def Aten_TruncOp : Aten_UnaryOp<"trunc", ["aten::trunc", "aten::fix"], "Promoted", "Each element without its fraction">;
def Aten_FracOp : Aten_UnaryOp<"frac", ["aten::frac"], "Promoted", "The fraction of each element, with its sign">;

// Functions into the reals: integers become the default dtype.
def Aten_ExpOp : Aten_UnaryOp<"exp", ["aten::exp"], "Float", "e to the power of each element">;
def Aten_Exp2Op : Aten_UnaryOp<"exp2", ["aten::exp2", "aten::special_exp2"], "Float", "2 to the power of each element">;
def Aten_Expm1Op : Aten_UnaryOp<"expm1", ["aten::expm1", "aten::special_expm1"], "Float", "exp(x) - 1 of each element">;
def Aten_LogOp : Aten_UnaryOp<"log", ["aten::log"], "Float", "Natural logarithm of each element">;
def Aten_Log2Op : Aten_UnaryOp<"log2", ["aten::log2"], "Float", "Logarithm to base 2 of each element">;
def Aten_Log10Op : Aten_UnaryOp<"log10", ["aten::log10"], "Float", "Logarithm to base 10 of each element">;
def Aten_Log1pOp : Aten_UnaryOp<"log1p", ["aten::log1p", "aten::special_log1p"], "Float", "log(1 + x) of each element">;
def Aten_SqrtOp : Aten_UnaryOp<"sqrt", ["aten::sqrt"], "Float", "Square root of each element">;
def Aten_RsqrtOp : Aten_UnaryOp<"rsqrt", ["aten::rsqrt"], "Float", "One over the square root of each element">;
def Aten_ReciprocalOp : Aten_UnaryOp<"reciprocal", ["aten::reciprocal"], "Float", "One over each element">;
def Aten_SinOp : Aten_UnaryOp<"sin", ["aten::sin"], "Float", "Sine of each element">;
def Aten_CosOp : Aten_UnaryOp<"cos", ["aten::cos"], "Float", "Cosine of each element">;
def Aten_TanOp : Aten_UnaryOp<"tan", ["aten::tan"], "Float", "Tangent of each element">;
def Aten_AsinOp : Aten_UnaryOp<"asin", ["aten::asin", "aten::arcsin"], "Float", "Inverse sine of each element">;
def Aten_AcosOp : Aten_UnaryOp<"acos", ["aten::acos", "aten::arccos"], "Float", "Inverse cosine of each element">;
def Aten_AtanOp : Aten_UnaryOp<"atan", ["aten::atan", "aten::arctan"], "Float", "Inverse tangent of each element">;
def Aten_SinhOp : Aten_UnaryOp<"sinh", ["aten::sinh"], "Float", "Hyperbolic sine of each element">;
def Aten_CoshOp : Aten_UnaryOp<"cosh", ["aten::cosh"], "Float", "Hyperbolic cosine of each element">;
def Aten_TanhOp : Aten_UnaryOp<"tanh", ["aten::tanh"], "Float", "Hyperbolic tangent of each element">;
def Aten_AsinhOp : Aten_UnaryOp<"asinh", ["aten::asinh", "aten::arcsinh"], "Float", "Inverse hyperbolic sine of each element">;
def Aten_AcoshOp : Aten_UnaryOp<"acosh", ["aten::acosh", "aten::arccosh"], "Float", "Inverse hyperbolic cosine of each element">;
def Aten_AtanhOp : Aten_UnaryOp<"atanh", ["aten::atanh", "aten::arctanh"], "Float", "Inverse hyperbolic tangent of each element">;
def Aten_ErfOp : Aten_UnaryOp<"erf", ["aten::erf", "aten::special_erf"], "Float", "Error function of each element">;
def Aten_ErfcOp : Aten_UnaryOp<"erfc", ["aten::erfc", "aten::special_erfc"], "Float", "1 - erf(x) of each element">;
def Aten_Deg2RadOp : Aten_UnaryOp<"deg2rad", ["aten::deg2rad"], "Float", "Degrees as radians">;
def Aten_Rad2DegOp : Aten_UnaryOp<"rad2deg", ["aten::rad2deg"], "Float", "Radians as degrees">;

// Tests.
def Aten_IsNanOp : Aten_UnaryOp<"isnan", ["aten::isnan"], "Bool", "Whether each element is NaN">;
def Aten_IsInfOp : Aten_UnaryOp<"isinf", ["aten::isinf"], "Bool", "Whether each element is infinite">;
def Aten_IsFiniteOp : Aten_UnaryOp<"isfinite", ["aten::isfinite"], "Bool", "Whether each element is neither NaN nor infinite">;
def Aten_IsPosInfOp : Aten_UnaryOp<"isposinf", ["aten::isposinf"], "Bool", "Whether each element is plus infinity">;
def Aten_IsNegInfOp : Aten_UnaryOp<"isneginf", ["aten::isneginf"], "Bool", "Whether each element is minus infinity">;
def Aten_SignBitOp : Aten_UnaryOp<"signbit", ["aten::signbit"], "Bool", "Whether the sign of each element is set">;
def Aten_LogicalNotOp : Aten_UnaryOp<"logical_not", ["aten::logical_not"], "Bool", "Whether each element is zero">;
def Aten_BitwiseNotOp : Aten_UnaryOp<"bitwise_not", ["aten::bitwise_not"], "IntOnly", "The bits of each element inverted">;

#endif // WICK_DIALECT_ATEN_IR_ATENMATHOPS
