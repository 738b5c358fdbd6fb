"""A scan of what is known when compiling: nothing of it stays in the method."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        y = torch.ones([1, 3])
        y[0] = torch.ones([3])
        return x + (y * -1).clamp(-64, 64).cumsum(0).clamp(-64, 64)


SIGNATURE = ["1x3xf32"]
CALLS = [(torch.tensor([[1.0, 2.0, 3.0]]),)]
