"""Lists and dicts that callers give, which are empty at first, and to which the program adds tensors of other types."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor


class Given(torch.nn.Module):
    @torch.jit.export
    def cache(self, x: Tensor, cache: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]:
        if "k" in cache:
            x = torch.cat([cache["k"], x])
        cache["k"] = x
        return x * 2, cache

    @torch.jit.export
    def collect(self, x: Tensor, seen: List[Tensor]) -> Tuple[Tensor, List[Tensor]]:
        for other in seen:
            if other.is_floating_point():
                x = x + other
        seen.append(x)
        return torch.stack([seen[-1], x]), seen

    @torch.jit.export
    def nested(self, x: Tensor, caches: List[Dict[str, Tensor]]) -> Tuple[Tensor, List[Dict[str, Tensor]]]:
        for cache in caches:
            if "a" in cache:
                x = x + cache["a"]
            cache["a"] = x
        return x, caches

    @torch.jit.export
    def queues(self, x: Tensor, queues: Dict[str, List[Tensor]], limit: int) -> Tensor:
        if "a" not in queues:
            queues["a"] = []
        queues["a"].append(x)
        if len(queues["a"]) > limit:
            queues["a"].pop(0)
        return torch.stack(queues["a"])

    @torch.jit.export
    def kinds(self, first: Dict[str, Tensor], second: Dict[str, Tensor]) -> str:
        text = ""
        for key, value in list(first.items()) + list(second.items()):
            text += key + (str(float(value.sum())) if value.is_floating_point() else str(value.is_complex()))
        return text

    @torch.jit.export
    def grow(self, x: Tensor, parts: List[Tensor], n: int) -> Tensor:
        for _ in range(n):
            parts.append(torch.cat([parts[-1], x]))
        return parts[-1] * 2

    @torch.jit.export
    def padded(self, rows: List[List[int]]) -> Tensor:
        longest = max([len(row) for row in rows])
        return torch.tensor([row + [0] * (longest - len(row)) for row in rows]).sum(1)


X = torch.arange(6.0).view(2, 3)
CASES = {
    "cache": [(X, {}), (X, {"k": X}), (X, {"k": X[:1]})],
    "collect": [(X, []), (X, [X]), (X, [X, X.long()])],
    "nested": [(X, []), (X, [{}]), (X, [{"a": X}, {}])],
    "queues": [(X, {}, 1), (X, {"a": []}, 1), (X, {"a": [X + 1]}, 1)],
    "kinds": [({}, {}), ({}, {"a": X}), ({"a": X.long()}, {"b": X})],
    "grow": [(X, [X], 0), (X, [X], 3)],
    "padded": [([],), ([[1], [2, 3]],)],
}
JUST_IN_TIME = True
