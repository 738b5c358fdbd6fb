"""Programs that look at values without computing with them: tensors as text and as lists, order, identity, time."""

from typing import Any, Dict, List, Tuple

import torch


class Item:
    def __init__(self, x: int):
        self.x = x


class Looks(torch.nn.Module):
    @torch.jit.export
    def texts(self, x) -> List[str]:
        return [
            str(x),
            f"{x} of {x.size(0)}",
            "%s" % x,
            "{}, {}".format(1, x),
            str([x, x]),
            str((x, 1.5)),
            str({"x": x}),
        ]

    @torch.jit.export
    def written(self, x) -> List[str]:
        y = x + 1
        texts = [str(y[0])]
        row = y[0]
        row += 10
        texts.append(str(y))
        return texts

    @torch.jit.export
    def lists(self, x, y) -> Tuple[List[List[int]], float]:
        rows: List[List[int]] = x.tolist()
        number: float = y.tolist()
        rows.append([len(rows)])
        return rows, number

    @torch.jit.export
    def booleans(self, x) -> List[bool]:
        values: List[bool] = x.tolist()
        return values

    @torch.jit.export
    def complexes(self, x) -> List[List[complex]]:
        values: List[List[complex]] = x.tolist()
        return values

    @torch.jit.export
    def pick(self, i: int) -> int:
        return (3, 5, 7)[i]

    @torch.jit.export
    def sort_lists(self, pairs: List[Tuple[int, List[int]]]):
        pairs.sort()
        return pairs

    @torch.jit.export
    def sort_any(self, values: List[Any]) -> List[Any]:
        values.sort()
        return values

    @torch.jit.export
    def ids(self, n: int) -> Tuple[bool, bool]:
        a, b = Item(n), Item(n)
        return id(a) == id(b), id(a) == id(a)

    @torch.jit.export
    def same(self, x) -> Tuple[bool, bool, bool]:
        y = x
        return x is y, x is x.detach(), x.detach() is not x

    @torch.jit.export
    def steps(self, out):
        return torch.linspace(0, 9, 4, out=out)

    @torch.jit.export
    def powers(self, out):
        return torch.logspace(-1, 5, 9, out=out)

    @torch.jit.export
    def interval(self) -> bool:
        start = torch.ops.prim.TimePoint()
        torch.ops.prim.AddStatValue("calls", 1)
        return torch.ops.prim.TimePoint() > start


JUST_IN_TIME = True
CASES: Dict[str, List[Tuple[Any, ...]]] = {
    "texts": [
        (torch.tensor([1.0, 2.5]),),
        (torch.tensor([[1e-5, 2.0], [float("nan"), -3.0]]),),
        (torch.arange(60).reshape(2, 30),),
        (torch.arange(12, dtype=torch.float64).reshape(2, 2, 3) / 70000,),
        (torch.tensor([True, False]),),
        (torch.tensor([1.5, -1e8], dtype=torch.float16),),
        (torch.zeros(3, 0),),
    ],
    "written": [(torch.tensor([[1.0, 2.0], [3.0, 4.0]]),)],
    "lists": [
        (torch.arange(6).reshape(2, 3), torch.tensor(2.5)),
        (torch.arange(6).reshape(2, 3).t(), torch.tensor(2.5)),
        (torch.zeros(2, 0, dtype=torch.int64), torch.tensor(2.5)),
        (torch.arange(6), torch.tensor(2.5)),
    ],
    "booleans": [(torch.tensor([True, False]),)],
    "complexes": [(torch.tensor([[1 + 2j, -1j]]),), (torch.tensor([[0.5j]], dtype=torch.complex128),)],
    "pick": [(0,), (2,), (-1,)],
    "sort_any": [([(2, "b"), (1, "c"), (1, "a")],), ([(1, 2), ("a", 3)],), ([{1: 2}],)],
    "ids": [(3,)],
    "same": [(torch.ones(2),)],
    "steps": [(torch.zeros(4, dtype=torch.int64),), (torch.zeros(4, dtype=torch.float64),)],
    "powers": [(torch.zeros(9, dtype=torch.int64),), (torch.zeros(9, dtype=torch.float64),), (torch.zeros(9),)],
    "interval": [()],
}
