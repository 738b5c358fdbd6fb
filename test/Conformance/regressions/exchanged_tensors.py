"""Loops exchange the tensors that they carry, and hand one on while another is computed anew."""

from typing import Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, s: Tensor, n: int) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        a, b = s * 3, s * 2
        for _ in range(n):
            a, b = b, a
            x = x + a
        previous, last = s, s.sin()
        for t in range(x.size(0)):
            k = 0
            while k < n and float(last.sum()) < 20:
                previous = last
                last = previous.cos() + x[t]
                k += 1
        return a, b, previous, last


SIGNATURE = ["?x5xf32", "5xf32", "int"]
X = torch.linspace(-1, 1, 15).reshape(3, 5)
CALLS = [(X, X[0], 3), (X, X[1] + 2, 2), (X[:0], X[0], 1), (X, X[0], 0)]
