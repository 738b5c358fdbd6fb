"""What a failing call leaves behind: all that the program did before the operator that raises, and nothing after it."""

from typing import List, Tuple

import torch
from torch import Tensor


class Failures(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.step = 0
        self.held = torch.jit.Attribute([], List[Tensor])
        self.register_buffer("buffer", torch.zeros(3))

    def begin(self):
        self.step = 1

    def end(self):
        self.step = 2
        self.buffer += 1

    @torch.jit.export
    def look(self) -> Tuple[int, Tensor, int]:
        return self.step, self.buffer, len(self.held)

    @torch.jit.export
    def element(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t[n]
        self.end()
        return r

    @torch.jit.export
    def part(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.narrow(0, n, 2)
        self.end()
        return r

    @torch.jit.export
    def viewed(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.view(n, 2)
        self.end()
        return r

    @torch.jit.export
    def reshaped(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.reshape(n, -1)
        self.end()
        return r

    @torch.jit.export
    def expanded(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.expand(n, 2)
        self.end()
        return r

    @torch.jit.export
    def unfolded(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.unfold(0, n, 1)
        self.end()
        return r

    @torch.jit.export
    def row_of_row(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.view(-1, n)[n]
        self.end()
        return r

    @torch.jit.export
    def hold(self, t: Tensor, n: int) -> int:
        self.begin()
        r = t[n]
        self.end()
        self.held.append(r)
        return len(self.held)

    @torch.jit.export
    def read_after(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = self.buffer[n]
        self.end()
        return r + 1

    @torch.jit.export
    def added(self, t: Tensor, u: Tensor) -> Tensor:
        self.begin()
        r = t + u
        self.end()
        return r

    @torch.jit.export
    def indexed(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t[torch.tensor([n])]
        self.end()
        return r

    @torch.jit.export
    def made(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = torch.zeros(n)
        self.end()
        return r

    @torch.jit.export
    def largest(self, t: Tensor, n: int) -> Tensor:
        self.begin()
        r = t.topk(n, 0)[0]
        self.end()
        return r


JUST_IN_TIME = True
X = torch.arange(6.0).view(3, 2)
METHODS = "element part viewed reshaped expanded unfolded row_of_row hold read_after indexed made largest".split()
SIGNATURE = [f"{method}:t=?x2xf32" for method in METHODS] + ["added:t=?x2xf32", "added:u=?x2xf32"]
CALLS = []
for method in METHODS:
    for n in (0, 1, 2, 3, 7, -1, -9):
        CALLS += [(method, X, n), ("look",)]
for rows in (3, 1, 2):
    CALLS += [("added", X, X[:rows]), ("look",)]
