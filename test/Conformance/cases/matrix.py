"""Diagonals and products of matrices."""

CASES = [
    ("diag_embed", "torch.diag_embed(x)", "f32[3]", "f32[2,3]", "bool[3]"),
    ("fill_diagonal", "x.fill_diagonal_(2)", "f32[3,3]", "f32[2,4]", "i64[7,2]", "f32[3,3,3]", "bool[2,2]"),
    ("fill_diagonal_wrap", "x.fill_diagonal_(2.5, wrap=True)", "f32[7,2]", "f32[2,4]", "f64[3,2]", "f32[2,2,2]"),
    ("diag_embed_offset", "torch.diag_embed(x, -2)", "f32[2,3]"),
    ("diag_embed_above", "torch.diag_embed(x, 1, 0, 2)", "f32[2,3]"),
    ("diagflat", "torch.diagflat(x, 1)", "f32[2,2]", "i64[3]"),
    ("kron", "torch.kron(x, y)", "f32[2,3]; f32[3,2]", "f32[2]; f32[2,3]", "i64[]; i64[2]"),
    ("vdot", "torch.vdot(x, y)", "f32[5]; f32[5]"),
    ("vecdot", "torch.linalg.vecdot(x, y)", "f32[2,5]; f32[2,5]", "f32[2,5]; f32[5]"),
    ("linalg_cross", "torch.linalg.cross(x, y)", "f32[4,3]; f32[4,3]", "f32[1,3]; f32[4,3]"),
    ("cross", "torch.cross(x, y, dim=0)", "f32[3,2]; f32[3,2]", "i64[3]; i64[3]"),
    ("tensordot", "torch.tensordot(x, y, dims=2)", "f32[2,3,4]; f32[3,4,5]"),
    ("tensordot_dims", "torch.tensordot(x, y, dims=([1, 0], [0, 2]))", "f32[2,3,4]; f32[3,5,2]"),
    ("multi_dot", "torch.linalg.multi_dot([x, y, z])", "f32[2,3]; f32[3,4]; f32[4,2]", "f32[3]; f32[3,4]; f32[4]"),
    ("matrix_power", "torch.linalg.matrix_power(x, 3)", "f32[3,3]", "f32[2,3,3]"),
    ("matrix_power_0", "torch.linalg.matrix_power(x, 0)", "f32[2,3,3]"),
    ("vander", "torch.vander(x)", "f32[3]"),
    ("vander_n", "torch.vander(x, 4, True)", "f32[3]"),
]
