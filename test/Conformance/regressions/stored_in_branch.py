"""A list gets its own element or, in the other branch, a tensor that is written afterwards."""

from typing import List

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, n: int) -> List[Tensor]:
        kept = [x] * n
        other = x + 2
        kept.insert(n % 3, kept[0] if len(kept) > 0 else other)
        other[..., -4].mul_(-2)
        return kept


SIGNATURE = ["3x4xf32", "int"]
CALLS = [(torch.ones(3, 4), 0), (torch.ones(3, 4), 2), (torch.ones(3, 4), 3)]
