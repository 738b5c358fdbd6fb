"""Running sums, products and extrema, and reductions by index."""

REDUCTIONS = ("sum", "prod", "mean", "amax", "amin")

CASES = [
    ("cumsum", "torch.cumsum(x, -1)", "f32[3,5]", "f64[4,6,2]", "i64[9]", "bool[2,5]", "f32[]", "f32[0,3]", "f16[9]"),
    ("cumsum_mid", "torch.cumsum(x, 1)", "f32[4,6,2]", "i32[2,3,2]"),
    ("cumsum_dtype", "torch.cumsum(x, 0, dtype=torch.float64)", "f32[9]", "i64[4]"),
    ("cumsum_long", "torch.cumsum(x, 0)", "f32[20000]"),
    ("cumprod", "torch.cumprod(x, 0)", "f32[5,3]", "i64[5]", "bool[4]"),
    ("logcumsumexp", "torch.logcumsumexp(x, 1)", "f32[3,5]", "f64[2,9]", "f32[1,14]!"),
    ("cummax", "torch.cummax(x, 1)", "f32[3,9]", "i64[2,9]", "f32[1,14]!", "bool[2,4]"),
    ("cummin", "torch.cummin(x, 0)", "f32[9,3]", "i64[9]", "f32[14]!"),
    *[
        (f"scatter_{name}", f"torch.scatter_reduce(x, 1, y, z, '{name}')", "f32[3,5]; i64[3,7]<5; f32[3,7]")
        for name in REDUCTIONS
    ],
    ("scatter_max", "torch.scatter_reduce(x, 0, y, z, 'max')", "f32[5]; i64[7]<5; f32[7]"),
    ("scatter_min", "torch.scatter_reduce(x, 0, y, z, 'min', include_self=False)", "f32[5]; i64[7]<5; f32[7]"),
    *[
        (
            f"scatter_only_{name}",
            f"torch.scatter_reduce(x, 0, y, z, '{name}', include_self=False)",
            "f32[5]; i64[7]<4; f32[7]",
            "i64[5]; i64[7]<4; i64[7]",
        )
        for name in REDUCTIONS
    ],
]
