"""Chunks that are unpacked: how many there are, and what is said where there are fewer."""

from typing import Final, Tuple

import torch
from torch import Tensor


def halves(x: Tensor, dim: int) -> Tuple[Tensor, Tensor]:
    a, b = x.chunk(2, dim + 1 - 1)
    return a, b


class Chunks(torch.nn.Module):
    last: Final[int]

    def __init__(self):
        super().__init__()
        self.first, self.last = 0, -1

    @torch.jit.export
    def two(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        a, b = x.chunk(2)
        return a * 2, b * 3

    @torch.jit.export
    def three(self, x: Tensor) -> Tensor:
        print("x")
        a, _, c = x.chunk(3)
        return a.sum() - c.sum()

    @torch.jit.export
    def written(self, x: Tensor) -> Tensor:
        a, b = x.chunk(2)
        b[:1] += a[:1]
        a *= 2
        return x

    @torch.jit.export
    def unused(self, x: Tensor) -> int:
        a, b = x.chunk(2)
        return x.size(0)

    @torch.jit.export
    def helped(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return halves(x, 0)

    @torch.jit.export
    def constant(self, x: Tensor) -> Tensor:
        a, b = x.t().chunk(2, self.last)
        return a[:, :1] - b[:, :1]

    @torch.jit.export
    def attribute(self, x: Tensor) -> Tensor:
        a, b = x.chunk(2, self.first)
        return a[:1] - b[:1]

    @torch.jit.export
    def argument(self, x: Tensor, dim: int) -> Tensor:
        a, b = x.chunk(2, dim)
        return a.sum() - b.sum()

    @torch.jit.export
    def counted(self, x: Tensor) -> Tuple[Tensor, Tensor, int]:
        parts = x.chunk(2)
        a, b = parts
        return a, b, len(parts)

    @torch.jit.export
    def fewer(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        a, b = x.chunk(3)
        return a, b

    @torch.jit.export
    def unsafe(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        a, b = torch.unsafe_chunk(x, 2)
        return a, b

    @torch.jit.export
    def others(self, x: Tensor, how: str) -> Tuple[Tensor, Tensor]:
        if how == "split":
            a, b = x.split(2)
        elif how == "unbind":
            a, b = x.unbind(0)
        else:
            a, b = x.split([2, 1])
        return a.sum(), b.sum()


X = torch.arange(14.0).reshape(7, 2)
METHODS = "two three written unused helped constant attribute counted fewer unsafe".split()
SIGNATURE = [f"{method}:x=Nx2xf32" for method in [*METHODS, "argument", "others"]]
CALLS = [(method, X[:n].clone()) for method in METHODS for n in (4, 7, 1, 5, 3, 2)]
CALLS += [(method, X[:0]) for method in ("two", "unused", "helped", "counted", "fewer", "unsafe")]
CALLS += [("argument", X[:n], dim) for n, dim in ((4, 0), (1, 1), (1, 0), (3, -2), (3, 2))]
CALLS += [("others", X[:n], how) for how in ("split", "unbind", "sizes") for n in (2, 3, 4)]
