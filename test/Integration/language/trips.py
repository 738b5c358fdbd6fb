"""Loops that change the rank of a tensor as often as only run time knows."""

from typing import Tuple

import torch
from torch import Tensor


def broadcast(src: Tensor, other: Tensor, dim: int) -> Tensor:
    if dim < 0:
        dim = other.dim() + dim
    if src.dim() == 1:
        for _ in range(0, dim):
            src = src.unsqueeze(0)
    for _ in range(src.dim(), other.dim()):
        src = src.unsqueeze(-1)
    return src.expand(other.size())


class Trips(torch.nn.Module):
    @torch.jit.export
    def summed(self, src: Tensor, index: Tensor, dim: int, size: int) -> Tensor:
        index = broadcast(index, src, dim)
        sizes = list(src.size())
        sizes[dim] = size
        return torch.zeros(sizes).scatter_add_(dim, index, src)

    @torch.jit.export
    def grown(self, x: Tensor, n: int) -> Tuple[Tensor, int]:
        for i in range(n):
            x = x.unsqueeze(0) + i
        return x.reshape(-1) * 2, x.dim()

    @torch.jit.export
    def until(self, x: Tensor, n: int) -> Tensor:
        while x.dim() < n:
            x = x.unsqueeze(0) * 2
        return x.flatten() + 1

    @torch.jit.export
    def in_a_branch(self, x: Tensor, n: int, wide: bool) -> Tensor:
        if wide:
            for _ in range(n):
                x = x.unsqueeze(0)
        return x.sum(0).sum() + x.dim()

    @torch.jit.export
    def reduced(self, x: Tensor, n: int) -> Tensor:
        for _ in range(n):
            x = x.sum(0)
        return x.reshape(-1) + 1

    @torch.jit.export
    def doubled(self, x: Tensor, n: int) -> Tensor:
        for i in range(n):
            x = torch.stack([x, x + i])
            if x.numel() > 20:
                break
        return x.flatten()

    @torch.jit.export
    def written(self, x: Tensor, n: int) -> Tensor:
        y = x
        for _ in range(n):
            y = y.unsqueeze(0)
            y.mul_(2)
        y += 1
        return x

    @torch.jit.export
    def paired(self, x: Tensor, n: int) -> Tensor:
        pair = (x, x.sum())
        for _ in range(n):
            y = pair[0].unsqueeze(0)
            if y.sum() > 30:
                y = y + 1
            pair = (y, pair[1] + 1)
        return pair[0].flatten() * pair[1]

    @torch.jit.export
    def inside(self, x: Tensor, n: int, m: int) -> Tensor:
        total = x.sum()
        for k in range(m):
            y = x
            for _ in range(n + k):
                y = y.unsqueeze(-1)
            total = total + y.sum(0).sum() * y.dim()
        return total

    @torch.jit.export
    def both(self, x: Tensor, y: Tensor, n: int, m: int) -> Tensor:
        for _ in range(n):
            x = x.unsqueeze(0)
        for _ in range(m):
            y = y.unsqueeze(-1)
        return (x + y).flatten()


X = torch.arange(12.0).reshape(3, 4)
INDEX = torch.tensor([0, 2, 2, 1])
METHODS = ("grown", "until", "in_a_branch", "doubled", "written", "paired", "inside", "both")
SIGNATURE = ["summed:src=?x?xf32", "summed:index=?xi64", "reduced:x=?x?x?xf32", "both:y=?xf32"]
SIGNATURE += [f"{method}:x=?xf32" for method in METHODS]
CALLS = [("summed", X[:, : len(i)], i, dim, 3) for i in (INDEX, INDEX[:3]) for dim in (1, -1, 0, -2, 2, -3, 5)]
CALLS += [
    (method, X[n % 3].clone(), n)
    for method in ("grown", "until", "doubled", "written", "paired")
    for n in (0, 1, 2, 5, 8, -1)
]
CALLS += [("in_a_branch", X[0], n, wide) for n, wide in ((0, True), (3, True), (3, False), (8, True))]
CALLS += [("reduced", torch.ones(2, 3, 4), n) for n in range(6)]
CALLS += [("inside", X[0], n, m) for n, m in ((0, 3), (2, 2), (5, 0), (6, 3))]
CALLS += [("both", X[0], X[1], n, m) for n, m in ((0, 0), (1, 0), (0, 2), (2, 3), (1, 1))]
