"""Two results that begin with a copy of the same tensor."""

from typing import Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, i: Tensor) -> Tuple[Tensor, Tensor]:
        return x.scatter(1, i, 1.0), x.index_add(0, i[0], x)


SIGNATURE = ["2x2xf32", "2x2xi64"]
CALLS = [(torch.arange(4.0).reshape(2, 2), torch.tensor([[0, 1], [1, 0]]))]
