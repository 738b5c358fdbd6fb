"""Modules whose attributes change from call to call."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor


class States(torch.nn.Module):
    seen: List[int]
    names: Dict[str, int]

    def __init__(self):
        super().__init__()
        self.count = 0
        self.mean = 0.5
        self.seen = []
        self.names = {}
        self.last = "none"
        self.register_buffer("cache", torch.zeros(2, 3))
        self.register_buffer("total", torch.zeros(3))

    @torch.jit.export
    def step(self, n: int) -> Tuple[int, float]:
        self.count += n
        self.mean = self.mean * 0.9 + 0.1 * float(n)
        return self.count, self.mean

    @torch.jit.export
    def remember(self, name: str) -> Tuple[str, List[int], Dict[str, int]]:
        before = self.last
        self.last = name
        self.seen.append(len(name))
        self.names[name] = len(self.seen)
        return before, self.seen, self.names

    @torch.jit.export
    def push(self, x: Tensor) -> Tensor:
        self.cache = torch.cat([self.cache[1:], x.unsqueeze(0)], 0)
        return self.cache * 2.0

    @torch.jit.export
    def add(self, x: Tensor) -> Tensor:
        self.total += x
        return self.total + self.cache.sum(0)

    @torch.jit.export
    def fail(self, n: int) -> int:
        self.count = n
        if n > 10:
            raise ValueError("too large")
        return self.count


X = torch.arange(3.0)
SIGNATURE = ["push:x=3xf32", "add:x=3xf32"]
CASES = {
    "step": [(1,), (2,), (5,)],
    "remember": [("a",), ("bc",), ("a",)],
    "push": [(X,), (X + 1,), (X * 2,)],
    "add": [(X,), (X + 1,), (X,)],
    "fail": [(3,), (11,), (4,)],
}
