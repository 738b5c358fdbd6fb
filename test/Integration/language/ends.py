"""Parts at the ends of tensors of any length, which may be shorter than what is asked for, or empty."""

from typing import Tuple

import torch
from torch import Tensor


class Ends(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("past", torch.zeros(0, 4))

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        return x[-1:], x[-3:], x[:-1], x[-3:-1], x[1:], x[-2:2], x[:1] * 2, x[1:-1] * 2

    @torch.jit.export
    def sums(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        return x[-1:].sum(0), x[-3:].sum(0), x[:-1].sum(0), x[1:-1].mean(0), x[:1].sum(0), x[2:4].sum(0)

    @torch.jit.export
    def differences(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        return x[1:] - x[:-1], torch.diff(x, dim=0), x - x[:1]

    @torch.jit.export
    def last(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return x[-1:].squeeze(0), torch.cat([x[-1:], x[:1]]).unsqueeze(1)

    @torch.jit.export
    def written(self, x: Tensor) -> Tensor:
        y = x.clone()
        y[-1:] = 5
        y[:1] += 1
        y[1:, :2] = x[:-1, 2:]
        return y

    @torch.jit.export
    def streamed(self, x: Tensor) -> Tensor:
        self.past = torch.cat([self.past, x])[-3:]
        return self.past[:1].sum(0) + self.past[-1:].sum(0)


SIGNATURE = [f"{method}:x=?x4xf32" for method in "forward sums differences last written streamed".split()]
JUST_IN_TIME = True
TOLERANCE = {"equal_nan": True}
CALLS = [
    (method, torch.arange(4.0 * n).view(n, 4))
    for n in (5, 0, 1, 3, 2, 0)
    for method in ("forward", "sums", "differences", "last", "written", "streamed")
]
