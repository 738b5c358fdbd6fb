"""Tensors that are given for results: they get the shape of the result."""

from typing import List, Tuple

import torch
from torch import Tensor


class Outputs(torch.nn.Module):
    @torch.jit.export
    def empty(self, x: Tensor, y: Tensor) -> Tuple[Tensor, int]:
        out = torch.empty(0)
        torch.mm(x, y, out=out)
        out += 1.0
        return out, out.size(1)

    @torch.jit.export
    def reused(self, x: Tensor, n: int) -> List[Tensor]:
        found: List[Tensor] = []
        for i in range(n):
            out = torch.zeros(2)
            torch.sum(x, [0], out=out)
            out.mul_(i)
            torch.add(out, out, out=out)
            found.append(out)
        return found

    @torch.jit.export
    def kept_sizes(self, x: Tensor, y: Tensor) -> Tensor:
        out = torch.empty([3], dtype=torch.float64)
        before = out.size(0)
        result = torch.matmul(x.double(), y.double(), out=out)
        return result * before + out

    @torch.jit.export
    def by_sizes(self, x: Tensor, y: Tensor) -> Tensor:
        out = torch.ones_like(y)
        out[0] = 7.0
        torch.mul(x, 2.0, out=out)
        return out

    @torch.jit.export
    def in_a_branch(self, x: Tensor, y: Tensor, flag: bool) -> Tensor:
        if flag:
            out = torch.empty([1, 1])
            torch.cat([x, x], 1, out=out)
            x = out * 2.0
        return x

    @torch.jit.export
    def same_shape(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        out = torch.zeros_like(x)
        row = out[0]
        torch.neg(x, out=out)
        return out, row


X, Y = torch.arange(12.0).reshape(3, 4), torch.arange(8.0).reshape(4, 2)
CASES = {
    "empty": [(X, Y), (X[:0], Y)],
    "reused": [(X, 3), (X, 0)],
    "kept_sizes": [(X, Y)],
    "by_sizes": [(X, X), (X, Y), (X, Y[:1])],
    "in_a_branch": [(X, Y, True), (X, Y, False)],
    "same_shape": [(X,)],
}
JUST_IN_TIME = True
