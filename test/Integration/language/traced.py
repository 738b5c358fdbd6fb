"""Arithmetic with numbers that tracing has made constants without dims: which dtype it has."""

from typing import Tuple

import torch
from torch import Tensor


class Numbers(torch.nn.Module):
    def forward(self, x):
        half = torch.tensor(0.5, dtype=torch.float64)
        position = torch.arange(x.shape[1], device=x.device)[None, :, None]
        return (
            torch.sin(position * 0.1),
            (x + 0.5, x - 0.5, x / 3, x * half),
            (0.5 - x, 3 / x, half * x, half + x),
            (x.sum() * half, x.float() * half, x.to(torch.int8) + 3, torch.pow(x, half), x % half),
            ((half * 1.0) * x, half.sin() * x, half.expand(3) * x[0, :1, 0]),
        )


class Traced(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.numbers = torch.jit.trace(Numbers(), torch.ones(2, 5, 3, dtype=torch.long), check_trace=False)

    def forward(self, x: Tensor):
        return self.numbers(x)

    @torch.jit.export
    def floats(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        result = self.numbers(x)
        return result[0], result[1][3]


SIGNATURE = ["forward:x=?x?x?xi64", "floats:x=?x?x?xf16"]
CALLS = [("forward", torch.arange(1, 13).reshape(2, 2, 3)), ("floats", torch.ones(1, 2, 3, dtype=torch.float16))]
