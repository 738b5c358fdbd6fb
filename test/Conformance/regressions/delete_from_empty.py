"""Deleting from an empty list has a message of its own."""

from typing import List

import torch


class Program(torch.nn.Module):
    def forward(self, x: List[int], n: int) -> List[int]:
        del x[n]
        return x


SIGNATURE = ["[int]", "int"]
CALLS = [([], 0), ([1], 3), ([1, 2], -1)]
