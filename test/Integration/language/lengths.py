"""Lists of ints that attributes, dicts, tuples and optional values hold, as shapes and dims: their lengths decide ranks."""

from typing import List, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Lengths(torch.nn.Module):
    shape: List[int]
    log: List[List[int]]
    asked: Optional[List[int]]

    def __init__(self):
        super().__init__()
        self.shape = []  # until reset
        self.axes = [0, 1]
        self.log = []
        self.asked = None
        self.sizes = {"small": [2, 3], "large": [4, 1]}
        self.pair = ([1, 2], [3, 4])

    @torch.jit.export
    def reset(self, a: int, b: int):
        self.shape = [a, b]

    @torch.jit.export
    def grow(self, a: int):
        self.shape[0] += a
        self.sizes["small"][1] = a
        self.sizes["new"] = [a, 1]
        self.asked = [a, 2]

    @torch.jit.export
    def make(self) -> Tuple[Tensor, Tensor]:
        return torch.ones(self.shape), torch.zeros([2] + self.shape[1:] + [1])

    @torch.jit.export
    def choose(self, x: Tensor, flag: bool) -> Tuple[Tensor, Tensor]:
        sizes = x.shape if flag else [x.size(0) * x.size(1), 1]
        asked = self.asked
        return x.reshape(sizes), torch.zeros(asked) if asked is not None else x

    @torch.jit.export
    def loop(self, x: Tensor, n: int) -> Tensor:
        sizes = list(x.shape)
        for i in range(n):
            sizes = [sizes[1], sizes[0]]
            x = x.reshape(sizes) + i
        return x.view(sizes)

    @torch.jit.export
    def note(self, x: Tensor) -> Tensor:
        self.log.append(list(x.shape))
        y = torch.zeros([0, 0])
        for sizes in self.log:
            y = torch.ones(sizes)
        return y

    @torch.jit.export
    def move(self, x: Tensor, swap: bool) -> Tuple[Tensor, Tensor, Tensor]:
        if swap:
            self.axes = [self.axes[1], self.axes[0]]
        return x.permute(self.axes), x.sum(self.axes), torch.flip(x, self.axes[:1])

    @torch.jit.export
    def keyed(self, key: str) -> Tensor:
        return torch.zeros(self.sizes[key])

    @torch.jit.export
    def resized(self, x: Tensor, size: List[int]) -> Tensor:
        if len(size) != 2:
            raise ValueError(f"size must have two entries, got {size}")
        return F.interpolate(x[None, None], size=size, mode="bilinear", align_corners=False)

    @torch.jit.export
    def asserted(self, x: Tensor, size: List[int]) -> Tensor:
        assert len(size) == 3
        return torch.zeros(size) + x.sum()

    @torch.jit.export
    def cases(self, size: List[int]) -> int:
        if len(size) == 1:
            return torch.ones(size).dim()
        elif len(size) == 2:
            return torch.ones(size).t().size(0)
        return -1

    @torch.jit.export
    def product(self, k: int) -> Tensor:
        self.pair = ([k, 2], [2, k])
        a, b = self.pair
        return torch.ones(a) @ torch.ones(b)


X = torch.arange(6.0).view(2, 3)
CALLS = [
    ("reset", 3, 2),
    ("make",),
    ("choose", X, True),
    ("choose", X, False),
    ("grow", 2),
    ("make",),
    ("choose", X, True),
    ("loop", X, 3),
    ("note", X),
    ("note", torch.ones(4, 3)),
    ("move", X, True),
    ("move", X, False),
    ("keyed", "small"),
    ("keyed", "new"),
    ("product", 4),
    ("resized", X, [4, 4]),
    ("resized", X, [4]),
    ("asserted", X, [1, 2, 3]),
    ("asserted", X, [1, 2]),
    ("cases", [3]),
    ("cases", [3, 4]),
    ("cases", [3, 4, 5]),
]
SIGNATURE = [f"{method}:x=?x?xf32" for method in ("choose", "loop", "note", "move", "resized", "asserted")]
