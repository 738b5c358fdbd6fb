"""Views that attributes, lists and dicts hold while the memory that they show is written."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor


class Views(torch.nn.Module):
    rows: List[Tensor]
    parts: Dict[str, Tensor]
    last: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.register_buffer("grid", torch.arange(12.0).reshape(3, 4))
        self.register_buffer("row", torch.zeros(4))
        self.rows = []
        self.parts = {}
        self.last = None

    @torch.jit.export
    def hold(self, i: int) -> Tensor:
        self.row = self.grid[i]
        self.grid.add_(1)
        return self.row

    @torch.jit.export
    def scale(self, by: float) -> Tuple[Tensor, Tensor]:
        self.row.mul_(by)
        return self.grid, self.row

    @torch.jit.export
    def fill(self, x: Tensor) -> Tensor:
        self.grid.copy_(x)
        return self.row + 1

    @torch.jit.export
    def collect(self, x: Tensor) -> List[Tensor]:
        y = x.clone()
        out: List[Tensor] = []
        for i in range(y.size(0)):
            y[i].add_(i)
            out.append(y[i])
            if i > 0:
                out[-1].add_(out[0])
        y[:, 0] = -1
        return out

    @torch.jit.export
    def append(self, x: Tensor) -> Tensor:
        self.rows.append(x[0])
        x.add_(1)
        total = torch.zeros_like(x[0])
        for row in self.rows:
            total += row
        return total

    @torch.jit.export
    def label(self, x: Tensor, key: str) -> Dict[str, Tensor]:
        y = x * 2
        self.parts[key] = y[:, ::2]
        self.parts["turned"] = y.t()
        self.parts[key].zero_()
        y[0] += 5
        return self.parts

    @torch.jit.export
    def reshape(self, x: Tensor) -> Tuple[List[Tensor], Tensor]:
        y = x.clone()
        views = [y.t().reshape(-1), y.t().contiguous(), y.flatten(), y.unsqueeze(0).transpose(1, 2)]
        y.add_(1)
        views[0].add_(5)
        views[2].add_(7)
        views[3].mul_(2)
        return views, y

    @torch.jit.export
    def expand(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        y = x[:, :1].clone()
        kept = {"e": y.expand(3, 4)}
        y.add_(1)
        return kept["e"] * 2, y

    @torch.jit.export
    def write_expanded(self, x: Tensor, n: int) -> Tensor:
        y = x[:, :1].clone()
        kept = [y.expand(3, 4) for _ in range(n)]
        y.add_(1)
        kept[n - 1].add_(1)
        return y

    @torch.jit.export
    def parts_of_complex(self, x: Tensor, n: int) -> Tensor:
        c = torch.view_as_complex(x.reshape(-1, 2).clone())
        kept = [torch.view_as_real(c) for _ in range(n)]
        kept[0].add_(1)
        c.mul_(2)
        return kept[n - 1]

    @torch.jit.export
    def choose(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        y = x.clone()
        chosen = y[n] if n > 0 else y[:, 1][:3]
        held = [chosen]
        if n > 1:
            held.append(y.narrow(1, -2, 2).view_as(y[:, :2])[0])
        y.mul_(3)
        held[-1].sub_(1)
        return y, held[0]

    @torch.jit.export
    def previous(self, x: Tensor) -> Tensor:
        y = x.clone()
        last = self.last
        if last is not None:
            y[-1].add_(last[: y.size(1)].sum())
            last.zero_()
        self.last = y[-1]
        y.add_(1)
        return y


def _x(n: int = 3) -> Tensor:
    return torch.arange(4.0 * n).reshape(n, 4)


JUST_IN_TIME = True
CALLS = [
    ("hold", 1),
    ("scale", 2.0),
    ("fill", _x() * 10),
    ("scale", -1.0),
    ("hold", -1),
    ("scale", 3.0),
    ("collect", _x()),
    ("collect", _x(5)),
    ("append", _x()),
    ("append", _x(2)),
    ("label", _x(), "a"),
    ("label", _x(), "b"),
    ("reshape", _x()),
    ("reshape", _x(1)),
    ("expand", _x()),
    ("write_expanded", _x(), 1),
    ("write_expanded", _x(), 2),
    ("parts_of_complex", _x(), 2),
    ("choose", _x(), 0),
    ("choose", _x(), 1),
    ("choose", _x(), 2),
    ("previous", _x()),
    ("previous", _x(2)),
    ("previous", _x()),
]
