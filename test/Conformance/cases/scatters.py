"""Writes by index, masks, bags and searches."""

F = "torch.nn.functional."

CASES = [
    ("take", "torch.take(x, y - 3)", "f32[3,4]; i64[2,2]<9"),
    ("put", "torch.put(x, y, z)", "f32[3,4]; i64[1]<12; f32[1]"),
    ("put_add", "torch.put(x, y, z, True)", "f32[3,4]; i64[9]<12; f32[9]"),
    ("index_add", "torch.index_add(x, 0, y, z)", "f32[5,3]; i64[4]<5; f32[4,3]", "i64[5]; i64[9]<5; i64[9]"),
    ("index_add_alpha", "torch.index_add(x, -1, y, z, alpha=-2)", "f32[2,5]; i64[4]<5; f32[2,4]"),
    ("index_copy", "torch.index_copy(x, 1, torch.arange(y.size(1)) + 1, y)", "f32[3,4]; f32[3,2]"),
    ("index_fill", "torch.index_fill(x, 1, y - 4, 2.5)", "f32[3,4]; i64[2]<4"),
    ("index_fill_tensor", "torch.index_fill(x, 0, y, z)", "f32[3,4]; i64[2]<3; f32[]", "i64[3]; i64[2]<3; i64[]"),
    ("masked_scatter", "torch.masked_scatter(x, y, z)", "f32[3,4]; bool[3,4]; f32[12]", "f32[3,4]; bool[4]; f32[3,4]"),
    ("fill_number", "torch.fill(x, 2.5)", "f32[3,4]", "i64[3]"),
    ("fill_tensor", "torch.fill(x, y)", "f32[3,4]; i64[]"),
    ("scatter_add_name", "torch.scatter(x, 1, y, z, reduce='add')", "f32[3,5]; i64[3,4]<5; f32[3,4]"),
    ("scatter_multiply", "torch.scatter(x, 0, y, 2.0, reduce='multiply')", "f32[5]; i64[9]<5"),
    *[
        (f"index_reduce_{name}", f"torch.index_reduce(x, 0, y, z, '{name}')", "f32[5,3]; i64[4]<5; f32[4,3]")
        for name in ("prod", "mean", "amax", "amin")
    ],
    ("one_hot", f"{F}one_hot(x, 5)", "i64[7]<5", "i64[2,3]<5", "i64[]<5"),
    ("embedding_bag", f"{F}embedding_bag(y, x, torch.tensor([0, 2, 2, 5]), mode='sum')", "i64[8]<6; f32[6,3]"),
    ("embedding_bag_mean", f"{F}embedding_bag(y, x)", "i64[4,3]<6; f32[6,3]"),
    ("embedding_bag_max", f"{F}embedding_bag(y, x, torch.tensor([0, 2, 2, 5]), mode='max')", "i64[8]<6; f32[6,3]"),
    (
        "embedding_bag_weights",
        f"{F}embedding_bag(y, x, mode='sum', per_sample_weights=z)",
        "i64[4,3]<6; f32[6,3]; f32[4,3]",
    ),
    (
        "embedding_bag_padding",
        f"{F}embedding_bag(y, x, torch.tensor([0, 4, 8]), mode='mean', padding_idx=1, include_last_offset=True)",
        "i64[8]<3; f32[6,3]",
    ),
    (
        "searchsorted",
        "torch.searchsorted(torch.cumsum(x, -1), y)",
        "f32[7]+; f32[2,3]+",
        "f32[2,7]+; f32[2,3]+",
        "i64[4]+; i64[5]+",
    ),
    ("searchsorted_right", "torch.searchsorted(torch.cumsum(x, 0), y, right=True, out_int32=True)", "i64[7]+; i64[9]+"),
    ("searchsorted_number", "torch.searchsorted(torch.cumsum(x, 0), 2.0)", "f32[7]+"),
    ("bucketize", "torch.bucketize(x, torch.cumsum(y, 0))", "f32[9]+; f32[5]+", "f32[14]!; f32[5]+"),
    ("im2col", f"{F}unfold(x, 2)", "f32[2,3,4,5]", "f32[3,4,5]"),
    ("im2col_options", f"{F}unfold(x, (3, 2), dilation=(1, 2), padding=(1, 2), stride=(2, 1))", "f32[1,2,6,5]"),
    ("im2col_measured", f"{F}unfold(x, (y, z), stride=(z, y))", "f32[2,3,7,8]; int=2; int=3"),
    ("col2im_measured", f"{F}fold(x, (y, y), z, stride=z)", "f32[2,12,4]; int=4; int=2"),
    ("col2im", f"{F}fold(x, (4, 5), 2)", "f32[2,12,12]", "f32[12,12]"),
    ("col2im_options", f"{F}fold(x, (6, 5), (3, 2), dilation=(1, 2), padding=(1, 2), stride=(2, 1))", "f32[1,12,21]"),
]
