"""A list that only an early return gives is packed into the tuple of results, on the other way as null."""

from typing import List, Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a0", torch.tensor(3))

    def forward(self, x0: int, x2: Tensor) -> Tuple[int, Tensor, List[float]]:
        values: List[float] = ([0.25, -0.5] if bool((x2 == -1).any()) else sorted([1.0, 0.25])) + [0.25]
        i = 1
        while i < 2:
            i += 1
            if int(x2[-1, -1]) > int(self.a0):
                return x0 * x0, torch.tensor([i, x0, 5]), sorted(values)
        self.a0 -= 1
        return 2, torch.full([3], 7, dtype=torch.int64), [0.0]


SIGNATURE = ["int", "MxNxi64"]
CALLS = [(0, torch.tensor([[1, 3, 5], [-1, 3, 3]])), (2, torch.tensor([[1, 3, 5], [-1, 3, 9]]))]
