"""Norms and softmax."""

F = "torch.nn.functional"

CASES = [
    ("softmax", "torch.softmax(x, -1)", "f32[3,5]", "f32[2,3,100]", "f64[4]", "f32[1,1]", "f32[5,3]!"),
    ("softmax_first", "torch.softmax(x, 0)", "f32[3,5]", "f32[4,2,2]"),
    ("softmax_big", "torch.softmax(x * 100, -1)", "f32[3,5]"),
    ("softmax_dtype", "torch.softmax(x, -1, dtype=torch.float32)", "f16[3,5]"),
    ("softmax_masked", "torch.softmax(x.masked_fill(y, float('-inf')), -1)", "f32[3,5]; bool[3,5]"),
    ("log_softmax", "torch.log_softmax(x, 1)", "f32[3,5]", "f32[2,7,3]"),
    ("layer_norm", f"{F}.layer_norm(x, [5], y, z)", "f32[3,5]; f32[5]; f32[5]", "f64[2,3,5]; f64[5]; f64[5]"),
    ("layer_norm_wide", f"{F}.layer_norm(x, [768], y, z)", "f32[4,768]; f32[768]; f32[768]"),
    ("layer_norm_plain", f"{F}.layer_norm(x, [3, 4])", "f32[2,3,4]"),
    (
        "batch_norm",
        f"{F}.batch_norm(x, y, z, eps=1e-3)",
        "f32[2,3,4,5]; f32[3]; f32[3]+",
        "f32[4,7]; f32[7]; f32[7]+",
        "f32[2,3,9]; f32[3]; f32[3]+",
    ),
    ("batch_norm_affine", f"{F}.batch_norm(x, y, z, y, z)", "f32[2,3,4,5]; f32[3]; f32[3]+"),
    ("group_norm", f"{F}.group_norm(x, 2, y, z)", "f32[2,4,3,3]; f32[4]; f32[4]"),
    ("rms_norm", "x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)", "f32[3,64]"),
    ("normalize", f"{F}.normalize(x, dim=1)", "f32[3,5]"),
    ("dropout", f"{F}.dropout(x, 0.5, training=False)", "f32[3,5]"),
]
