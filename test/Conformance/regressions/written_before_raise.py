"""What a call wrote to its arguments stays when it raises later, by itself or in an operator."""

from typing import List

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, n: int, items: List[int]) -> int:
        x[0] = 1
        if n > 2:
            x.mul_(2)
            raise ValueError("large")
        for i in range(3):
            x[1] += items[i]
        return n


SIGNATURE = ["2xi64", "int", "[int]"]
CALLS = [(torch.tensor([5, 6]), 3, [1, 2, 3]), (torch.tensor([5, 6]), 1, [1, 2]), (torch.tensor([5, 6]), 1, [1, 2, 3])]
