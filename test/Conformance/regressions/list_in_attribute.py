"""A list that an attribute's list holds is changed through a copy of the outer one."""

from typing import List

import torch


class Program(torch.nn.Module):
    a: List[List[int]]

    def __init__(self):
        super().__init__()
        self.a = [[0, 2], [1]]

    def forward(self, n: int) -> List[List[int]]:
        v = self.a
        for e in self.a[:4]:
            if len(e) > n:
                del e[0]
        return v


SIGNATURE = ["int"]
CALLS = [(1,), (0,), (0,)]
