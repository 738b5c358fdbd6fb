"""Which of two arguments, or of an argument and a new tensor, is written is known when the program runs."""

from typing import Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, y: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        z = x if n > 1 else y
        z += 1
        u = y.clone()
        w = u
        for i in range(n):
            w[0] = i
            u, w = w, x
        return u + w, z


SIGNATURE = ["2xi64", "2xi64", "int"]
CALLS = [(torch.tensor([1, 2]), torch.tensor([3, 4]), n) for n in range(4)]
