"""Writes to diagonals of parts of a tensor, whose elements do not follow one another in memory."""

import torch
from torch import Tensor


class Diagonals(torch.nn.Module):
    def forward(self, x: Tensor, v: float) -> Tensor:
        y = x * 1
        y[2:, 1:3].diagonal().fill_(v)
        y[:, 1:].diagonal(1).add_(v)
        y.t()[1:].diagonal(-1).mul_(v)
        return y

    @torch.jit.export
    def argument(self, x: Tensor, v: float) -> Tensor:
        x[1:, 1:].diagonal().sub_(v)
        x.diagonal().clamp_(max=9.0)
        return x

    @torch.jit.export
    def batched(self, x: Tensor, v: float) -> Tensor:
        z = torch.stack([x, -x]).transpose(0, 1)
        z[1:].diagonal(0, 0, 2).fill_(v)
        return z


X = torch.arange(20.0).reshape(4, 5)
SIGNATURE = ["forward:x=?x5xf32", "argument:x=?x5xf32", "batched:x=?x5xf32"]
CALLS = [(method, x, 2.5) for method in ("forward", "argument", "batched") for x in (X, X[:3])]
