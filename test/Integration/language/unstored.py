"""Methods that are called before anything is stored in what they read, just in time, and after."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn


class Mark:
    def __init__(self, ident: int, place: Tensor):
        self.ident = ident
        self.speed = torch.zeros_like(place)


class Unstored(nn.Module):
    cache: Dict[str, Tensor]
    states: List[Tuple[Tensor, Tensor]]
    marks: List[Mark]

    def __init__(self):
        super().__init__()
        self.cache = {}
        self.states = []
        self.marks = []

    @torch.jit.export
    def cached(self, name: str) -> Tensor:
        return self.cache[name]

    @torch.jit.export
    def state_at(self, t: int) -> Tuple[Tensor, Tensor]:
        return self.states[t]

    @torch.jit.export
    def fastest(self) -> Optional[Tuple[int, float]]:
        best: Optional[Tuple[int, float]] = None
        for mark in self.marks:
            speed = float(mark.speed[:2].norm())
            if best is None or speed > best[1]:
                best = (mark.ident, speed)
        return best

    def forward(self, x: Tensor) -> Tensor:
        self.cache["x"] = x
        self.states.append((x, x))
        self.marks.append(Mark(1, x))
        return x


JUST_IN_TIME = True
_READS = [("cached", "x"), ("state_at", 0), ("fastest",)]
CALLS = [*_READS, ("forward", torch.arange(4.0)), *_READS]
