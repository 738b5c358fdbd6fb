"""Objects of an interface as results: each is of its own class, alone, in lists, in attributes, and changed by its methods."""

from typing import Dict, List, Optional, Tuple

import torch


@torch.jit.interface
class Shape:
    def area(self) -> float:
        pass

    def grow(self, n: int) -> int:
        pass


@torch.jit.script
class Square:
    def __init__(self, side: float):
        self.side = side
        self.name = "square"

    def area(self) -> float:
        return self.side * self.side

    def grow(self, n: int) -> int:
        self.side = self.side + n
        return n


@torch.jit.script
class Disk:
    def __init__(self, radius: float):
        self.radius = radius
        self.grown = [0]

    def area(self) -> float:
        return 3.0 * self.radius * self.radius

    def grow(self, n: int) -> int:
        self.radius = self.radius * n
        self.grown.append(n)
        return n + 1


@torch.jit.script
class Pair:
    def __init__(self, first: Shape, second: Shape):
        self.first = first
        self.second = second


def make(n: int) -> Shape:
    shape: Shape = Square(float(n))
    if n % 3 == 1:
        shape = Disk(n / 2)
    return shape


class Shapes(torch.nn.Module):
    @torch.jit.export
    def one(self, n: int) -> Shape:
        return make(n)

    @torch.jit.export
    def maybe(self, n: int) -> Optional[Shape]:
        if n == 0:
            return None
        shape = make(n)
        shape.grow(2)
        return shape

    @torch.jit.export
    def several(self, n: int) -> Tuple[List[Shape], float]:
        shapes: List[Shape] = []
        total = 0.0
        for i in range(n):
            shapes.append(make(i))
        for shape in shapes:
            shape.grow(3)
            total += shape.area()
        return shapes, total

    @torch.jit.export
    def named(self, n: int) -> Dict[str, Shape]:
        found: Dict[str, Shape] = {}
        for i in range(n):
            found[str(i)] = make(i + 1)
        return found

    @torch.jit.export
    def pair(self, n: int) -> Pair:
        return Pair(make(n), make(n + 1))


CASES = {
    "one": [(0,), (1,), (2,)],
    "maybe": [(0,), (1,), (3,)],
    "several": [(0,), (4,)],
    "named": [(0,), (2,)],
    "pair": [(1,), (3,)],
}
