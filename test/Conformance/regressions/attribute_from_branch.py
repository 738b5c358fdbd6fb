"""A branch yields an attribute, which is written while the result is looked at."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.tensor([7, -2]))

    def forward(self, n: int) -> Tensor:
        if n > 1:
            v = self.a
        else:
            v = self.a
        self.a *= v
        return v


SIGNATURE = ["int"]
CALLS = [(2,), (0,)]
