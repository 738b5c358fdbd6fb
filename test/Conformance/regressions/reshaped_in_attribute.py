"""What an attribute holds is a reshape of another tensor, and is written in a loop through the attribute."""

from typing import List

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.zeros(3, 4))

    def forward(self, x: List[int]) -> Tensor:
        self.a = torch.arange(12, dtype=torch.float32).reshape([3, 4])
        for i in x:
            self.a[:, -2][None][i % 1] *= -1
        return self.a


SIGNATURE = ["[int]"]
CALLS = [([2, -2, 1],), ([-2, 1],)]
