"""Lists of callers that code changes by way of others, empty ones among them, and attributes with numbers for names."""

from typing import List, Tuple

import torch
from torch import Tensor


class Adopted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scales = torch.nn.ParameterList([torch.nn.Parameter(torch.ones(2) * i) for i in (1, 2)])

    def forward(self, xs: List[int], ys: List[int]) -> Tuple[List[List[int]], bool, int]:
        nest = [xs] * 2
        nest[0].append(-1)
        return nest, xs == ys, len(xs)

    @torch.jit.export
    def keyed(self, xs: List[int]) -> Tuple[int, int]:
        held = {"a": xs}
        before = len(xs)
        held["a"].append(before)
        return before, len(xs)

    @torch.jit.export
    def grow(self, by: float) -> Tensor:
        with torch.no_grad():
            for scale in self.scales:
                scale.add_(by)
        return self.scales[0] * 1

    @torch.jit.export
    def scaled(self, x: Tensor) -> Tensor:
        return x * self.scales[0] + self.scales[1]


JUST_IN_TIME = True
CALLS = [("forward", [], []), ("forward", [1], [1]), ("forward", [1], [1, -1]), ("keyed", []), ("keyed", [4])]
CALLS += [("grow", 1.0), ("scaled", torch.ones(2)), ("grow", 0.5), ("scaled", torch.ones(3, 2))]
