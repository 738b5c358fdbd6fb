"""Tensors without elements, which only the call tells: extrema of nothing raise, other reductions have a value, parts of
nothing are nothing."""

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

    @torch.jit.export
    def parts(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        written = x.clone()
        written[n:] = 3
        written[:, n:] += 2
        written[:n, 1:] = x[:n, 1:]
        return x[:n], x[n:] * 2, x[-1:], x[n::2].sum(0), written

    @torch.jit.export
    def row(self, x: Tensor, n: int) -> Tensor:
        return x[n] + 1


X, N, M, K = torch.arange(6.0), torch.ones(2, 0), torch.ones(0, 2), torch.ones(2, 3)
CASES = {
    "above": [
        (X, limit, what)
        for what in "max min amax argmax sum mean median quantile prod std".split()
        for limit in (2.5, 9.0)
    ],
    "rows": [(x, what) for what in "amax amin argmin argmax logsumexp".split() for x in (K, N, M)],
    "indexed": [(x, dim) for dim in (0, 1, -1) for x in (K, N, M)],
    "parts": [(x, n) for x in (M, N, K) for n in (0, 1, 2)],
    "row": [(x, n) for x in (M, N, K) for n in (0, 2)],
    "whole": [(x, what) for what in "amax aminmax one_hot".split() for x in (X, X[:0])],
}
JUST_IN_TIME = True
TOLERANCE = {"equal_nan": True}
