"""Programs on dicts, optional values, tuples and unions."""

from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import torch


class Point(NamedTuple):
    x: int
    y: float


class Dicts(torch.nn.Module):
    @torch.jit.export
    def invert(self, d: Dict[str, int]) -> Dict[int, str]:
        out: Dict[int, str] = {}
        for key, value in d.items():
            out[value] = key
        return out

    @torch.jit.export
    def edits(self, d: Dict[str, int], key: str) -> Tuple[List[str], List[int], int, Optional[int], int]:
        d[key] = len(d)
        d.setdefault("z", 26)
        d.update({"y": 25, key: 100})
        first = d.popitem()
        popped = d.pop("y")
        return list(d.keys()), list(d.values()), popped, d.get("none"), d.get("none", first[1])

    @torch.jit.export
    def lookup(self, d: Dict[str, int], key: str) -> int:
        return d[key]

    @torch.jit.export
    def remove(self, d: Dict[str, int], key: str) -> Dict[str, int]:
        del d[key]
        return d

    @torch.jit.export
    def nested(self, n: int) -> Dict[str, List[int]]:
        groups: Dict[str, List[int]] = {}
        for i in range(n):
            name = "even" if i % 2 == 0 else "odd"
            if name not in groups:
                groups[name] = torch.jit.annotate(List[int], [])
            groups[name].append(i)
        return groups

    @torch.jit.export
    def memo(self, n: int) -> int:
        known: Dict[int, int] = {0: 0, 1: 1}
        for i in range(2, n + 1):
            known[i] = known[i - 1] + known[i - 2]
        return known[n]

    @torch.jit.export
    def floats(self, values: List[float]) -> Dict[float, int]:
        out: Dict[float, int] = {}
        for i, value in enumerate(values):
            out[value] = i
        return out

    @torch.jit.export
    def comprehension(self, n: int) -> Dict[int, str]:
        return {i: str(i * i) for i in range(n)}

    @torch.jit.export
    def pairs(self, n: int) -> List[Tuple[int, str]]:
        out = [(i * 7 % 5, str(i)) for i in range(n)]
        total = 0
        for number, text in out:
            total += number + len(text)
        out.append((total, "sum"))
        return out

    @torch.jit.export
    def points(self, n: int) -> Tuple[List[Point], float]:
        points: List[Point] = []
        for i in range(n):
            points.append(Point(i, float(i) / 2.0))
        total = 0.0
        for point in points:
            total += float(point.x) * point.y
        return points, total

    @torch.jit.export
    def first_even(self, values: List[int]) -> Optional[int]:
        found: Optional[int] = None
        for value in values:
            if value % 2 == 0 and found is None:
                found = value
        return found

    @torch.jit.export
    def default(self, value: Optional[int], other: int) -> int:
        return value if value is not None else other

    @torch.jit.export
    def unwrap(self, value: Optional[int]) -> int:
        assert value is not None
        return value

    @torch.jit.export
    def holes(self, values: List[Optional[int]]) -> int:
        total = 0
        for value in values:
            if value is not None:
                total += value
            else:
                total -= 1
        return total

    @torch.jit.export
    def kind(self, value: Union[int, str, float]) -> str:
        if isinstance(value, int):
            return "int " + str(value + 1)
        elif isinstance(value, str):
            return "str " + value
        else:
            return "float"

    @torch.jit.export
    def swap(self, pair: Tuple[int, Tuple[str, float]]) -> Tuple[Tuple[float, str], int]:
        number, (text, real) = pair
        return (real, text), number


CASES = {
    "invert": [({"a": 1, "b": 2, "c": 1},), ({},)],
    "edits": [({"a": 1, "b": 2}, "b"), ({}, "q")],
    "lookup": [({"a": 1}, "a"), ({"a": 1}, "z")],
    "remove": [({"a": 1, "b": 2}, "a"), ({}, "a")],
    "nested": [(0,), (7,)],
    "memo": [(1,), (80,)],
    "floats": [([0.5, -0.0, 0.0, 0.5],), ([],)],
    "comprehension": [(0,), (20,)],
    "pairs": [(0,), (6,)],
    "points": [(0,), (4,)],
    "first_even": [([1, 3, 4, 6],), ([1],)],
    "default": [(None, 3), (5, 3)],
    "unwrap": [(4,), (None,)],
    "holes": [([1, None, 5],), ([],)],
    "kind": [(3,), ("x",), (2.5,)],
    "swap": [((1, ("a", 2.5)),)],
}
