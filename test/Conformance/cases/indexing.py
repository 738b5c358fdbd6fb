"""Gathers, scatters, concatenations and pads."""

CASES = [
    ("embedding", "torch.nn.functional.embedding(x, y)", "i64[2,3]<10; f32[10,4]", "i32[5]<3; f32[3,2]"),
    ("index_select", "x.index_select(1, y)", "f32[3,5]; i64[4]<5"),
    ("gather", "x.gather(1, y)", "f32[3,5]; i64[3,2]<5"),
    ("index", "x[y]", "f32[5,3]; i64[4]<5", "f32[5]; i64[2,2]<5"),
    ("index_pair", "x[y, z]", "f32[5,3]; i64[4]<5; i64[4]<3"),
    ("index_mid", "x[:, y]", "f32[2,5,3]; i64[4]<5"),
    ("scatter", "x.scatter(1, y, z)", "f32[3,5]; i64[3,1]<5; f32[3,1]"),
    ("scatter_value", "x.scatter(1, y, 2.0)", "f32[3,5]; i64[3,1]<5"),
    ("scatter_add", "x.scatter_add(1, y, z)", "f32[3,5]; i64[3,4]<5; f32[3,4]"),
    ("index_put", "y = x.clone()\ny[torch.tensor([0, 2])] = 1.0\ny", "f32[3,4]"),
    ("cat", "torch.cat([x, y], 1)", "f32[3,2]; f32[3,5]", "i64[2,1]; i64[2,2]"),
    ("cat_promote", "torch.cat([x, y])", "f32[3]; i64[2]"),
    ("cat_empty", "torch.cat([x, y])", "f32[0]; f32[4]", "f32[0]; f64[0]"),
    ("stack", "torch.stack([x, y], -1)", "f32[3,2]; f32[3,2]"),
    ("flip", "x.flip([0, 1])", "f32[3,4]"),
    ("roll", "torch.roll(x, [1, -2], [0, 1])", "f32[3,4]"),
    ("roll_flat", "torch.roll(x, 3)", "f32[3,4]"),
    ("repeat", "x.repeat(2, 3)", "f32[3,4]", "i64[5]"),
    ("repeat_measured", "x.repeat(y // 2, z, 1 + z)", "f32[3,4]; int=5; int=2", "i64[2,1,3]; int=2; int=0"),
    ("pad", "torch.nn.functional.pad(x, [1, 2])", "f32[3,4]", "i64[3]"),
    ("pad_value", "torch.nn.functional.pad(x, [1, 0, 2, 1], value=3.5)", "f32[2,3,4]"),
    ("pad_crop", "torch.nn.functional.pad(x, [-1, 2])", "f32[3,4]"),
    ("pad_reflect", "torch.nn.functional.pad(x, [1, 2], mode='reflect')", "f32[2,3,4]"),
    *[
        (
            f"pad_{mode}_measured",
            f"torch.nn.functional.pad(x, [y // 2, y - y // 2, z, 0], mode='{mode}')",
            "f32[1,2,3,4]; int=3; int=1",
            "i64[2,4,5]; int=5; int=-2",
            "f32[1,2,3,4]; int=-2; int=0",
        )
        for mode in ("reflect", "replicate", "circular")
    ],
    (
        "pad_to_even",
        "p = x.size(2) // 2 * 2 + 2 - x.size(2)\n"
        "torch.nn.functional.pad(x, [p // 2, p - p // 2], mode='replicate') + torch._C._nn.reflection_pad1d(x, [0, p])",
        "f32[1,2,3]",
        "f32[1,2,4]",
    ),
    ("pad_volume", "torch._C._nn.replication_pad3d(x, [0, y, 1, y, y, 0])", "f32[1,2,3,4,2]; int=2"),
    ("pad_replicate", "torch.nn.functional.pad(x, [1, 2, 3, 1], mode='replicate')", "f32[1,2,3,4]"),
    ("tril", "torch.tril(x)", "f32[3,4]", "f32[2,4,3]"),
    ("triu", "torch.triu(x, 1)", "f32[3,4]"),
    ("arange_size", "torch.arange(x.size(0), dtype=torch.float32)", "f32[5,2]"),
    ("zeros", "torch.zeros(x.size(0), 2) + 1", "f32[3]"),
    ("ones_like", "torch.ones_like(x)", "f32[3]", "i64[2,2]"),
    ("full_like", "torch.full_like(x, 7)", "f32[3]", "i64[2,2]"),
    ("new_zeros", "x.new_zeros([2, 2])", "f64[3]"),
    ("one_hot_like", "(x.unsqueeze(1) == torch.arange(4)).float()", "i64[3]<4"),
]
