"""A loop hands around views of one tensor, which is written later."""

from typing import List

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x0: List[int], x1: Tensor) -> Tensor:
        v0 = x1
        for iv1 in range(4, 0, -2):
            for _ in x0[:4]:
                if iv1 == 7:
                    break
                v0 = v0.reshape(-1)
            x1.copy_(x1 + 1)
        x1[:2] = -1
        return v0


SIGNATURE = ["[int]", "3xi64"]
CALLS = [([1, 2], torch.tensor([-2, 7, 5])), ([], torch.tensor([-2, 7, 5]))]
