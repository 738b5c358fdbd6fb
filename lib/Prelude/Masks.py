# Selections by masks, and runs of equal elements, whose sizes depend on data; see Elementwise.py.


def masked_select(self: Tensor, mask: Tensor) -> Tensor:
    source, chosen = torch.broadcast_tensors([self, mask])
    return torch.index_select(source.reshape([-1]), 0, torch.nonzero(chosen.reshape([-1])).select(1, 0))


def nonzero_numpy(self: Tensor) -> List[Tensor]:
    return torch.unbind(torch.nonzero(torch.atleast_1d(self)), 1)


def _starts(values: Tensor) -> Tensor:
    # Where a run of equal elements starts.
    before = torch.slice(values, 0, 0, -1)
    changes = torch.slice(values, 0, 1) != before
    return torch.cat([torch.ones([1], dtype=11), changes])[: values.size(0)]


def _run_lengths(starts: Tensor) -> Tensor:
    positions = torch.nonzero(starts).select(1, 0)
    ends = torch.cat([torch.slice(positions, 0, 1), torch.full([1], starts.size(0))])[: positions.size(0)]
    return ends - positions


def unique_consecutive(
    self: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: Optional[int] = None
) -> Tuple[Tensor, Tensor, Tensor]:
    assert dim is None, "unique_consecutive along a dim is not supported"
    values = self.reshape([-1])
    starts = _starts(values)
    inverse = torch.zeros([0], dtype=4)
    if return_inverse:
        inverse = (torch.cumsum(starts, 0) - 1).reshape(self.size())
    counts = torch.zeros([0], dtype=4)
    if return_counts:
        counts = _run_lengths(starts)
    return torch.masked_select(values, starts), inverse, counts
