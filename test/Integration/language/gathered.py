"""Lists whose tensors are of one of several ranks or dtypes, as the arguments of a call decide, put together ahead of
time."""

from typing import List

import torch
from torch import Tensor, nn


class Gathered(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("state", torch.zeros(1, 3))

    def forward(self, x: Tensor) -> Tensor:
        state = self.state
        steps: List[Tensor] = []
        for t in range(x.size(0)):
            state = torch.tanh(state + x[t : t + 1])
            steps.append(state.squeeze(0))
        return torch.stack(steps) * 2

    @torch.jit.export
    def reset(self, n: int) -> None:
        self.state = torch.zeros(n, 3)

    @torch.jit.export
    def ranks(self, x: Tensor, k: int) -> Tensor:
        rows: List[Tensor] = []
        for i in range(k):
            rows.append(x[i] if k > 2 else x[i, 0])
        return torch.stack(rows, -1)

    @torch.jit.export
    def kinds(self, x: Tensor, k: int) -> Tensor:
        rows: List[Tensor] = []
        for i in range(k):
            rows.append(x[i].argmax() if k > 2 else x[i].max())
        return torch.stack(rows) + 1

    @torch.jit.export
    def begun_with_nothing(self, x: Tensor, k: int) -> Tensor:
        rows: List[Tensor] = []
        if k > 3:
            rows.append(torch.zeros(0))
        for i in range(k):
            rows.append(x[i : i + 1])
            if k == 5:
                rows.append(torch.zeros(0))
        return torch.cat(rows)

    @torch.jit.export
    def unlike(self, x: Tensor, k: int) -> Tensor:
        rows: List[Tensor] = [torch.zeros(0)]
        for i in range(k):
            rows.append(x[i])
            if k > 1:
                rows.append(x[i : i + 1])
        return torch.cat(rows, -1)

    @torch.jit.export
    def numbers(self, x: Tensor, k: int) -> Tensor:
        rows: List[Tensor] = [x.sum()]
        for i in range(k):
            rows.append(x[i])
        together = torch.cat(rows, 0)
        return together.sum() if together.dim() == 1 else together

    @torch.jit.export
    def some(self, x: Tensor, k: int, more: bool = False) -> List[Tensor]:
        kept = [x[:k, :3]]
        if more and x.size(1) > 3:
            kept.append(x[:, 3:])
        kept.append(torch.arange(k))
        kept.append(kept[0] * 2)
        return kept


X = torch.linspace(-2, 3, 18).reshape(6, 3)
SIGNATURE = [
    f"{method}:x=?x3xf32" for method in ("forward", "ranks", "kinds", "begun_with_nothing", "unlike", "numbers", "some")
]
CALLS = [
    ("forward", X),
    ("reset", 2),
    ("forward", X),
    ("forward", X[:0]),
    ("reset", 1),
    ("forward", X),
    *(
        (method, X, k)
        for method in ("ranks", "kinds", "begun_with_nothing", "unlike", "numbers")
        for k in (0, 1, 2, 4, 5)
    ),
    ("some", X, 2, True),
]
