"""Tensors of several ranks and dtypes in one attribute, list or record, and reads before anything is stored."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn


class Ranks(nn.Module):
    last: Optional[Tensor]
    pair: Optional[Tuple[Tensor, Tensor]]
    stack: List[Tensor]
    rows: List[Tensor]
    records: Dict[str, Dict[str, Tensor]]

    def __init__(self):
        super().__init__()
        self.last = None
        self.pair = None
        self.stack = []
        self.rows = []
        self.records = {}

    def forward(self, x: Tensor) -> Tensor:
        last = self.last
        self.last = x
        self.pair = (x, x.sum(-1))
        if last is None:
            return x
        return last * 2

    @torch.jit.export
    def latest(self, otherwise: float) -> Tensor:
        last = self.last
        if last is None:
            return torch.full((2,), otherwise)
        return last.sum(0)

    @torch.jit.export
    def both(self) -> Tensor:
        pair = self.pair
        if pair is None:
            raise ValueError("no pair")
        return pair[0].sum(-1) + pair[1]

    @torch.jit.export
    def push(self, x: Tensor) -> int:
        self.stack.append(x)
        return len(self.stack)

    @torch.jit.export
    def change(self, name: str) -> List[int]:
        top = self.stack.pop()
        if name == "double":
            top = top * 2
        elif name == "flat":
            top = top.flatten() + 0
        elif name == "both":
            top = top.sum() + self.stack[-1]
        else:
            top.add_(1)
        self.stack.append(top)
        return top.shape

    @torch.jit.export
    def totals(self) -> List[float]:
        return [float(t.sum()) for t in self.stack]

    @torch.jit.export
    def add_row(self, row: Tensor) -> int:
        self.rows.append(row)
        return len(self.rows)

    @torch.jit.export
    def joined(self) -> Tensor:
        return torch.cat(self.rows)

    @torch.jit.export
    def stacked(self) -> Tensor:
        return torch.stack(self.rows, 1)

    @torch.jit.export
    def nothing(self) -> Tensor:
        return torch.cat(torch.jit.annotate(List[Tensor], []))

    @torch.jit.export
    def record(self, name: str, x: Tensor) -> Tensor:
        ids = torch.arange(x.size(0))
        if name in self.records:
            x = torch.cat([self.records[name]["x"], x])
            ids = torch.cat([self.records[name]["ids"], ids])
        self.records[name] = {"x": x, "ids": ids}
        return x * ids.unsqueeze(1)

    @torch.jit.export
    def usage(self) -> Dict[str, int]:
        used: Dict[str, int] = {}
        for name, fields in self.records.items():
            size = 0
            for key, field in fields.items():
                size += field.numel() * field.element_size() * len(key)
            used[name] = size
        return used

    @torch.jit.export
    def copied(self, name: str) -> Dict[str, Tensor]:
        copy: Dict[str, Tensor] = {}
        for key, field in self.records[name].items():
            copy[key] = field.clone()
        self.records[name + "'"] = copy
        return copy


X = torch.arange(6.0).reshape(2, 3)
_READS = [("latest", 0.5), ("both",), ("joined",), ("stacked",), ("nothing",), ("totals",), ("usage",)]
JUST_IN_TIME = True
CALLS = [
    *_READS,
    ("forward", X),
    ("push", X),
    ("add_row", X[0]),
    ("record", "a", X),
    *_READS,
    ("forward", X.reshape(1, 2, 3)),
    ("push", X[0]),
    ("push", torch.arange(2)),
    ("change", "double"),
    ("add_row", X[1]),
    ("record", "a", X[:1]),
    ("copied", "a"),
    ("record", "a'", X),
    *_READS,
    ("forward", X[0]),
    ("change", "both"),
    ("change", "more"),
    ("latest", 0.5),
    ("change", "flat"),
    ("copied", "b"),
    *_READS,
]
