"""Modules and objects that implement an interface, chosen while the program runs."""

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


X = torch.tensor([[-1.0, 0.5, 2.0]])
JUST_IN_TIME = True
CASES = {
    "at": [(X, 0), (X, 1), (X, 2)],
    "by_name": [(X, "scale"), (X, "clip")],
    "around": [(X, 0), (X, 5)],
    "rules": [(1,), (-4,)],
}
