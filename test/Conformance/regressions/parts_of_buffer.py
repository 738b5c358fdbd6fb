"""Parts of a buffer are written, which are all of it that is."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.tensor([1.0, 0.5, 1.0, 0.5]))
        self.register_buffer("b", torch.tensor([[1.0, 0.5], [1.0, 0.5]]))

    def forward(self, x: Tensor) -> Tensor:
        self.a.chunk(2, 0)[0][1:] = x
        for row in self.b.unbind(0):
            row += 1
        return self.a + self.b.sum()


SIGNATURE = ["1xf32"]
CALLS = [(torch.tensor([3.0]),), (torch.tensor([4.0]),)]
