"""Sizes of a result that come from one another, and from tensors that branches choose."""

from typing import Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.tensor([[1.0, 2.0]]))

    def forward(self, x: Tensor, y: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        z = y if bool(x[0] > 0) else torch.ones([x.size(0), y.size(1), x.size(0)])
        z += 1
        u = z * 2
        for i in range(2):
            u = u + z
        self.a = torch.cat([self.a, u[0, :1, :2]])
        return u, self.a * 2, (y + x).transpose(0, 1) * 2


SIGNATURE = ["Nxf32", "NxMxNxf32"]
CALLS = [(torch.ones(3), torch.ones(3, 2, 3)), (-torch.ones(2), torch.ones(2, 4, 2))]
