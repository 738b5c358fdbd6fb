"""Attributes that show one memory from the start, each in its way, and are written."""

from typing import List, Tuple

import torch
from torch import Tensor


class OneMemory(torch.nn.Module):
    rows: List[Tensor]

    def __init__(self):
        super().__init__()
        grid = torch.arange(24.0).view(4, 6)
        self.register_buffer("grid", grid)
        self.register_buffer("upper", grid[:3])
        self.register_buffer("turned", grid.t())
        self.register_buffer("row", grid[2])
        self.register_buffer("few", grid.view(-1)[5:7])
        self.register_buffer("apart", torch.zeros(2))
        self.register_buffer("column", grid[:, 4])
        self.register_buffer("corner", grid[1::2, 3:5].t())
        self.rows = [grid[1], grid]

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        self.upper.add_(x)
        return self.grid.sum(), self.turned[0], self.few + 1

    @torch.jit.export
    def several(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        self.turned.mul_(2)
        self.few.sub_(1)
        self.row[0] = -1
        self.apart += x
        return self.grid + 0, self.upper @ self.grid[:1].t(), self.apart

    @torch.jit.export
    def first(self, x: Tensor) -> Tensor:
        self.rows[0] += x
        return self.grid * 1

    @torch.jit.export
    def replaced(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        self.row = self.row + x
        self.grid[0] = 5
        return self.row, self.turned

    @torch.jit.export
    def skipping(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        self.column += x
        self.corner[0].mul_(10)
        self.upper[1] = x
        return self.grid + 0, self.column, self.corner * 1


SIGNATURE = [f"{method}:x=f32" for method in ("forward", "several", "first", "replaced", "skipping")]
CALLS = [
    (method, torch.tensor(1.5))
    for method in ("forward", "several", "skipping", "forward", "first", "replaced", "skipping", "several", "forward")
]
