"""Writes through views that show elements of a tensor several times: expanded dims and windows that overlap."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor


class Repeated(torch.nn.Module):
    windows: Dict[str, Tensor]

    def __init__(self):
        super().__init__()
        self.windows = {}

    def forward(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor, Tensor]:
        row = x[0].clone()
        grid = row.expand(n, row.size(0))
        grid[0, 1] = 7.0
        grid[n - 1, 0] += 2.0
        grid[1:2] = x[1:2] * 2
        grid[1].mul_(0.5)
        return row, grid, grid.sum(0)

    @torch.jit.export
    def filled(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        column = x[:, :1].clone()
        wide = column.expand(-1, 5)
        wide.transpose(0, 1)[2].fill_(3.0)
        wide[0].fill_(-1.0)
        return column, wide

    @torch.jit.export
    def masked(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        row = x[0].clone()
        grid = row.unsqueeze(0).expand(x.size(0), -1)
        grid.masked_fill_(x > 1, float("nan"))
        grid.masked_fill_(x < -1, 0.0)
        return row, grid

    @torch.jit.export
    def placed(self, x: Tensor, at: Tensor) -> Tuple[Tensor, Tensor]:
        row = x[0].clone()
        grid = row.expand_as(x)
        grid[:, at] = 4.0
        grid.index_fill_(1, at + 1, 5.0)
        return row, grid

    @torch.jit.export
    def refused(self, x: Tensor, n: int) -> Tensor:
        row = x[0].clone()
        row.expand(n, row.size(0)).add_(1.0)
        return row

    @torch.jit.export
    def refused_row(self, x: Tensor) -> Tensor:
        column = x[:, :1].clone()
        column.expand(-1, 3)[0] = 1.0
        return column

    @torch.jit.export
    def overlapping(self, x: Tensor, size: int, step: int) -> Tuple[Tensor, Tensor, Tensor]:
        signal = x.flatten().clone()
        frames = signal.unfold(0, size, step)
        frames[1] = 5.0
        frames[2].add_(1.0)
        signal[0] = 9.0
        before = frames.clone()
        frames.fill_(0.5)
        return signal, before, frames

    @torch.jit.export
    def patches(self, x: Tensor, size: int) -> Tuple[Tensor, Tensor]:
        y = x.clone()
        p = y.unfold(0, size, 1).unfold(1, size, 1)
        p[0, 1] *= 3.0
        return y, p.sum([2, 3])

    @torch.jit.export
    def held(self, x: Tensor) -> Tuple[Tensor, List[Tensor]]:
        signal = x[0].clone()
        self.windows["now"] = signal.unfold(0, 2, 1)
        parts = [signal.unfold(0, 3, 1), self.windows["now"]]
        parts[0][0, 1] = 8.0
        self.windows["now"][1] = 2.0
        signal.mul_(2.0)
        return signal, parts

    @torch.jit.export
    def keep(self, x: Tensor) -> None:
        self.windows["grid"] = x[0].clone().expand(3, -1)
        self.windows["frames"] = (x[1] + 1).unfold(0, 2, 1)

    @torch.jit.export
    def write_kept(self, name: str, i: int, value: float) -> Tensor:
        kept = self.windows[name]
        kept[i, 1] = value
        kept[i].add_(0.5)
        return kept

    @torch.jit.export
    def fill_kept(self, name: str, value: float) -> Tensor:
        self.windows[name].fill_(value)
        return self.windows[name]

    @torch.jit.export
    def add_kept(self, name: str) -> Tensor:
        self.windows[name].add_(1.0)
        return self.windows[name]

    @torch.jit.export
    def returned(self, x: Tensor) -> List[Tensor]:
        return [x, x.unfold(1, 2, 1), x[:1].expand(3, -1)]


X = torch.sin(torch.arange(12.0)).reshape(3, 4) * 2
CALLS = [
    ("forward", X, 3),
    ("forward", X, 2),
    ("forward", X, 1),
    ("filled", X),
    ("masked", X),
    ("placed", X, torch.tensor([0, 2])),
    ("placed", X, torch.tensor([], dtype=torch.long)),
    ("refused", X, 2),
    ("refused", X, 1),
    ("refused_row", X),
    ("overlapping", X, 3, 2),
    ("overlapping", X, 4, 1),
    ("overlapping", X, 2, 3),
    ("patches", X, 2),
    ("held", X),
    ("keep", X),
    ("write_kept", "grid", 1, 8.0),
    ("write_kept", "frames", 1, 8.0),
    ("add_kept", "grid"),
    ("fill_kept", "grid", 2.0),
    ("fill_kept", "frames", 2.0),
    ("returned", X),
]
SIGNATURE = [
    "forward:x=3xNxf32",
    "filled:x=MxNxf32",
    "masked:x=MxNxf32",
    "placed:x=MxNxf32",
    "placed:at=Kxi64",
    "refused:x=3xNxf32",
    "refused_row:x=MxNxf32",
    "overlapping:x=MxNxf32",
    "patches:x=MxNxf32",
    "held:x=3xNxf32",
    "keep:x=3xNxf32",
    "returned:x=MxNxf32",
]
