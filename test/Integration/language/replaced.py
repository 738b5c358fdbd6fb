"""Buffers that `set_` lets show the memory of other tensors, of other shapes."""

import torch
from torch import Tensor


class Replaced(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("packed", torch.ones(3, 4))
        self.register_buffer("other", torch.ones(2))

    @torch.jit.export
    def pack(self, n: int) -> Tensor:
        b = self.packed.set_(torch.full((n, 2), 2.0))
        b += 1
        return self.packed * 1

    def forward(self, x: Tensor) -> Tensor:
        self.packed.set_(x * 2)
        self.packed[0] = 7
        return self.packed + 1

    @torch.jit.export
    def share(self, x: Tensor) -> Tensor:
        self.other.set_(x)
        self.other += 1
        return x + self.other


JUST_IN_TIME = True
CALLS = [("pack", 3), ("forward", torch.ones(4, 2)), ("pack", 0), ("share", torch.ones(2)), ("share", torch.zeros(2))]
