"""Forces, virials and attention traces: kernels with results of several shapes, weights beside lists that are state."""

from typing import List, Tuple

import torch
from torch import Tensor, nn


class Molecules(nn.Module):
    bonds: List[Tuple[int, int, float, float]]
    trace: List[Tensor]

    def __init__(self):
        super().__init__()
        self.register_buffer("box", torch.full((3,), 6.0, dtype=torch.float64))
        self.bonds = []
        self.trace = []
        self.encoder = nn.GRU(3, 4, batch_first=True, bidirectional=True)

    @torch.jit.export
    def bond(self, i: int, j: int, k: float = 100.0, length: float = 1.0) -> int:
        if i == j:
            raise ValueError(f"atom {i} cannot be bonded to itself")
        self.bonds.append((i, j, k, length))
        return len(self.bonds)

    @torch.jit.export
    def forces(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        total = torch.zeros_like(x)
        virial = torch.zeros(3, 3, dtype=x.dtype)
        for i, j, k, length in self.bonds:
            d = x[i] - x[j]
            d = d - self.box * torch.round(d / self.box)
            r = d.norm()
            f = -k * (r - length) * d / r
            total[i] += f
            total[j] -= f
            virial += torch.outer(d, f)
        return total, virial

    def forward(self, x: Tensor) -> Tensor:
        hidden, last = self.encoder(x)
        self.trace.append(last[0])
        return hidden

    @torch.jit.export
    def traced(self) -> Tensor:
        return torch.stack(self.trace)


_X = torch.tensor([[0.1, 0.2, 0.3], [1.1, 5.9, 0.1], [2.5, 2.0, 3.0]], dtype=torch.float64)
SIGNATURE = ["forces:x=?x3xf64", "forward:x=2x?x3xf32"]
CALLS = [
    ("traced",),
    ("forces", _X),
    ("bond", 0, 1, 50.0, 1.3),
    ("bond", 2, 2),
    ("forces", _X),
    ("bond", 1, 2),
    ("forces", _X),
    ("forward", torch.arange(12.0).reshape(2, 2, 3) / 7),
    ("forward", torch.arange(18.0).reshape(2, 3, 3) / 9),
    ("traced",),
]
