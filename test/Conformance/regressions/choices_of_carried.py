"""Branches in loops choose between what the loops carry, what is from before them, constants, and what is carried on
under another name too."""

from typing import Tuple

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def outer(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        v = x * 2
        w = x * 2
        for i in range(n):
            if bool(v[0, 0] > 4):
                v = x
            v = v * 2
            if bool(w[0, 0] > 1):
                w = x
        return v, w

    def exchanged(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        v = torch.ones(2, 4)
        w = torch.zeros(2, 4)
        for i in range(n):
            if i % 2 == 0:
                v, w = w, v
            elif i == 3:
                v = torch.full([2, 4], 3.0)
                w = x
        return v, w

    def shared(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        v = x * 2
        u = x * 3
        for i in range(n):
            t = v * 0.5 + i
            if bool(t[0, 0] > 1):
                v = t
            u = t
        return v, u

    def handed(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        before = torch.zeros(2, 4)
        now = x
        for i in range(n):
            if i > 0:
                after = now + before
            else:
                after = x
            before = now
            now = after
            if i == 4:
                before, now = now, before
        return before, now

    def nested(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        a = torch.zeros(2, 4)
        b = torch.zeros(2, 4)
        for i in range(n):
            for j in range(3):
                if j == i:
                    a = b
                elif j > i:
                    b = x
                else:
                    b = a + 1
            if i == 2:
                a = x
        return a, b

    def constant(self, x: Tensor, n: int) -> Tensor:
        flags = torch.full([2], True)
        for i in range(n):
            if bool(flags[1]):
                flags = torch.ones([3], dtype=torch.bool).index_select(
                    0, torch.ones([2], dtype=torch.int64).remainder(3)
                )
                print(i)
        return flags

    def forward(self, x: Tensor, n: int):
        return (
            self.outer(x, n),
            self.exchanged(x, n),
            self.shared(x, n),
            self.handed(x, n),
            self.nested(x, n),
            self.constant(x, n),
        )


SIGNATURE = ["2x4xf32", "int"]
CALLS = [(torch.linspace(-1, 1.5, 8).view(2, 4) * (1 if n % 2 else -1), n) for n in (0, 1, 2, 3, 5, 7)]
