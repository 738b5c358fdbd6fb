"""A choice of two tensors is stored, then one of them is written: the container must see it."""

from typing import List

import torch
from torch import Tensor


class Program(torch.nn.Module):
    a0: List[Tensor]

    def __init__(self):
        super().__init__()
        self.a0 = [torch.tensor([[0.25, 1.0, 0.0]]), torch.tensor([[1.5, 1.5, 1.5]])]

    def forward(self, x0: int, x1: Tensor) -> int:
        self.a0 = [x1, x1, x1]
        if x0 > 0:
            self.a0[0] = self.a0[x0 % max(len(self.a0), 1)] if len(self.a0) > 0 else x1
            x1[0, 0] = 7.0
        return x0


SIGNATURE = ["int", "1x3xf32"]
CALLS = [(1, torch.tensor([[1.5, -0.5, 1.0]])), (0, torch.tensor([[2.5, -0.5, 1.0]]))]
