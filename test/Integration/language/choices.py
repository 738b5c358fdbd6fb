"""Modules and objects that implement an interface, chosen while the program runs."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn


@torch.jit.interface
class Step(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class Scale(nn.Module):
    def __init__(self, factor: float):
        super().__init__()
        self.factor = factor
        self.bias = nn.Parameter(torch.arange(3.0))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor + self.bias


class Clip(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.relu()


@torch.jit.interface
class Rule(object):
    def apply(self, n: int) -> int:
        pass


@torch.jit.script
class Double(object):
    def __init__(self):
        self.calls = 0

    def apply(self, n: int) -> int:
        self.calls += 1
        return 2 * n


@torch.jit.script
class Add(object):
    def __init__(self, other: int):
        self.other = other

    def apply(self, n: int) -> int:
        return n + self.other


@torch.jit.interface
class Filter(object):
    def apply(self, x: Tensor, notes: List[str]) -> Tensor:
        pass

    def cost(self, n: int) -> int:
        pass


@torch.jit.script
class Gain(object):
    def __init__(self, factor: float):
        self.factor = factor

    def apply(self, x: Tensor, notes: List[str]) -> Tensor:
        notes.append(f"gain {self.factor}")
        return x * self.factor

    def cost(self, n: int) -> int:
        return n


@torch.jit.script
class Smooth(object):
    def __init__(self, alpha: float):
        self.alpha = alpha
        self.last = torch.jit.annotate(Optional[Tensor], None)

    def apply(self, x: Tensor, notes: List[str]) -> Tensor:
        last = self.last
        if last is not None and last.size(0) == x.size(0):
            x = self.alpha * x + (1 - self.alpha) * last
        else:
            notes.append("first")
        self.last = x
        return x

    def cost(self, n: int) -> int:
        return 3 * n if self.last is not None else 0


class Choices(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([Scale(2.0), Clip(), Scale(-1.0)])
        self.named = nn.ModuleDict({"scale": Scale(5.0), "clip": Clip()})

    @torch.jit.export
    def at(self, x: Tensor, index: int) -> Tensor:
        step: Step = self.steps[index]
        return step.forward(x)

    @torch.jit.export
    def by_name(self, x: Tensor, name: str) -> Tensor:
        step: Step = self.named[name]
        return step.forward(x)

    @torch.jit.export
    def around(self, x: Tensor, times: int) -> Tensor:
        for i in range(times):
            step: Step = self.steps[i % 3]
            x = step.forward(x)
        return x

    @torch.jit.export
    def rules(self, n: int) -> int:
        first: Rule = Double()
        second: Rule = Add(3)
        for rule in [first, second, first]:
            n = rule.apply(n)
        return n

    def build(self, names: List[str]) -> List[Filter]:
        filters: List[Filter] = []
        for name in names:
            if name == "gain":
                filters.append(Gain(2.0))
            elif name == "smooth":
                filters.append(Smooth(0.5))
            else:
                filters.append(filters[0])
        return filters

    @torch.jit.export
    def filtered(self, names: List[str], batches: List[Tensor]) -> Tuple[List[Tensor], List[str], int]:
        filters = self.build(names)
        notes: List[str] = []
        results: List[Tensor] = []
        total = 0
        for x in batches:
            for one in filters:
                x = one.apply(x, notes)
                total += one.cost(x.size(0))
            results.append(x)
        return results, notes, total

    @torch.jit.export
    def first(self, names: List[str], x: Tensor) -> Tuple[Tensor, List[str]]:
        filters = self.build(names)
        notes: List[str] = []
        by_name: Dict[str, Filter] = {}
        for i, one in enumerate(filters):
            by_name[str(i)] = one
        found: Optional[Filter] = None
        if "0" in by_name:
            found = by_name["0"]
        if found is not None:
            x = found.apply(x, notes)
        return x, notes


X = torch.tensor([[-1.0, 0.5, 2.0]])
JUST_IN_TIME = True
CASES = {
    "at": [(X, 0), (X, 1), (X, 2)],
    "by_name": [(X, "scale"), (X, "clip")],
    "around": [(X, 0), (X, 5)],
    "rules": [(1,), (-4,)],
    "filtered": [(["gain", "smooth"], [X, X + 1]), (["smooth", "again", "gain"], [X, X[:0], X]), ([], [X])],
    "first": [(["gain"], X), (["smooth", "gain"], X), ([], X), (["again"], X)],
}
