"""What has no order, no value of its own or more than one kind: sorting, hashes of tensors, ranges of complex numbers."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor


class Plain:
    def __init__(self, value: int):
        self.value = value


class Misfits(torch.nn.Module):
    @torch.jit.export
    def hashes(self, x: Tensor, y: Tensor) -> Tuple[bool, bool, bool, bool]:
        kept = {"x": x, "y": y}
        return hash(x) == hash(y), hash(x) == hash(kept["x"]), hash(kept["y"]) == hash(y), hash((x, 1)) == hash((x, 1))

    @torch.jit.export
    def unordered(self, n: int) -> int:
        few = [Plain(i) for i in range(n)]
        total = 0
        for plain in sorted(few):
            total += plain.value + 1
        return total

    @torch.jit.export
    def ranges(self, a: complex, b: float, n: int) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        return (
            torch.linspace(a, 3, n),
            torch.logspace(a, b, n),
            torch.logspace(0, b, n, dtype=torch.int64),
            torch.logspace(0, b, n, base=2.0),
        )

    @torch.jit.export
    def leaks(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        torch.manual_seed(5)
        first = torch.rrelu(x, 0.1, 0.4, True)
        return first, torch.rrelu(x.double(), training=True)

    @torch.jit.export
    def taken_apart(self, x: Tensor, y: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        return x.unflatten(1, [n, 2]), x.view_as(y)


X = torch.randn(3, 4, generator=torch.Generator().manual_seed(1))
JUST_IN_TIME = True
CASES: Dict[str, List[Tuple[object, ...]]] = {
    "hashes": [(X, X + 1), (X, X)],
    "unordered": [(0,)],
    "ranges": [(1j, 2.0, 5), (0.5 - 1j, 3.0, 1), (2 + 0j, 3.0, 0)],
    "leaks": [(X,), (X[:0],), (-X.abs(),)],
    "taken_apart": [(X, X.reshape(6, 2), 2), (X, X[:1], 2)],
}
