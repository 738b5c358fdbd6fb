"""A loop continues what a branch before it has chosen: what the outer loop carries, or a new tensor."""

from typing import List, Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, counts: List[int], x: Tensor) -> Tuple[Tensor, Tensor]:
        a = torch.zeros(2, 3)
        b = x * 2
        for n in counts:
            if n > 1:
                a = a + 1
                b += 1
            for _ in range(n):
                a = a * 0.5
                b.select(1, 1).mul_(0.5)
        return a, b


SIGNATURE = ["[int]", "2x3xf32"]
CALLS = [([2, 1, 3, 0], torch.arange(6.0).view(2, 3)), ([], torch.ones(2, 3)), ([0, 2], torch.ones(2, 3))]
