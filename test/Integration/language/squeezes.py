"""Ranks that only run time knows: what a squeeze of sizes that differ from call to call leaves."""

from typing import List, Tuple

import torch
from torch import Tensor, nn


class Squeezes(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.lin(x).squeeze(0) + 1

    @torch.jit.export
    def all(self, x: Tensor) -> Tensor:
        y = x.squeeze()
        y = y.reshape(-1, 4).sum(0)
        return y

    @torch.jit.export
    def ranks(self, x: Tensor) -> Tuple[int, List[int], float]:
        y = x.squeeze(1)
        y += 1
        n = y.dim()
        if n == 1:
            return n, list(y.shape), float(y.sum())
        return n, list(y.shape), float(x.sum())

    @torch.jit.export
    def scale(self, x: Tensor, factors: Tensor) -> Tensor:
        y = x.clone()
        y *= factors.squeeze(0)
        return y


SIGNATURE = ["forward:x=?x4xf32", "all:x=?x1x4xf32", "ranks:x=?x?xf32", "scale:x=Nxf32", "scale:factors=?xNxf32"]
X = torch.arange(12.0).reshape(3, 4)
CALLS = [
    ("forward", X),
    ("forward", X[:1]),
    ("forward", X[:0]),
    ("all", X.unsqueeze(1)),
    ("all", X[:1].unsqueeze(1)),
    ("ranks", X),
    ("ranks", X[:, :1]),
    ("ranks", X[:1]),
    ("scale", X[0], X[1:2]),
    ("scale", X[0], X[1:]),
    ("scale", X[2], X[:1]),
]
