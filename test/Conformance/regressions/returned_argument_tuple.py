"""An argument that is a tuple is taken apart and returned."""

from typing import Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, y: Tuple[int, int]) -> Tuple[Tuple[int, int], Tuple[int, int]]:
        a, b = y
        return (b, a), y


SIGNATURE = ["2xf32", "(int, int)"]
CALLS = [(torch.tensor([1.0, 2.0]), (1, 2))]
