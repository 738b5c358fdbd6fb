"""Reductions over all, one and several dims."""

FLOATS = ("f32[3,5]", "f64[4,6,2]", "f32[1,1]", "f32[33,17]", "f16[4,4]")

CASES = [
    *[(f"{name}_all", f"x.{name}()", *FLOATS, "f32[]", "f32[1000]") for name in ("sum", "mean", "amax", "amin")],
    *[(f"{name}_last", f"x.{name}(-1)", *FLOATS) for name in ("sum", "mean", "amax", "amin")],
    *[(f"{name}_keep", f"x.{name}(0, keepdim=True)", *FLOATS) for name in ("sum", "mean", "amax", "amin")],
    *[(f"{name}_dims", f"x.{name}((0, 2))", "f32[2,3,4]", "f64[5,1,7]") for name in ("sum", "mean", "amax", "amin")],
    ("sum_int", "x.sum()", "i64[9]", "i32[9]", "bool[9]", "i64[0]", "ui8[9]"),
    ("sum_dtype", "x.sum(0, dtype=torch.float64)", "f32[9,2]", "i64[3,2]"),
    ("sum_empty", "x.sum(0)", "f32[0,3]"),
    ("prod", "x.prod()", "f32[5]", "i64[4]"),
    ("prod_dim", "x.prod(1)", "f32[3,5]"),
    ("max_all", "x.max()", "f32[3,5]", "i64[9]", "f32[7]!"),
    ("min_all", "x.min()", "f32[3,5]", "i64[9]", "f32[7]!"),
    ("max_dim", "torch.max(x, 1)", "f32[3,5]", "i64[3,9]"),
    ("min_dim", "torch.min(x, 0, True)", "f32[3,5]"),
    ("argmax", "x.argmax()", "f32[3,5]", "i64[9]"),
    ("argmax_dim", "x.argmax(1)", "f32[3,5]", "i64[2,9]"),
    ("argmin_dim", "x.argmin(-1, keepdim=True)", "f32[3,5]"),
    ("any", "x.any()", "bool[5]", "f32[4]", "bool[0]"),
    ("all", "x.all()", "bool[5]", "i64[4]", "bool[0]"),
    ("any_dim", "x.any(1)", "bool[5,4]"),
    ("all_dim", "x.all(0, keepdim=True)", "bool[5,4]"),
    ("var", "x.var()", "f32[3,5]", "f64[17]"),
    ("var_dim", "x.var(1, unbiased=False)", "f32[3,5]", "f64[4,17]"),
    ("std_dim", "x.std(-1, keepdim=True)", "f32[3,5]"),
    ("norm", "x.norm()", "f32[3,5]"),
    ("norm_dim", "x.norm(2, 1)", "f32[3,5]"),
    ("logsumexp", "torch.logsumexp(x, 1)", "f32[3,5]"),
    ("cumsum", "x.cumsum(1)", "f32[3,5]", "i64[3,4]", "bool[2,5]"),
    ("item_branch", "y = x\nif x.sum() > 0:\n    y = x + 1\nelse:\n    y = x - 1\ny", "f32[3,5]+", "f32[3]"),
]
