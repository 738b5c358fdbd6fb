"""Two tensors begin with the same elements; one is stored in an attribute and written there."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.tensor([False, False]))

    def clear(self):
        self.a[0] = False

    def forward(self, n: int) -> Tensor:
        self.a = torch.full([2], True, dtype=torch.bool)
        kept = torch.full([2], True, dtype=torch.bool)
        self.clear()
        return kept


SIGNATURE = ["int"]
CALLS = [(1,)]
