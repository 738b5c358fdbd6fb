"""Lists whose tensors are of one of several ranks or dtypes, as the arguments of a call decide, put together ahead of
time."""

from typing import Dict, List, Optional, Tuple

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

    def weights_of(self, x: Tensor, weights: Optional[Tensor]) -> Tuple[List[Tensor], Optional[List[Tensor]]]:
        values: List[Tensor] = []
        scales: List[Tensor] = []
        for k in range(3):
            values.append(x * k)
            if weights is not None and k == 1:
                scales.append(weights)
            else:
                scales.append(torch.ones(x.size(0)))
        return values, scales if weights is not None else None

    @torch.jit.export
    def weighted(self, x: Tensor, weights: Optional[Tensor] = None) -> Tensor:
        values, scales = self.weights_of(x, weights)
        rows: List[Tensor] = []
        for k in range(3):
            if scales is not None and k == 1:
                rows.append(values[k] * scales[k].unsqueeze(1))
            else:
                rows.append(values[k])
        return torch.stack([x] + rows, 1)

    @torch.jit.export
    def voted(self, x: Tensor, without: List[str]) -> Dict[str, Tensor]:
        members: Dict[str, Tensor] = {}
        if "a" not in without:
            members["a"] = x
        if len(without) == 0:
            votes = torch.stack([m.argmax(1) for m in members.values()]).float().sum(0)
        elif len(without) == 1:
            votes = torch.stack(list(members.values())).sum(0).sum(1)
        else:
            raise ValueError("too few")
        result = {"votes": votes}
        for name, member in members.items():
            result["vote/" + name] = member.argmax(1)
        return result

    def chunk(self, x: Tensor, cache: Tensor) -> Tuple[Tensor, Tensor]:
        caches: List[Tensor] = []
        for i in range(2):
            own = cache[i : i + 1] if cache.size(0) > 0 else cache
            keys = x.unsqueeze(0)
            values = keys * (i + 2)
            if own.size(0) > 0:
                old_keys, old_values = torch.split(own, own.size(-1) // 2, -1)
                keys = torch.cat([old_keys, keys], 1)
                values = torch.cat([old_values, values], 1)
            caches.append(torch.cat([keys, values], -1))
            x = x + values.sum(1)
        return x, torch.cat(caches, 0)

    @torch.jit.export
    def stream(self, x: Tensor, n: int) -> Tensor:
        cache = torch.zeros(0, 0, 0)
        rows: List[Tensor] = []
        for i in range(0, x.size(0), n):
            y, cache = self.chunk(x[i : i + n], cache)
            rows.append(y)
        return torch.cat(rows)


X = torch.linspace(-2, 3, 18).reshape(6, 3)
_LISTS = ("ranks", "kinds", "begun_with_nothing", "unlike", "numbers")
_TENSORS = ("forward", *_LISTS, "some", "weighted", "voted", "stream")
SIGNATURE = [f"{method}:x=?x3xf32" for method in _TENSORS] + ["weighted:weights=?xf32?"]
CALLS = [
    ("forward", X),
    ("reset", 2),
    ("forward", X),
    ("forward", X[:0]),
    ("reset", 1),
    ("forward", X),
    *((method, X, k) for method in _LISTS for k in (0, 1, 2, 4, 5)),
    ("some", X, 2, True),
    ("weighted", X),
    ("weighted", X, X[:, 0]),
    ("voted", X, []),
    ("voted", X, ["b"]),
    ("voted", X, ["a"]),
    ("voted", X, ["a", "b"]),
    ("stream", X, 2),
    ("stream", X, 4),
    ("stream", X, 7),
]
