"""An LRU cache of feature maps by key with a byte budget; entries are tensors of different shapes."""

from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor


class LRU(nn.Module):
    order: List[str]
    items: Dict[str, Tensor]

    def __init__(self, budget: int):
        super().__init__()
        self.budget = budget
        self.used = 0
        self.order: List[str] = []
        self.items: Dict[str, Tensor] = {}
        self.hits = 0
        self.misses = 0

    def touch(self, key: str):
        self.order.remove(key)
        self.order.append(key)

    @torch.jit.export
    def get(self, key: str) -> Optional[Tensor]:
        if key in self.items:
            self.hits += 1
            self.touch(key)
            return self.items[key]
        self.misses += 1
        return None

    @torch.jit.export
    def put(self, key: str, value: Tensor) -> List[str]:
        size = value.numel() * value.element_size()
        if size > self.budget:
            raise ValueError(f"{key} needs {size} bytes, the budget is {self.budget}")
        evicted: List[str] = []
        if key in self.items:
            old = self.items.pop(key)
            self.used -= old.numel() * old.element_size()
            self.order.remove(key)
        while self.used + size > self.budget:
            victim = self.order.pop(0)
            old = self.items.pop(victim)
            self.used -= old.numel() * old.element_size()
            evicted.append(victim)
        self.items[key] = value
        self.order.append(key)
        self.used += size
        return evicted


class Budget(nn.Module):
    def __init__(self):
        super().__init__()
        self.cache = LRU(160)
        self.conv = nn.Conv1d(2, 3, 2)

    def forward(self, key: str, x: Tensor) -> Tuple[Tensor, bool]:
        found = self.cache.get(key)
        if found is not None:
            return found, True
        y = self.conv(x.unsqueeze(0)).squeeze(0).relu()
        self.cache.put(key, y)
        return y, False

    @torch.jit.export
    def store(self, key: str, x: Tensor) -> List[str]:
        return self.cache.put(key, x)

    @torch.jit.export
    def pooled(self) -> Dict[str, float]:
        return {k: float(v.float().mean()) for k, v in self.cache.items.items()}

    @torch.jit.export
    def stats(self) -> Tuple[int, int, int, List[str]]:
        c = self.cache
        return c.hits, c.misses, c.used, c.order


def _calls():
    g = torch.Generator().manual_seed(4)
    x = torch.randn(2, 5, generator=g)
    return [
        ("stats",),
        ("forward", "a", x),
        ("forward", "a", x),
        ("forward", "b", torch.randn(2, 9, generator=g)),
        ("stats",),
        ("forward", "a", x),
        ("store", "c", torch.arange(6)),
        ("pooled",),
        ("store", "d", torch.randn(100, generator=g)),
        ("forward", "c", torch.randn(2, 4, generator=g)),
        ("stats",),
        ("pooled",),
    ]


TOLERANCE = dict(atol=1e-5, rtol=1e-5)
JUST_IN_TIME = True
CALLS = _calls()
