"""Functions that kernels compute by polynomials: where formulas change, huge and denormal numbers, and where they end.

What is small is made large again, since results are compared with a tolerance that is not relative alone."""

VECTORS = ("f32[67]!", "f64[35]!", "f16[40]!")
DOMAINS = {
    "exp": ("x * 60", "x - 90", "x * 400"),
    "exp2": ("x * 60", "x - 130", "x.round()"),
    "expm1": ("x * 60", "x * 1e-30", "x * 500", "x + 88.5"),
    "log": ("x", "x * 1e-20", "x * 1e30", "x + 1"),
    "log2": ("x", "x * 1e-20", "x * 1e30", "torch.exp2(x.round())"),
    "log10": ("x", "x * 1e-20", "x * 1e30", "10 ** x.round()"),
    "log1p": ("x", "x * 1e-20", "x * 1e30", "x - 1", "x * 0.01"),
    "sin": ("x", "x * 5000", "x * 1e6", "x * 1e20", "x.round() * 0.785398163"),
    "cos": ("x", "x * 5000", "x * 1e6", "x * 1e20", "x.round() * 0.785398163"),
    "tan": ("x", "x * 5000", "x * 1e6", "x * 1e20"),
    "asin": ("x", "x * 0.3", "x * 1e-20"),
    "acos": ("x", "x * 0.3"),
    "atan": ("x", "x * 0.3", "x * 1e20"),
    # Near where they overflow, LibTorch's vectors do so before its numbers; see docs/Differences.md.
    "sinh": ("x.clamp(-88, 88)", "x * 35", "x * 1e-20", "x * 1000"),
    "cosh": ("x.clamp(-88, 88)", "x * 35", "x * 1000"),
    "tanh": ("x", "x * 0.1", "x * 50"),
    "asinh": ("x", "x * 1e-20", "x * 1e10", "x * 1e30"),
    "acosh": ("x", "x + 1", "x * 1e10"),
    "atanh": ("x", "x * 0.3", "x * 1e-20"),
    "erf": ("x", "x * 0.3", "x * 5"),
    "erfc": ("x", "x * 0.3", "x * 5"),
}

CASES = [
    *[
        (f"{name}_{i}", f"torch.{name}({argument}) * {scale}", *VECTORS, "f32[3]", "f64[]")
        for name, arguments in DOMAINS.items()
        for i, argument in enumerate(arguments)
        for scale in ("1e20" if "e-20" in argument and not name.startswith("log") or argument == "x - 90" else "1",)
    ],
    ("erfc_tail", "torch.erfc(x + 5) * 1e15", "f32[67]+", "f64[35]+"),
    ("log_denormal", "torch.log(x * 1e-40) + torch.log2(x * 1e-40) + torch.log10(x * 1e-40)", "f32[67]+"),
    ("log_denormal_double", "torch.log(x * 1e-310) + torch.log2(x * 1e-310) + torch.log10(x * 1e-310)", "f64[35]+"),
    ("log1p_denormal", "torch.log1p(x * 1e-40) * 1e38 * 1e2", "f32[67]"),
    ("expm1_denormal", "torch.expm1(x * 1e-40) * 1e38 * 1e2", "f32[67]"),
    ("sin_denormal", "torch.sin(x * 1e-40) * 1e38 * 1e2", "f32[67]"),
    ("signs_of_zero", "1 / torch.log1p(x * 0) + 1 / torch.expm1(x * 0) + 1 / torch.sinh(x * 0)", "f32[32]", "f64[9]"),
    ("signs_of_zero_angles", "1 / torch.sin(x * 0), 1 / torch.tan(x * 0), 1 / torch.atan(x * 0)", "f32[32]", "f64[9]"),
    ("atan2_plane", "torch.atan2(x, y)", "f32[67]!; f32[67]!", "f64[35]!; f64[35]!", "f32[14,1]!; f32[14]!"),
    ("atan2_huge", "torch.atan2(x * 2e38, y * 2e38)", "f32[67]01; f32[67]"),
    ("atan2_axes", "torch.atan2(x, y * 0) + torch.atan2(x * 0, y)", "f32[67]; f32[67]", "f64[9]; f64[9]"),
    ("pow_plane", "torch.pow(x, y)", "f32[14,1]!; f32[14]!", "f64[14,1]!; f64[14]!"),
    ("pow_of_negative", "torch.pow(x, y)", "f32[67]; i64[67]<5", "f16[40]; i64[40]<5"),
    ("pow_large", "torch.pow(x * 100, y * 20)", "f32[67]+; f32[67]"),
    ("pow_exact", "torch.pow(10.0, x.float()), torch.pow(x.float(), 7.0)", "i64[40]<8"),
    ("fmod_plane", "torch.fmod(x, y)", "f32[14,1]!; f32[14]!", "f64[14,1]!; f64[14]!"),
    ("fmod_huge", "torch.fmod(x * 1e12, y)", "f32[67]; f32[67]", "f64[35]; f64[35]"),
    (
        "fmod_exact",
        "torch.fmod(torch.arange(1000) * 0.1, 0.1) + x, torch.remainder(-torch.arange(1000.) * 0.1, 0.3)",
        "f32[1]",
    ),
    ("remainder_plane", "torch.remainder(x, y)", "f32[14,1]!; f32[14]!", "f64[14,1]!; f64[14]!"),
]
