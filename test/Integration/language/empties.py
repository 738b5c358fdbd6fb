"""Tensors without elements, which only the call tells: extrema of nothing raise, other reductions have a value."""

from typing import Tuple

import torch
from torch import Tensor


class Empties(torch.nn.Module):
    @torch.jit.export
    def above(self, x: Tensor, limit: float, what: str) -> Tensor:
        x = x[x > limit]
        if what == "max":
            return x.max()
        elif what == "min":
            return x.min()
        elif what == "amax":
            return torch.amax(x, [0])
        elif what == "argmax":
            return x.argmax()
        elif what == "sum":
            return x.sum()
        elif what == "mean":
            return x.mean()
        elif what == "median":
            return x.median()
        elif what == "quantile":
            return torch.quantile(x, 0.5)
        elif what == "prod":
            return x.prod()
        return x.std()

    @torch.jit.export
    def rows(self, x: Tensor, what: str) -> Tensor:
        if what == "amax":
            return torch.amax(x, 1)
        elif what == "amin":
            return torch.amin(x, [0, 1])
        elif what == "argmin":
            return torch.argmin(x, -1)
        elif what == "argmax":
            return torch.argmax(x, 0)
        return torch.logsumexp(x, 1)

    @torch.jit.export
    def indexed(self, x: Tensor, dim: int) -> Tuple[Tensor, Tensor]:
        return torch.max(x, dim)

    @torch.jit.export
    def whole(self, x: Tensor, what: str) -> Tensor:
        if what == "amax":
            return torch.amax(x)
        elif what == "aminmax":
            low, high = torch.aminmax(x)
            return high - low
        return torch.nn.functional.one_hot(x.long())


X, N, M, K = torch.arange(6.0), torch.ones(2, 0), torch.ones(0, 2), torch.ones(2, 3)
CASES = {
    "above": [
        (X, limit, what)
        for what in "max min amax argmax sum mean median quantile prod std".split()
        for limit in (2.5, 9.0)
    ],
    "rows": [(x, what) for what in "amax amin argmin argmax logsumexp".split() for x in (K, N, M)],
    "indexed": [(x, dim) for dim in (0, 1, -1) for x in (K, N, M)],
    "whole": [(x, what) for what in "amax aminmax one_hot".split() for x in (X, X[:0])],
}
JUST_IN_TIME = True
TOLERANCE = {"equal_nan": True}
