"""Operators whose strides, widths or repetitions follow from sizes, which have to be known."""

# The arguments whose sizes do not vary.
FIXED = "xyz"

CASES = [
    ("arange", "x + torch.arange(5)", "f32[5]"),
    ("arange_step", "torch.arange(1, 9, 3) + x", "i64[3]"),
    ("full", "torch.full([2, 3], 1.5) * x", "f32[3]"),
    ("logspace", "torch.logspace(-1, 2, 7) + x, torch.logspace(0.5, 3, 4, base=2.0, dtype=torch.float64)", "f32[7]"),
    ("squeeze", "x.squeeze()", "f32[1,3,1,4]"),
    ("squeeze_dim", "x.squeeze(0)", "f32[1,3]", "f32[3,1]"),
    ("chunk", "torch.chunk(x, 3, dim=1)", "f32[2,7]"),
    ("split", "torch.split(x, 2, dim=0)", "f32[5,3]"),
    ("unbind", "a, b, c = torch.unbind(x, 0)\na + b * c", "f32[3,4]"),
    ("instance_norm", "torch.nn.functional.instance_norm(x)", "f32[2,3,4,5]"),
    ("broadcast_to", "torch.broadcast_to(x, [2, 3, 4])", "f32[3,1]", "i64[4]"),
    ("expand_copy", "torch.expand_copy(x, [3, 4])", "f32[4]"),
    ("sum_to_size", "x.sum_to_size([3, 1])", "f32[2,3,4]", "f32[3,1]"),
    ("block_diag", "torch.block_diag([x, y, z])", "f32[2,3]; f32[]; f32[4]"),
    ("diagonal", "x.diagonal()", "f32[3,3]", "f32[3,5]", "f32[5,3]", "i64[2,3,4]"),
    ("diagonal_above", "x.diagonal(1)", "f32[3,3]", "f32[3,5]", "f32[5,3]"),
    ("diagonal_below", "x.diagonal(-2)", "f32[3,3]", "f32[3,5]", "f32[5,3]"),
    ("diagonal_none", "x.diagonal(9)", "f32[3,3]"),
    ("diagonal_dims", "x.diagonal(0, -1, 0)", "f32[3,4,5]"),
    ("diagonal_copy", "torch.diagonal_copy(x)", "f32[3,3]"),
    ("linalg_diagonal", "torch.linalg.diagonal(x)", "f32[2,3,3]"),
    ("diag", "torch.diag(x, 1)", "f32[3]", "f32[3,4]"),
    ("corrcoef", "torch.corrcoef(x)", "f32[3,7]"),
    ("trace", "torch.trace(x)", "f32[3,3]", "f32[3,5]", "i64[2,2]"),
]
