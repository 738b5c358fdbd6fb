"""Views that one method stores and another writes, of a buffer that nothing else writes."""

from typing import List, Tuple

import torch
from torch import Tensor


class HeldViews(torch.nn.Module):
    kept: List[Tensor]
    turned: List[Tensor]

    def __init__(self):
        super().__init__()
        self.register_buffer("grid", torch.arange(12.0).reshape(3, 4))
        self.register_buffer("other", torch.arange(6.0).reshape(3, 2))
        self.register_buffer("row", torch.zeros(4))
        self.kept = []
        self.turned = []

    @torch.jit.export
    def hold(self, i: int) -> Tensor:
        self.row = self.grid[i]
        return self.row

    @torch.jit.export
    def scale(self, by: float) -> Tuple[Tensor, Tensor]:
        self.row.mul_(by)
        return self.grid, self.row

    @torch.jit.export
    def keep(self, i: int) -> int:
        self.kept.append(self.other[:, i])
        return len(self.kept)

    @torch.jit.export
    def bump(self) -> Tuple[Tensor, List[Tensor]]:
        self.kept[0].add_(100)
        return self.other, self.kept

    @torch.jit.export
    def turn(self, x: Tensor) -> int:
        self.turned.append(x.t())
        return len(self.turned)

    @torch.jit.export
    def copies(self) -> Tuple[Tensor, Tensor, Tensor]:
        flat = self.turned[-1].reshape(-1)
        flat.add_(1)
        ordered = self.turned[-1].contiguous()
        ordered.mul_(2)
        again = self.kept[0].contiguous().view(1, -1)
        again.sub_(5)
        return flat, self.turned[-1], self.kept[0]


SIGNATURE = ["turn:x=3x4xf32"]
CALLS = [
    ("hold", 1),
    ("scale", 2.0),
    ("hold", 2),
    ("scale", 3.0),
    ("keep", 0),
    ("keep", 1),
    ("bump",),
    ("scale", -1.0),
    ("bump",),
    ("turn", torch.arange(12.0).reshape(3, 4)),
    ("copies",),
    ("turn", torch.arange(12.0).reshape(3, 4)),
    ("copies",),
]
