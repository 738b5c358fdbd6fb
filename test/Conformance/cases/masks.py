"""Masks as indices, and results whose size depends on data."""

CASES = [
    ("fill_number", "y = x.clone()\ny[x > 0] = 7\ny", "f32[3,4]", "i64[9]"),
    ("fill_rows", "z = x.clone()\nz[y] = -1.5\nz", "f32[3,4]; bool[3]", "f32[3,4,2]; bool[3,4]"),
    ("fill_columns", "z = x.clone()\nz[:, y] = 2\nz", "f32[3,4]; bool[4]"),
    ("write_mask", "w = x.clone()\nw[y] = z[: int(y.sum())]\nw", "f32[9]; bool[9]; f32[9]"),
    ("index_mask", "x[x > 0]", "f32[3,4]", "i64[9]", "f32[0]"),
    ("index_rows", "x[y]", "f32[5,3]; bool[5]", "f32[5,3,2]; bool[5,3]"),
    ("index_columns", "x[:, y]", "f32[2,5,3]; bool[5]"),
    ("index_beside", "x[y, torch.tensor([0])], x[torch.tensor([[0], [1]]), :, y]", "f32[4,4,4]; bool[4]"),
    ("index_masks", "x[y, y], x[:, y, :, y]", "f32[3,3,3,3]; bool[3]"),
    ("write_beside", "x[y, z] = 2\nx[z, :, y] = w\nx", "f32[3,2,3]; bool[3]; i64[1]<2; f32[1,2]"),
    ("add_masks", "x[y, z] += 1.5\nx", "f32[3,3]; bool[3]; i64[1]<2", "f32[3,3,2]; bool[3,3]; i64[1]<2"),
    ("index_then", "(x[x > 0] * 2 + 1).sum()", "f32[3,4]"),
    ("masked_select", "torch.masked_select(x, y)", "f32[3,4]; bool[3,4]", "f32[3,4]; bool[4]", "f32[3,1]; bool[1,4]"),
    ("nonzero", "torch.nonzero(x)", "i64[3,4]<2", "bool[9]", "f32[]", "f32[0,3]"),
    ("argwhere", "torch.argwhere(x)", "i64[3,4]<2"),
    ("where_positions", "a, b = torch.where(x)\na, b", "bool[3,4]"),
]
