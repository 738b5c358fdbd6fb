"""Errors tell the calls that led to them."""

import math
from typing import Dict, List

import pytest
import torch

import wick


class Account:
    def __init__(self, amount: int):
        self.amount = amount

    def take(self, amount: int) -> int:
        if amount > self.amount:
            raise ValueError(f"only {self.amount} left")
        self.amount -= amount
        return self.amount


class Layer(torch.nn.Module):
    def __init__(self, limit: int):
        super().__init__()
        self.limit = limit

    def forward(self, x, n: int):
        assert n < self.limit, "beyond the limit"
        return self.pick(x, n)

    def pick(self, x, n: int):
        return x + [0.5, 1.5][n]


def look_up(table: Dict[str, int], key: str) -> int:
    return table[key]


def bell(n: int) -> int:
    return math.factorial(n) + look_up({"one": 1}, "one")


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList([Layer(9), Layer(1)])

    @torch.jit.export
    def layered(self, x, n: int):
        for layer in self.layers:
            x = layer(x, n)
        return x

    @torch.jit.export
    def keyed(self, key: str):
        total = 0
        for word in key.split():
            total += look_up({"a": 1, word: 2}, key)
        return total

    @torch.jit.export
    def composed(self, n: int):
        return 1 + bell(n)

    @torch.jit.export
    def spent(self, amounts: List[int]):
        account = Account(10)
        left = [account.take(amount) for amount in amounts]
        return left

    @torch.jit.export
    def shaped(self, x, n: int):
        return self.reshaped(x, n) * 2

    def reshaped(self, x, n: int):
        return x.reshape(n, 2)

    def forward(self, x):
        return x


# Of each call the function and the line: those that led to the error, and the one where it happened.
CASES = [
    (
        "layered",
        (torch.ones(3), 1),
        [("layered", "x = layer(x, n)"), ("forward", 'assert n < self.limit, "beyond the limit"')],
    ),
    (
        "layered",
        (torch.ones(3), 5),
        [
            ("layered", "x = layer(x, n)"),
            ("forward", "return self.pick(x, n)"),
            ("pick", "return x + [0.5, 1.5][n]"),
        ],
    ),
    ("keyed", ("b c",), [("keyed", 'total += look_up({"a": 1, word: 2}, key)'), ("look_up", "return table[key]")]),
    (
        "composed",
        (-1,),
        [("composed", "return 1 + bell(n)"), ("bell", 'return math.factorial(n) + look_up({"one": 1}, "one")')],
    ),
    (
        "spent",
        ([3, 4, 5],),
        [
            ("spent", "left = [account.take(amount) for amount in amounts]"),
            ("take", 'raise ValueError(f"only {self.amount} left")'),
        ],
    ),
    (
        "shaped",
        (torch.ones(3), 2),
        [("shaped", "return self.reshaped(x, n) * 2"), ("reshaped", "return x.reshape(n, 2)")],
    ),
]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("tracebacks") / "model.pt")
    torch.jit.script(Model().eval()).save(path)
    return wick.compile(path, fallback=False)


@pytest.mark.parametrize("method, arguments, expected", CASES)
def test_frames(compiled, method, arguments, expected):
    with pytest.raises(wick.Error) as caught:
        getattr(compiled, method)(*arguments)
    error = caught.value
    assert [(frame.function, frame.source) for frame in error.frames] == expected
    assert error.location == error.frames[-1]
    lines = open(__file__).read().splitlines()
    note = "Traceback of the model (most recent call last):"
    for frame in error.frames:
        assert frame.file == __file__ and lines[frame.line - 1].strip() == frame.source
        assert 1 <= frame.column <= len(lines[frame.line - 1])
        note += f'\n  File "{frame.file}", line {frame.line}, in {frame.function}\n    {frame.source}'
    assert error.__notes__ == [note]
