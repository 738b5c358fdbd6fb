"""Dicts whose values differ by key, in attributes that one method fills and others read."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor


class Records(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.width = 3
        self.sessions = torch.jit.Attribute({}, Dict[str, Dict[str, Tensor]])
        self.seen = torch.jit.Attribute([], List[Dict[str, Tensor]])
        self.maybe = torch.jit.Attribute({}, Dict[str, Optional[Tensor]])

    @torch.jit.export
    def open(self, name: str) -> int:
        cache: Dict[str, Tensor] = {}
        cache["samples"] = torch.zeros(0)
        cache["rows"] = torch.zeros(0, self.width)
        cache["cube"] = torch.zeros(0, self.width, 2)
        cache["frames"] = torch.zeros((), dtype=torch.long)
        cache["flags"] = torch.zeros(2, dtype=torch.bool)
        cache["half"] = torch.zeros(2, dtype=torch.half)
        self.sessions[name] = cache
        return len(self.sessions)

    def forward(self, name: str, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        cache = self.sessions[name]
        cache["samples"] = torch.cat([cache["samples"], x])
        if cache["frames"].item() == 0 and x.size(0) > 0:
            rows = x[:1].unsqueeze(1).expand(2, self.width)
        else:
            rows = cache["rows"]
        rows = torch.cat([rows, cache["samples"][: self.width].unsqueeze(0).expand(1, -1)], 0)
        cache["rows"] = rows[-4:]
        cache["frames"] += x.size(0)
        return cache["samples"].sum(), rows.sum(0), cache["frames"] + cache["flags"].sum() + cache["half"].sum()

    @torch.jit.export
    def add(self, boxes: Tensor) -> int:
        self.seen.append({"boxes": boxes, "labels": torch.arange(boxes.size(0)), "scores": boxes.sum(1)})
        return len(self.seen)

    @torch.jit.export
    def label(self, n: int) -> List[Tensor]:
        return [seen["boxes"][seen["labels"] == n] * seen["scores"][seen["labels"] == n] for seen in self.seen]

    @torch.jit.export
    def fill(self, x: Optional[Tensor]) -> int:
        self.maybe["x"] = x
        self.maybe["n"] = torch.tensor(len(self.maybe))
        return len(self.maybe)

    @torch.jit.export
    def look(self) -> Tuple[Dict[str, List[int]], Tensor]:
        sizes = {k: [v["samples"].numel(), v["rows"].size(0), int(v["frames"])] for k, v in self.sessions.items()}
        n, x = self.maybe["n"], self.maybe["x"]
        assert n is not None
        return sizes, n + 1 if x is None else x * n


JUST_IN_TIME = True
X, B = torch.arange(5.0), torch.arange(6.0).view(3, 2)
SIGNATURE = ["forward:x=?xf32", "add:boxes=?x2xf32", "fill:x=?xf32?"]
CALLS = [("open", "a"), ("forward", "a", X), ("fill", None), ("look",), ("forward", "a", X[:2]), ("open", "b")]
CALLS += [("forward", "b", X[1:4]), ("forward", "c", X), ("forward", "b", X), ("fill", X), ("look",)]
CALLS += [("label", 0), ("add", B), ("label", 1), ("add", B[:0]), ("label", 0), ("label", 5)]
