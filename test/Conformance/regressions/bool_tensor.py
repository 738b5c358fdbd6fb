"""A tensor of one bool is no number."""

from typing import List, Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, y: List[Tensor], z: bool) -> Tuple[Tensor, bool]:
        return x & y[0], z


SIGNATURE = ["bool", "[bool]", "bool"]
CALLS = [(torch.tensor(True), [torch.tensor(False)], True), (torch.tensor(True), [torch.tensor(True)], False)]
