"""Enumerations of ints, floats and strings: as arguments and results, in containers, compared and taken apart."""

import enum
from typing import Dict, List, Optional, Tuple, Union

import torch


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 4


class Unit(enum.Enum):
    METRE = "m"
    FOOT = "ft"


class Weight(enum.Enum):
    HALF = 0.5
    ONE = 1.0


class Enums(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.last = Color.RED

    @torch.jit.export
    def choose(self, n: int) -> Color:
        if n > 10:
            return Color.BLUE
        return Color.RED if n > 1 else Color.GREEN

    @torch.jit.export
    def take_apart(self, color: Color, unit: Unit, weight: Weight) -> Tuple[str, int, str, str, str, float]:
        return color.name, color.value, unit.name, unit.value, weight.name, weight.value

    @torch.jit.export
    def compare(self, a: Color, b: Color) -> Tuple[bool, bool, bool, bool]:
        return a == b, a != b, a == Color.RED, Color.BLUE != b

    @torch.jit.export
    def total(self, colors: List[Color], weights: Dict[str, Weight]) -> float:
        total = 0.0
        for color in colors:
            total += color.value
            if color == Color.BLUE:
                total += 100
        for weight in weights.values():
            total *= weight.value
        for color in Color:
            total += color.value
        return total

    @torch.jit.export
    def hand_on(
        self, one: Optional[Color], many: List[Color], pair: Tuple[Unit, int], named: Dict[str, Weight]
    ) -> Tuple[Optional[Color], List[Color], Tuple[int, Unit], Dict[str, Weight], List[Optional[Unit]]]:
        many.append(Color.GREEN)
        return one, many, (pair[1], pair[0]), named, [None, pair[0]]

    @torch.jit.export
    def longest(self, colors: List[Color]) -> Optional[Color]:
        best: Optional[Color] = None
        for color in colors:
            if best is None or len(color.name) > len(best.name):
                best = color
        return best

    @torch.jit.export
    def either(self, n: int) -> Tuple[str, List[Union[Color, Unit, int]]]:
        text = ""
        values: List[Union[Color, Unit, int]] = [Color.GREEN, Unit.FOOT, n, Color.RED]
        for value in values:
            if isinstance(value, Color):
                text += "color " + value.name
            elif isinstance(value, Unit):
                text += "unit " + value.value
            else:
                text += str(value)
        return text, values

    @torch.jit.export
    def remember(self, color: Color) -> Tuple[Color, Color]:
        before = self.last
        self.last = color
        return before, self.last

    @torch.jit.export
    def text(self, color: Color) -> str:
        return "{} {}".format(color, [Unit.FOOT])

    @torch.jit.export
    def fail(self, color: Color) -> int:
        if color == Color.RED:
            raise ValueError(color.name)
        return color.value


JUST_IN_TIME = True
CASES = {
    "choose": [(0,), (5,), (11,)],
    "take_apart": [(Color.RED, Unit.METRE, Weight.HALF), (Color.BLUE, Unit.FOOT, Weight.ONE)],
    "compare": [(Color.RED, Color.RED), (Color.RED, Color.BLUE), (Color.GREEN, Color.RED)],
    "total": [([Color.RED, Color.BLUE, Color.RED], {"a": Weight.HALF, "b": Weight.ONE}), ([], {})],
    "hand_on": [
        (Color.BLUE, [Color.RED], (Unit.FOOT, 3), {"x": Weight.ONE}),
        (None, [], (Unit.METRE, 0), {}),
    ],
    "longest": [([Color.RED, Color.GREEN, Color.BLUE],), ([],)],
    "either": [(7,)],
    "remember": [(Color.BLUE,), (Color.GREEN,)],
    "text": [(Color.GREEN,)],
    "fail": [(Color.RED,), (Color.BLUE,)],
}
