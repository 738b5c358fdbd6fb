"""Attributes that come to show memory of others, by branches, loops and other methods, and see what is written to it."""

from typing import Dict, List, Optional

import torch
from torch import Tensor


@torch.jit.script
class Node:
    def __init__(self, name: str):
        self.name = name
        self.kept = torch.jit.annotate(Optional[Tensor], None)


class Aliases(torch.nn.Module):
    table: Dict[str, Tensor]
    kept: Dict[str, Tensor]
    nodes: Dict[str, Node]
    pair: List[Tensor]

    def __init__(self):
        super().__init__()
        self.table = {}
        self.kept = {}
        self.nodes = {}
        self.pair = []
        self.register_buffer("first", torch.zeros(2, 3))
        self.register_buffer("second", torch.zeros(3, 2))

    @torch.jit.export
    def put(self, name: str, x: Tensor) -> int:
        self.table[name] = x
        return len(self.table)

    @torch.jit.export
    def change(self, name: str) -> Tensor:
        self.table[name][0][1] += 1
        return self.table[name] * 1

    @torch.jit.export
    def choose(self, name: str, which: int) -> Tensor:
        x = self.table[name]
        if which == 0:
            y = x[:, :2]
        elif which == 1:
            y = x.neg()[:, :2]
        elif which == 2:
            y = x[:1, :2]
        else:
            y = x
        self.kept[name] = y
        return y * 1

    @torch.jit.export
    def look(self, name: str) -> Tensor:
        return self.kept[name] * 1

    @torch.jit.export
    def node(self, name: str, transposed: bool) -> int:
        node = Node(name)
        x = self.table[name]
        node.kept = x.t() if transposed else x
        self.nodes[name] = node
        return len(self.nodes)

    @torch.jit.export
    def turn(self, name: str, times: int) -> Tensor:
        node = self.nodes[name]
        x = node.kept
        assert x is not None
        for _ in range(times):
            x = x.flip(0) if times > 4 else x[:, 0:]
        node.kept = x
        return x * 1

    @torch.jit.export
    def look_at(self, name: str) -> Tensor:
        x = self.nodes[name].kept
        assert x is not None
        return x * 1

    @torch.jit.export
    def both(self, x: Tensor, flag: bool) -> Tensor:
        y = x * 2
        self.first = y
        self.second = y.t()
        z = y if flag else x + 1
        self.pair = [z, z[0]]
        return self.second * 1

    @torch.jit.export
    def write_first(self) -> Tensor:
        self.first[0] = -1
        return self.second * 1

    @torch.jit.export
    def write_pair(self) -> Tensor:
        self.pair[1].fill_(7)
        return self.pair[0] * 1

    @torch.jit.export
    def look_around(self) -> List[Tensor]:
        return [self.first * 1, self.second * 1, self.pair[0] * 1, self.pair[1] * 1]


X = torch.arange(6.0).reshape(2, 3)
SIGNATURE = ["put:x=?x3xf32", "both:x=2x3xf32"]
CALLS = [("put", "a", X)]
for which in (0, 1, 2, 3, 0):
    CALLS += [("choose", "a", which), ("change", "a"), ("look", "a")]
for transposed, times in ((True, 0), (False, 2), (True, 3), (False, 5)):
    CALLS += [("node", "a", transposed), ("turn", "a", times), ("change", "a"), ("look_at", "a")]
for flag in (True, False):
    CALLS += [("both", X, flag), ("write_first",), ("look_around",), ("write_pair",), ("look_around",)]
