"""Modules whose methods call themselves of others of the same class, behind an interface."""

from typing import List

import torch
from torch import Tensor, nn


@torch.jit.interface
class Node(nn.Module):
    def forward(self, x: Tensor, depth: int) -> Tensor:
        pass


class Leaf(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.bias = nn.Parameter(torch.arange(float(size)))

    def forward(self, x: Tensor, depth: int) -> Tensor:
        return x + self.bias * depth


class Branch(nn.Module):
    left: Node
    right: Node

    def __init__(self, left: nn.Module, right: nn.Module, limit: float):
        super().__init__()
        self.left = left
        self.right = right
        self.limit = limit
        self.visits = 0

    def forward(self, x: Tensor, depth: int) -> Tensor:
        self.visits += 1
        if bool(x.sum() > self.limit):
            return self.left.forward(x - self.limit, depth + 1)
        return self.right.forward(x * 2, depth + 1) + float(self.visits)


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        inner = Branch(Leaf(3), Branch(Leaf(3), Leaf(3), 20.0), 12.0)
        self.root = Branch(inner, Leaf(3), 3.0)

    @torch.jit.export
    def walk(self, xs: List[Tensor]) -> List[Tensor]:
        return [self.root(x, 0) for x in xs]


SIGNATURE = ["walk:xs=[3xf32]"]
X = torch.ones(3)
CALLS = [("walk", [X, X * 4, X * 9]), ("walk", []), ("walk", [X * 2, X * 20])]
