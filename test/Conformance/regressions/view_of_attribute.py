"""What may be a view of an attribute is written: a vector always is one when it is flattened."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.tensor([[-1, 1], [-1, 5], [1, 1]]))

    def forward(self, x: Tensor) -> Tensor:
        self.a[..., -1].flatten()[:2] = x
        return x


SIGNATURE = ["2xi64"]
CALLS = [(torch.tensor([5, 6]),), (torch.tensor([7, 8]),)]
