"""Tensors that get another shape in place, and copies in another memory format, which are written."""

from typing import Tuple

import torch
from torch import Tensor


class Reshaping(torch.nn.Module):
    @torch.jit.export
    def formats(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        y = x.to(memory_format=torch.channels_last)
        z = x.contiguous(memory_format=torch.channels_last)
        y.add_(1)
        z.mul_(2)
        w = x.contiguous().to(torch.float32)
        w[0] = -1
        return x, y, z, w

    @torch.jit.export
    def unsqueezed(self, x: Tensor, deep: bool) -> Tuple[Tensor, Tensor]:
        y = x * 2
        if deep:
            y.unsqueeze_(0)
            if y.size(1) > 1:
                y.unsqueeze_(-1)
        return y + 1, y.sum(0)

    @torch.jit.export
    def squeezed(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        y = x[:1] * 2
        z = y.squeeze_(0)
        z += 1
        return y, z

    @torch.jit.export
    def transposed(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        y = x[0, 0] + 1
        y.t_()
        y[0] = 5
        z = x * 3
        z.transpose_(0, 1).add_(y)
        return y, z.mul_(2)


X = torch.arange(24.0).reshape(2, 3, 2, 2)
METHODS = ("formats", "unsqueezed", "squeezed", "transposed")
SIGNATURE = [f"{method}:x=?x3x?x?xf32" for method in METHODS]
CALLS = [("formats", X), ("squeezed", X), ("transposed", X)]
CALLS += [("unsqueezed", X[:n], deep) for n in (1, 2) for deep in (True, False)]
