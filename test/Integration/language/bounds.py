"""Numbers that only run time knows, in and out of the range of what they address."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor


class Bounds(torch.nn.Module):
    @torch.jit.export
    def parts(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor, Tensor]:
        return x[n], x[:, n], x.narrow(1, n, 2)

    @torch.jit.export
    def shapes(self, x: Tensor, n: int, m: int) -> Tuple[Tensor, Tensor, Tensor]:
        return x.view(n, m), x.reshape(-1, n), x.reshape(n, 2, m)

    @torch.jit.export
    def cuts(self, x: Tensor, n: int) -> List[Tensor]:
        return x.split([n, 2]) + x.chunk(n) + x.split(n)

    @torch.jit.export
    def steps(self, x: Tensor, past: int) -> Tensor:
        total = torch.zeros(x.size(1))
        for i in range(x.size(0) + past):
            total = total * 0.5 + x[i]
        return total

    @torch.jit.export
    def indices(self, x: Tensor, i: Tensor) -> Tensor:
        y = x.clone()
        y[i] = 1.0
        return y + x[i].sum() + x.gather(0, i[:, None])


X = torch.arange(12.0).reshape(4, 3)
JUST_IN_TIME = True
CASES: Dict[str, List[Tuple[object, ...]]] = {
    "parts": [(X, n) for n in (0, 1, 2, -1, -3, 3, 4, -4, -5, 2**40, -(2**40))],
    "shapes": [(X, n, m) for n, m in ((3, 4), (12, 1), (-1, 6), (6, -1), (5, 2), (3, 5), (0, -1), (0, 3), (3, 2))],
    "cuts": [(X, n) for n in (2, 1, 3, 0, -1)],
    "steps": [(X, 0), (X, -1), (X, 1), (X[:0], 0), (X[:0], 1)],
    "indices": [(X, torch.tensor([i])) for i in (0, 3, -1, 4, -5, 2**40)],
}
