# Selections by masks, whose sizes depend on data; see Elementwise.py.


def masked_select(self: Tensor, mask: Tensor) -> Tensor:
    if mask.dtype != 11:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    chosen, source = torch.broadcast_tensors([mask, self])
    return torch.index_select(source.reshape([-1]), 0, torch.nonzero(chosen.reshape([-1])).select(1, 0))


def nonzero_numpy(self: Tensor) -> List[Tensor]:
    return torch.unbind(torch.nonzero(torch.atleast_1d(self)), 1)


def where(condition: Tensor) -> List[Tensor]:
    return torch.unbind(torch.nonzero(torch.atleast_1d(condition)), 1)
