"""Writes to arguments before an error: the caller finds what was written until then."""

from typing import List

import torch
from torch import Tensor


class Halfway(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(4))

    @torch.jit.export
    def index(self, x: Tensor, y: Tensor, i: int) -> Tensor:
        x.add_(1)
        z = y[i] * 2.0
        x.mul_(3)
        return z + y[i + 1]

    @torch.jit.export
    def viewed(self, x: Tensor, i: int) -> Tensor:
        row = x[i]
        part = x.narrow(0, i, 1)
        x.add_(1)
        return row * 2 + part[0]

    @torch.jit.export
    def shapes(self, x: Tensor, y: Tensor, w: Tensor) -> Tensor:
        x.add_(1)
        y.copy_(x.flip(0))
        x.mul_(2)
        return x @ w

    @torch.jit.export
    def exchanged(self, x: Tensor, y: Tensor, i: int) -> Tensor:
        z = x.clone()
        x.copy_(y)
        y.copy_(z)
        return x[i]

    @torch.jit.export
    def in_a_loop(self, x: Tensor, table: Tensor, indices: List[int]) -> Tensor:
        last = x
        for n in range(len(indices)):
            x[n] = 7.0
            last = table[indices[n]]
            x[n] = last.sum() + n
        return last

    @torch.jit.export
    def until(self, x: Tensor, table: Tensor, n: int) -> Tensor:
        last = x
        while bool(x.sum() < 100.0):
            x += 1.0
            last = table.select(0, n)
            n += 1
            x += 2.0
        return last

    @torch.jit.export
    def in_a_branch(self, x: Tensor, y: Tensor, flag: bool, i: int) -> Tensor:
        y += 1
        if flag:
            x.sub_(1)
            z = y[i]
            x.sub_(10)
        else:
            z = y.narrow(0, i, 2)[0]
            x.zero_()
        return z + x.view(i, 4)[0, 0]

    @torch.jit.export
    def through_a_view(self, x: Tensor, indices: Tensor) -> Tensor:
        x[1:, ::2].fill_(-1.0)
        return x.index_select(0, indices)

    @torch.jit.export
    def of_a_list(self, tensors: List[Tensor], i: int) -> Tensor:
        for tensor in tensors:
            tensor.add_(1)
        return tensors[0][i]

    @torch.jit.export
    def buffer(self, x: Tensor, i: int) -> Tensor:
        self.total.add_(x)
        x.sub_(self.total)
        return self.total[i]

    @torch.jit.export
    def drawn(self, x: Tensor, weights: Tensor) -> Tensor:
        x.add_(1)
        for _ in range(2):
            torch.multinomial(weights, 1)
        x.add_(1)
        return torch.multinomial(weights - 1.0, 2)

    @torch.jit.export
    def raised(self, x: Tensor, i: int) -> Tensor:
        x.add_(1)
        if i > 0:
            x.mul_(i)
            if i > 1:
                raise ValueError("too much")
        return x


V, W, M = torch.arange(4.0), torch.arange(4.0) + 1.0, torch.arange(12.0).reshape(3, 4)
CASES = {
    "index": [(V, M, 1), (V, M, 2), (V, M, 3), (torch.ones(8)[::2], M, 3), (V, M, -4)],
    "viewed": [(M, 1), (M, -1), (M, 3), (M, -4)],
    "shapes": [(V, W, M.t()), (V, W, M), (V, torch.ones(3), M)],
    "exchanged": [(V, W, 3), (V, W, 4)],
    "in_a_loop": [(V, M, [1, 2]), (V, M, [1, 3, 0]), (V, M, [0, 0, 0, 0, 0]), (V, M, [])],
    "until": [(V, M, 0), (V * 8.0, M, 0), (V, M, 5)],
    "in_a_branch": [(V, W, True, 1), (V, W, True, 4), (V, W, False, 3), (V, W, False, 1), (V, W, True, 2)],
    "through_a_view": [(M, torch.tensor([0, 2])), (M, torch.tensor([0, 3])), (M.t(), torch.tensor([7]))],
    "of_a_list": [([V, M], 0), ([V, M], 9)],
    "buffer": [(V, 1), (V, 4), (V, 2)],
    "drawn": [(V, torch.ones(3)), (V, torch.zeros(3))],
    "raised": [(V, 0), (V, 1), (V, 2)],
}
JUST_IN_TIME = True
