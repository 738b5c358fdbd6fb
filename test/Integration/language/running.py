"""Running statistics: Welford mean and variance by name, exponential averages, histograms and quantiles of a window."""

from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor


class Moments(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        self.register_buffer("count", torch.zeros((), dtype=torch.long))
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("m2", torch.zeros(dim))

    def forward(self, x: Tensor) -> Tensor:
        for row in x:
            self.count += 1
            delta = row - self.mean
            self.mean += delta / self.count
            self.m2 += delta * (row - self.mean)
        return self.std()

    @torch.jit.export
    def std(self) -> Tensor:
        n = int(self.count)
        if n < 2:
            return torch.full_like(self.mean, float("nan"))
        return (self.m2 / (n - 1)).sqrt()


class Running(nn.Module):
    window: List[Tensor]
    averages: Dict[str, float]
    low: Optional[Tensor]
    high: Optional[Tensor]

    def __init__(self, dim: int = 3, size: int = 4):
        super().__init__()
        self.running = Moments(dim)
        self.size = size
        self.window = []
        self.averages: Dict[str, float] = {}
        self.edges = [-2.0, -0.5, 0.0, 0.5, 2.0]
        self.bins = torch.zeros(6, dtype=torch.int64)
        self.low: Optional[Tensor] = None
        self.high: Optional[Tensor] = None

    def forward(self, x: Tensor) -> Tensor:
        std = self.running(x)
        z = (x - self.running.mean) / torch.where(std > 0, std, torch.ones_like(std))
        self.window.append(x)
        if len(self.window) > self.size:
            self.window = self.window[1:]
        bucket = torch.bucketize(z.flatten().nan_to_num(), torch.tensor(self.edges))
        self.bins.index_add_(0, bucket, torch.ones_like(bucket))
        low, high = self.low, self.high
        if low is None or high is None:
            self.low, self.high = x.amin(0), x.amax(0)
        else:
            self.low = torch.minimum(low, x.amin(0))
            self.high = torch.maximum(high, x.amax(0))
        return z

    @torch.jit.export
    def track(self, values: Dict[str, float], momentum: float = 0.9) -> Dict[str, float]:
        for name, value in values.items():
            if name in self.averages:
                self.averages[name] = momentum * self.averages[name] + (1 - momentum) * value
            else:
                self.averages[name] = value
        return self.averages

    @torch.jit.export
    def quantiles(self, q: List[float]) -> Tensor:
        if len(self.window) == 0:
            return torch.empty(len(q), 0)
        return torch.quantile(torch.cat(self.window), torch.tensor(q), dim=0)

    @torch.jit.export
    def spread(self) -> Optional[Tensor]:
        low, high = self.low, self.high
        if low is not None and high is not None:
            return torch.stack([low, high])
        return None

    @torch.jit.export
    def histogram(self) -> List[Tuple[str, int]]:
        out: List[Tuple[str, int]] = []
        counts: List[int] = self.bins.tolist()
        for i, n in enumerate(counts):
            left = "-inf" if i == 0 else str(self.edges[i - 1])
            right = "inf" if i == len(self.edges) else str(self.edges[i])
            out.append((left + ".." + right, n))
        return out


def _calls():
    g = torch.Generator().manual_seed(6)
    return [
        ("quantiles", [0.5]),
        ("spread",),
        ("forward", torch.randn(1, 3, generator=g)),
        ("forward", torch.randn(4, 3, generator=g)),
        ("track", {"loss": 1.0}),
        ("track", {"loss": 0.5, "acc": 0.25}, 0.5),
        ("quantiles", [0.1, 0.9]),
        ("spread",),
        ("forward", torch.randn(7, 3, generator=g)),
        ("forward", torch.randn(2, 3, generator=g)),
        ("forward", torch.randn(2, 3, generator=g)),
        ("histogram",),
        ("quantiles", [0.5]),
    ]


TOLERANCE = dict(atol=1e-5, rtol=1e-5)
JUST_IN_TIME = True
CALLS = _calls()
