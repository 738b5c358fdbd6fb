"""Objects of with statements, which are left when what stands in them raises, in whatever way."""

from typing import Any, Dict, List, Tuple

import torch
from torch import Tensor


@torch.jit.script
class Guard:
    def __init__(self, name: str):
        self.name = name
        self.depth = 0
        self.log = [name]

    def __enter__(self):
        self.depth += 1
        self.log.append("enter")
        return self.depth

    def __exit__(self, kind: Any, value: Any, traceback: Any):
        self.depth -= 1
        self.log.append("exit")


@torch.jit.script
class Logged:
    def __init__(self, log: List[int], number: int, fails: int):
        self.log = log
        self.number = number
        self.fails = fails

    def __enter__(self):
        self.log.append(self.number)
        if self.fails == 1:
            raise ValueError("enter")
        return self.number

    def __exit__(self, kind: Any, value: Any, traceback: Any):
        self.log.append(-self.number)
        if self.fails == 2:
            raise ValueError("exit")
        self.log.append(-10 * self.number)


@torch.jit.script
class Counter:
    """Nobody sees what its exit does where it lives in one call."""

    def __init__(self, n: int):
        self.n = n

    def __enter__(self):
        self.n += 1
        return self

    def __exit__(self, kind: Any, value: Any, traceback: Any):
        self.n += 10


@torch.jit.script
class Idle:
    def __init__(self):
        self.n = 3

    def __enter__(self):
        return 2

    def __exit__(self, kind: Any, value: Any, traceback: Any):
        if self.n == 4:
            raise ValueError("four")


@torch.jit.script
class Zeroed:
    def __init__(self, t: Tensor):
        self.t = t
        self.before = t.clone()

    def __enter__(self):
        self.t.zero_()
        return self.t

    def __exit__(self, kind: Any, value: Any, traceback: Any):
        with Counter(1) as counter:
            self.t.copy_(self.before * counter.n / 2)


def check(n: int) -> int:
    if n < 0:
        raise ValueError("negative")
    assert n < 10, "too large"
    return n * 2


class Guards(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.outer = Guard("outer")
        self.inner = Guard("inner")
        self.total = 0
        self.log = torch.jit.Attribute([], List[int])
        self.register_buffer("buffer", torch.arange(4.0))

    def forward(self, n: int) -> int:
        with self.outer as depth:
            self.total += depth
            for i in range(2):
                with self.inner:
                    self.total += check(n - i)
            check(n + 5)
        return self.total

    @torch.jit.export
    def look(self) -> Tuple[int, int, List[str], List[str], int]:
        return self.outer.depth, self.inner.depth, self.outer.log, self.inner.log, self.total

    @torch.jit.export
    def logged(self, fails: int, i: int, t: Tensor) -> Tensor:
        self.log.clear()
        with Logged(self.log, 1, 0):
            with Logged(self.log, 2, fails) as number:
                self.log.append(100 + number)
                r = t[i]
                self.log.append(200)
                if i == 3:
                    raise RuntimeError("three")
        return r

    @torch.jit.export
    def twice(self, t: Tensor, numbers: List[int], i: int) -> Tensor:
        with self.outer as depth:
            self.total += depth
            n = numbers[i]
            with self.outer:
                y = t[n]
            z = t + y
        return z

    @torch.jit.export
    def local(self, numbers: List[int], i: int) -> int:
        with Counter(3) as counter:
            self.total += numbers[i]
        with Idle() as two:
            self.total += numbers[i + 1] + two
        return counter.n

    @torch.jit.export
    def looped(self, t: Tensor, numbers: List[int]) -> int:
        for i in range(4):
            with Zeroed(self.buffer) as buffer:
                buffer += t[numbers[i]]
                self.total += int(buffer.sum())
        return self.total

    @torch.jit.export
    def given(self, t: Tensor, numbers: Dict[str, int], key: str) -> Tensor:
        with Zeroed(t[1:3]) as part:
            part += 1
            return t * numbers[key]

    @torch.jit.export
    def look_more(self) -> Tuple[List[int], Tensor]:
        return self.log, self.buffer


JUST_IN_TIME = True
SIGNATURE = ["logged:t=?xi64", "twice:t=?xf32", "looped:t=?xf32", "given:t=?xf32"]
X = torch.arange(5.0)
CALLS = []
for n in (3, 0, 20, -1, 6, 2):
    CALLS += [("forward", n), ("look",)]
for fails in (0, 1, 2):
    for i in (0, 3, 9):
        CALLS += [("logged", fails, i, torch.arange(5)), ("look_more",)]
for numbers, i in (([1, 2, 3, 4], 0), ([1, 2, 30], 2), ([1, 2, 3], 7)):
    CALLS += [("twice", X, numbers, i), ("local", numbers, i), ("local", numbers, i - 1), ("looped", X, numbers)]
    CALLS += [("look",), ("look_more",)]
CALLS += [("given", X.clone(), {"a": 2}, key) for key in ("a", "b")]
