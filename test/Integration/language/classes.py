"""Objects of classes: as arguments and results, in containers, with objects and tensors in them."""

from typing import Dict, List, Optional, Tuple, Union

import torch


class Point:
    def __init__(self, x: int, y: float):
        self.x = x
        self.y = y

    def moved(self, by: int) -> "Point":
        return Point(self.x + by, self.y)

    def __lt__(self, other: "Point") -> bool:
        return self.x < other.x


class Box:
    """Holds what containers hold."""

    def __init__(self, name: str, corners: List[Point], weight: torch.Tensor):
        self.name = name
        self.corners = corners
        self.weight = weight
        self.best = torch.jit.annotate(Optional[Point], None)
        self.sizes = torch.jit.annotate(Dict[str, Tuple[int, float]], {})


class Left:
    def __init__(self, n: int):
        self.n = n


class Right:
    def __init__(self, n: int):
        self.n = n


class Classes(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.origin = Point(7, 1.5)
        self.walker = Point(0, 0.0)
        self.unused = 3
        self.steps = [Point(0, 0.25)]

    @torch.jit.export
    def make(self, x: int) -> Point:
        return Point(x, x / 2)

    @torch.jit.export
    def several(self, n: int) -> Tuple[List[Point], Dict[str, Point], Tuple[int, Point], Optional[Point]]:
        points = [Point(i, float(i)) for i in range(n)]
        found: Optional[Point] = None
        for point in points:
            point.y *= 2
            if point.x == 2:
                found = point
        return points, {"first": Point(-1, 0.0)}, (n, Point(n, 1.0)), found

    @torch.jit.export
    def boxes(self, x: torch.Tensor, n: int) -> Box:
        box = Box("b" + str(n), [Point(i, 0.25) for i in range(n)], x + 1)
        if n > 1:
            box.best = box.corners[1]
        box.sizes["n"] = (n, 0.5)
        return box

    @torch.jit.export
    def length(self, point: Point) -> float:
        return point.x + point.y

    @torch.jit.export
    def move(self, point: Point, by: int) -> Tuple[Point, Point]:
        point.x += by
        return point, point.moved(by)

    @torch.jit.export
    def total(self, points: List[Point], named: Dict[str, Point], maybe: Optional[Point]) -> float:
        total = 0.0
        for point in points:
            total += point.x
        for name, point in named.items():
            total += point.y * len(name)
        if maybe is not None:
            total += 1000 * maybe.x
        return total

    @torch.jit.export
    def order(self, points: List[Point]) -> List[Point]:
        points.sort()
        return points

    @torch.jit.export
    def either(self, n: int) -> Tuple[str, List[Union[Left, Right, int]]]:
        text = ""
        values: List[Union[Left, Right, int]] = [Left(n), Right(n + 1), n, Left(n)]
        for value in values:
            if isinstance(value, Left):
                text += "left " + str(value.n)
            elif isinstance(value, Right):
                text += "right " + str(value.n)
            else:
                text += str(value)
        return text, values

    @torch.jit.export
    def held(self) -> Tuple[Point, List[Point]]:
        return self.origin, [self.origin, self.walker]

    @torch.jit.export
    def walk(self, n: int) -> Point:
        self.walker.x += n
        return self.walker

    @torch.jit.export
    def step(self, n: int) -> Tuple[int, List[Point]]:
        self.steps.append(Point(n, 0.5))
        self.steps[0].x += 1
        return len(self.steps), self.steps

    @torch.jit.export
    def replace(self, point: Point) -> Point:
        before = self.walker
        self.walker = point
        return before

    @torch.jit.export
    def inside(self, box: Box) -> Tuple[int, float, str]:
        total = 0
        for corner in box.corners:
            total += corner.x
        best = box.best
        if best is not None:
            total += 100 * best.x
        return total, float(box.weight.sum()), box.name

    @torch.jit.export
    def scaled(self, box: Box, by: float) -> Box:
        box.weight = box.weight * by
        box.corners.append(Point(1, by))
        return box

    @torch.jit.export
    def fail(self, point: Point) -> int:
        assert point.x > 0, "x is " + str(point.x)
        return point.x


def make_box(count, dtype=torch.float32):
    box = Box("box", [Point(i, i / 4) for i in range(count)], torch.arange(6, dtype=dtype).reshape(2, 3))
    if count > 1:
        box.best = Point(5, 0.5)
    box.sizes["a"] = (1, 2.0)
    return box


JUST_IN_TIME = True
CASES = {
    "make": [(3,), (-1,)],
    "several": [(0,), (4,)],
    "boxes": [(torch.ones(2, 3), 3), (torch.ones(4), 1)],
    "length": [(Point(3, 0.25),), (Point(-3, 1.0),)],
    "move": [(Point(3, 0.25), 4)],
    "total": [
        ([Point(1, 2.0), Point(3, 4.0)], {"ab": Point(5, 6.0)}, Point(1, 0.0)),
        ([], {}, None),
    ],
    "order": [([Point(3, 0.0), Point(1, 1.0), Point(2, 2.0)],)],
    "either": [(5,)],
    "held": [()],
    "walk": [(3,), (4,)],
    "step": [(3,), (4,)],
    "replace": [(Point(40, 0.5),), (Point(50, 0.25),)],
    "inside": [(make_box(3),), (make_box(0),), (make_box(1, torch.float64),)],
    "scaled": [(make_box(2), 2.5)],
    "fail": [(Point(0, 1.0),), (Point(2, 1.0),)],
}
