"""Objects of with statements, which are left when what stands in them raises."""

from typing import Any, List, Tuple

import torch


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


JUST_IN_TIME = True
CALLS = []
for n in (3, 0, 20, -1, 6, 2):
    CALLS += [("forward", n), ("look",)]
