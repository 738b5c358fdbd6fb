"""Loops and branches decide whether there is a tensor, or None."""

from typing import List, Optional

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def add(self, x: Optional[Tensor], n: int) -> int:
        if n > 2:
            if x is not None:
                if bool(x[0, 0] > 2):
                    return 5
        return n

    def forward(self, x0: Tensor, x1: List[Tensor]):
        previous: Optional[Tensor] = None
        total = x0
        for x in x1:
            if previous is not None:
                total = total + previous
            previous = x * 2
        best: Optional[Tensor] = None
        score, i = 1.0, 0
        while i < len(x1):
            if float(x1[i].sum()) > score:
                best, score = x1[i], float(x1[i].sum())
            i += 1
        if best is not None:
            best += 1
        count = 0
        for k in range(len(x1)):
            count += self.add(None if k > 0 else x0, k + 3)
        return total, previous, best, count


SIGNATURE = ["2x2xf32", "[2x2xf32]"]
CALLS = [
    (torch.full([2, 2], 3.0), [torch.full([2, 2], 3.0), torch.ones(2, 2)]),
    (torch.ones(2, 2), []),
]
