"""Loops after each of whose iterations a tensor has another rank, and lists of sizes that loops over dims write."""

from typing import Tuple

import torch
from torch import Tensor


def broadcast(src: Tensor, other: Tensor) -> Tensor:
    for _ in range(src.dim(), other.dim()):
        src = src.unsqueeze(-1)
    return src.expand_as(other)


def index_points(points: Tensor, index: Tensor) -> Tensor:
    view_shape = list(index.shape)
    for i in range(1, len(view_shape)):
        view_shape[i] = 1
    repeat_shape = list(index.shape)
    repeat_shape[0] = 1
    batch = torch.arange(points.shape[0]).view(view_shape).repeat(repeat_shape)
    return points[batch, index, :]


class Widening(torch.nn.Module):
    @torch.jit.export
    def added(self, x: Tensor, index: Tensor) -> Tensor:
        out = torch.zeros_like(x)
        return out.scatter_add_(0, broadcast(index, x), x)

    @torch.jit.export
    def until(self, x: Tensor, mask: Tensor) -> Tensor:
        while mask.dim() < x.dim():
            mask = mask.unsqueeze(-1)
        return x * mask

    @torch.jit.export
    def leaves(self, x: Tensor) -> Tuple[Tensor, int]:
        steps = 0
        for i in range(100):
            if x.dim() == 1:
                break
            x = x.sum(0) * (i + 2)
            steps += 1
        return x, steps

    @torch.jit.export
    def once(self, x: Tensor) -> Tuple[Tensor, int]:
        y = x.sum()
        total = 0
        for i in range(1000):
            y = x * y.sum() * 0.1 + i
            total += i
        return y, total

    @torch.jit.export
    def sometimes(self, x: Tensor, n: int) -> float:
        y = torch.zeros(1)
        for i in range(20):
            if i < n:
                y = x * (y.sum() + i)
        return float(y.sum())

    @torch.jit.export
    def grouped(self, points: Tensor, index: Tensor) -> Tensor:
        chosen = index_points(points, index)
        nearest = torch.matmul(points, chosen.transpose(1, 2)).argsort(-1)
        nearest = nearest[:, :, :2]
        grouped = index_points(chosen, nearest).sum(2)
        return index_points(grouped, grouped.sum(-1).argsort(-1))


SIGNATURE = [
    "added:x=AxBxCxf32",
    "added:index=Axi64",
    "until:x=Ax?x?xf32",
    "until:mask=Axi64",
    "leaves:x=?x?x?xf32",
    "once:x=?x?xf32",
    "sometimes:x=?x?xf32",
    "grouped:points=Bx?x3xf32",
    "grouped:index=Bx?xi64",
]
X = torch.arange(24.0).reshape(4, 3, 2)
CALLS = [
    ("added", X, torch.tensor([0, 2, 2, 3])),
    ("until", X, torch.arange(4)),
    ("leaves", X),
    ("once", X[0] * 0.01),
    ("sometimes", X[0], 0),
    ("sometimes", X[0] * 0.01, 3),
    ("grouped", torch.arange(24.0).sin().reshape(2, 4, 3), torch.tensor([[0, 3, 1], [1, 1, 2]])),
]
