"""Elementwise operators: edge values, promotion, broadcasts, empty and zero-dimensional tensors."""

FLOATS = ("f32[3,5]!", "f64[16]!", "f32[]", "f32[0,4]", "f32[67]", "f16[9]")
NUMBERS = (*FLOATS, "i64[7]", "i32[2,3]")
PAIRS = (
    "f32[3,4]; f32[3,4]",
    "f32[3,4]; f32[4]",
    "f32[3,1]; f32[1,4]",
    "f32[2,3,4]; f32[]",
    "f32[3]; f64[3]",
    "i64[4]; f32[4]",
    "i64[4]; i32[4]",
    "f32[0,4]; f32[1,4]",
    "f64[5]!; f64[5]!",
    "f16[5]; f32[]",
)
INTEGERS = ("i64[17]; i64[17]", "i32[4]; i32[4]", "ui8[9]; ui8[9]")

CASES = [
    # One operand
    *[
        (name, f"torch.{name}(x)", *NUMBERS)
        for name in ("relu", "abs", "neg", "sign", "square", "ceil", "floor", "round", "trunc")
    ],
    *[
        (name, f"torch.{name}(x)", *FLOATS, "i64[7]")
        for name in ("exp", "expm1", "tanh", "sigmoid", "erf", "sin", "cos", "atan", "reciprocal", "isnan")
    ],
    *[
        (name, f"torch.{name}(x)", "f32[3,5]+", "f32[32]!", "f64[16]+", "f32[0]", "f16[9]+", "i64[7]+")
        for name in ("log", "log2", "log1p", "sqrt", "rsqrt")
    ],
    # Of infinity LibTorch gives another result on every kind of processor; see docs/Differences.md.
    ("gelu", "torch.nn.functional.gelu(x.clamp(-6e4, 6e4))", *FLOATS),
    ("gelu_tanh", "torch.nn.functional.gelu(x, approximate='tanh')", "f32[3,5]", "f64[16]"),
    ("silu", "torch.nn.functional.silu(x)", *FLOATS),
    ("hardswish", "torch.nn.functional.hardswish(x)", "f32[3,50]", "f64[16]"),
    ("hardsigmoid", "torch.nn.functional.hardsigmoid(x)", "f32[3,50]", "f64[16]"),
    ("hardtanh", "torch.nn.functional.hardtanh(x, -0.5, 0.25)", "f32[3,50]"),
    ("relu6", "torch.nn.functional.relu6(x * 5)", "f32[3,50]"),
    ("elu", "torch.nn.functional.elu(x, 0.7)", "f32[3,5]", "f64[9]"),
    ("leaky_relu", "torch.nn.functional.leaky_relu(x, 0.2)", "f32[3,5]", "f64[9]"),
    ("softplus", "torch.nn.functional.softplus(x * 20)", "f32[3,5]"),
    ("mish", "torch.nn.functional.mish(x)", "f32[3,5]"),
    ("logical_not", "torch.logical_not(x)", "bool[5]", "i64[5]", "f32[5]"),
    ("bitwise_not", "~x", "bool[5]", "i64[5]", "ui8[5]"),
    ("clamp", "torch.clamp(x, -0.5, 0.5)", "f32[3,5]!", "f64[9]"),
    ("clamp_min", "torch.clamp(x, min=0)", "f32[3,5]", "i64[9]"),
    ("clamp_max", "torch.clamp(x, max=2.5)", "f32[3,5]"),
    # Two
    *[(name, f"x {sign} y", *PAIRS) for name, sign in (("add", "+"), ("sub", "-"), ("mul", "*"), ("div", "/"))],
    *[
        (name, f"x {sign} y", *PAIRS)
        for name, sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="), ("eq", "=="), ("ne", "!="))
    ],
    *[(name, f"torch.{name}(x, y)", *PAIRS) for name in ("maximum", "minimum")],
    ("atan2", "torch.atan2(x, y)", "f32[9]; f32[9]"),
    ("add_alpha", "torch.add(x, y, alpha=3)", "f32[3,4]; f32[4]", "i64[4]; i64[4]"),
    ("sub_alpha", "torch.sub(x, y, alpha=0.5)", "f32[3,4]; f32[4]"),
    ("rsub", "torch.rsub(x, 1.0)", "f32[3,4]", "i64[3]"),
    ("add_number", "x + 2", "f32[4]", "i64[4]", "bool[4]", "f16[4]"),
    ("add_float", "x + 0.5", "f32[4]", "i64[4]", "f16[4]"),
    ("mul_number", "x * 3", "f32[4]", "i64[4]", "f64[]"),
    ("div_number", "x / 3", "f32[4]", "i64[4]"),
    ("div_floor", "torch.div(x, y, rounding_mode='floor')", "f32[20]; f32[20]", "i64[20]; i64[20]+"),
    ("div_trunc", "torch.div(x, y, rounding_mode='trunc')", "f32[20]; f32[20]", "i64[20]; i64[20]+"),
    ("floor_divide", "x // y", "f32[20]; f32[20]", "i64[20]; i64[20]+"),
    ("remainder", "torch.remainder(x, y)", "f32[20]; f32[20]", "i64[20]; i64[20]+"),
    ("fmod", "torch.fmod(x, y)", "f32[20]; f32[20]", "i64[20]; i64[20]+"),
    ("remainder_number", "x % 3", "f32[20]", "i64[20]"),
    ("divisor_of_nothing", "(x % 0) + x // 0 + x % torch.zeros_like(x.sum())", "i64[0]", "i32[2,0]"),
    ("pow", "torch.pow(x, y)", "f32[20]+; f32[20]", "f64[20]+; f64[20]"),
    (
        "pow_integers",
        "x ** (y % 9) + x.pow(5) + (y % 3) ** x.abs()",
        *(f"{dtype}[20]; {dtype}[20]" for dtype in ("i64", "i32", "i16", "i8", "u8")),
    ),
    ("pow_of_bits", "(2 ** torch.arange(x.numel())).sum() + x", "i64[20]"),
    ("pow_negative", "torch.pow(x, y)", "i64[30]; i64[30]", "i8[30]; i8[30]"),
    ("pow_many", "x.pow(30)", "i64[9]", "i8[9]"),
    ("pow_number", "x ** 2", "f32[20]", "i64[20]", "f64[3]"),
    ("pow_3", "torch.pow(x, 3.0)", "f32[20]"),
    ("pow_half", "torch.pow(x, 0.5)", "f32[20]+"),
    ("pow_base", "torch.pow(2, x)", "f32[20]"),
    *[(name, f"torch.{name}(x, y)", "bool[9]; bool[9]", "i64[9]; f32[9]") for name in ("logical_and", "logical_or")],
    *[
        (name, f"x {sign} y", *INTEGERS, "bool[9]; bool[9]")
        for name, sign in (("bitwise_and", "&"), ("bitwise_or", "|"), ("bitwise_xor", "^"))
    ],
    # Three
    ("where", "torch.where(x, y, z)", "bool[3,4]; f32[3,4]; f32[4]", "bool[1]; i64[5]; f32[]"),
    ("where_number", "torch.where(x > 0, x, 0.5)", "f32[3,4]"),
    ("masked_fill", "x.masked_fill(y, -1e9)", "f32[3,4]; bool[4]", "f32[2,3,4]; bool[3,1]"),
    ("addcmul", "torch.addcmul(x, y, z, value=0.5)", "f32[3,4]; f32[4]; f32[3,4]"),
    ("addcdiv", "torch.addcdiv(x, y, z, value=0.5)", "f32[3,4]; f32[4]; f32[3,4]+"),
    ("lerp", "torch.lerp(x, y, 0.3)", "f32[3,4]; f32[3,4]"),
    # Conversions
    ("to_f32", "x.to(torch.float32)", "i64[5]", "bool[5]", "f64[5]", "f16[5]"),
    ("as_tensor", "torch.as_tensor(x).add_(1), x, torch.as_tensor(x, dtype=torch.float64)", "f32[5]", "i64[2,3]"),
    ("to_f64", "x.double()", "i64[5]", "f32[5]!"),
    ("to_f16", "x.half()", "f32[5]", "i64[5]"),
    ("to_i64", "x.long()", "f32[9]", "bool[5]", "i32[5]", "ui8[5]"),
    ("to_i32", "x.int()", "f32[9]", "i64[5]"),
    ("to_bool", "x.to(torch.bool)", "f32[9]", "i64[9]"),
    ("type_as", "x.type_as(y)", "i64[5]; f32[1]"),
    ("chain", "torch.sigmoid(x * y + 1) * torch.tanh(x - y)", "f32[3,40]; f32[40]", "f64[7]; f64[7]"),
    ("inplace", "y = x.clone()\ny.add_(1)\ny.mul_(x)\ny", "f32[3,4]", "i64[5]"),
]
