"""Numbers of which only run time knows the kind, and optional values that must be there."""

from typing import Optional, Tuple, Union

import torch
from torch import Tensor


class Unions(torch.nn.Module):
    def forward(self, x: Union[int, float], k: int) -> float:
        return float(x * k + 1)

    @torch.jit.export
    def times(self, x: Union[int, float, str], k: int) -> Union[int, str]:
        if isinstance(x, (int, float)):
            return int(x * k)
        return x + str(k)

    @torch.jit.export
    def compare(self, x: Union[int, float], y: Union[int, float]) -> Tuple[bool, float, float, bool]:
        return x < y, float(x / y), float(x - y), x == y

    @torch.jit.export
    def scaled(self, t: Tensor, x: Union[int, float]) -> Tensor:
        return t * x + x

    @torch.jit.export
    def unwrapped(self, x: Optional[float]) -> float:
        return torch.jit._unwrap_optional(x) * 2

    @torch.jit.export
    def row(self, x: Tensor, i: int) -> int:
        return x[i].numel()

    @torch.jit.export
    def rows(self, x: Tensor, i: Tensor) -> Tensor:
        return x[i, 1:]


X = torch.ones(2, 2)
SIGNATURE = ["scaled:t=?xf32", "row:x=?x?xf32", "rows:x=?x?xf32", "rows:i=?xi64"]
CALLS = [("forward", 2, 3), ("forward", 2.5, 3), ("times", 2, 3), ("times", 2.5, 3), ("times", "x", 3)]
CALLS += [("compare", 1, 2), ("compare", 1.5, 1), ("compare", 2, 2.0), ("scaled", X[0], 2), ("scaled", X[0], 2.5)]
CALLS += [("unwrapped", 1.5), ("unwrapped", None), ("row", X, 1), ("row", X, 2), ("row", X, -3)]
CALLS += [("rows", X, torch.tensor([0, -1])), ("rows", X[:0], torch.tensor([0])), ("rows", X, torch.tensor([2]))]
