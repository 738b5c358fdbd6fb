"""Futures in lists, dicts, tuples and optionals, which are waited for later; forks that may run beside each other, and
such that may not."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor
from torch.jit import Future


class Recurrent(torch.nn.Module):
    def __init__(self, seed: int):
        super().__init__()
        torch.manual_seed(seed)
        self.cell = torch.nn.GRUCell(3, 5)

    def forward(self, x: Tensor, backwards: bool) -> Tuple[Tensor, Tensor]:
        h = torch.zeros(1, 5)
        states: List[Tensor] = []
        for i in range(x.size(0)):
            k = x.size(0) - 1 - i if backwards else i
            h = self.cell(x[k].unsqueeze(0), h)
            states.append(h)
        if backwards:
            states.reverse()
        return torch.cat(states), h


def collatz(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def digits(n: int, base: int) -> Tuple[str, List[int], Dict[str, int]]:
    left: List[int] = []
    counts: Dict[str, int] = {}
    while n > 0:
        left.append(n % base)
        key = f"d{n % base}"
        counts[key] = counts.get(key, 0) + 1
        n = n // base
    return "".join([str(d) for d in left]), left, counts


def smooth(x: Tensor, n: int) -> Tensor:
    for i in range(n):
        x = (x + x.sum() / (i + 1)) * 0.5
    return x


class Forks(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.models = torch.nn.ModuleList([Recurrent(i) for i in range(3)])
        self.layers = torch.nn.Sequential(*[torch.nn.Linear(3, 3) for _ in range(5)])

    def scaled(self, x: Tensor, k: int = 2) -> Tensor:
        return x * k

    def counted(self, x: Tensor, k: int) -> Tuple[str, Tensor]:
        self.count += 1
        return str(k), x * k

    def maybe(self, x: Tensor, k: int) -> Optional[Tensor]:
        if k % 2 == 0:
            return None
        return x * k

    @torch.jit.export
    def appended(self, x: Tensor, n: int) -> Tensor:
        futures: List[Future[Tensor]] = []
        for i in range(n):
            futures.append(torch.jit.fork(self.scaled, x, i))
        out = torch.zeros_like(x)
        for f in futures:
            out += torch.jit.wait(f)
        if len(futures) > 2:
            out *= futures.pop().wait()
        while len(futures) > 0:
            out += torch.jit.wait(futures.pop(0))
        return out

    @torch.jit.export
    def stored(self, x: Tensor, n: int) -> Dict[str, Tensor]:
        futures: Dict[int, Future[Tuple[str, Tensor]]] = {}
        for i in range(n):
            futures[i] = torch.jit.fork(self.counted, x, i)
        out: Dict[str, Tensor] = {}
        for i in futures.keys():
            key, value = torch.jit.wait(futures[i])
            out[key] = value
        return out

    @torch.jit.export
    def optionals(self, x: Tensor, n: int) -> List[float]:
        futures = [torch.jit.fork(self.maybe, x, i) for i in range(n)]
        out: List[float] = []
        for f in futures[::-1]:
            y = torch.jit.wait(f)
            if y is not None:
                out.append(float(y.sum()))
        last: Optional[Future[Tensor]] = None
        if n > 2:
            last = torch.jit.fork(self.scaled, x)
        if last is not None:
            out.append(float(last.wait().sum()))
        return out

    @torch.jit.export
    def nested(self, x: Tensor, n: int) -> Tensor:
        waiting: List[List[Tuple[int, Future[Tensor]]]] = []
        for i in range(n):
            waiting.append([(i, torch.jit.fork(torch.relu, x - i))])
        for row in waiting:
            for i, f in row:
                x = x + f.wait() * i
        return x + torch.jit.wait(waiting[-1][0][1])

    @torch.jit.export
    def ensemble(self, x: Tensor, n: int) -> Tensor:
        futures = [torch.jit.fork(model, x * n, False) for model in self.models]
        outs = [torch.jit.wait(f)[0] for f in futures]
        return torch.stack(outs).mean(0)

    @torch.jit.export
    def directions(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        future = torch.jit.fork(self.models[0], x, False)
        backward, last = self.models[1](x * n, True)
        forward, first = torch.jit.wait(future)
        return torch.cat([forward, backward], 1), first + last

    @torch.jit.export
    def beside(self, x: Tensor, n: int) -> Tensor:
        future = torch.jit.fork(smooth, x, n)
        y = self.layers(x * n)
        other = torch.jit.fork(smooth, y, n)
        y = self.layers(y)
        if n == 4:
            raise RuntimeError(f"not {n}")
        return torch.jit.wait(future) + self.layers(y) * other.wait()

    @torch.jit.export
    def numbers(self, x: Tensor, n: int) -> Tuple[int, float, Tuple[str, List[int], Dict[str, int]], List[int]]:
        a = torch.jit.fork(collatz, n + 26)
        b = torch.jit.fork(collatz, n + 96)
        c = torch.jit.fork(digits, n * 123456789, 7)
        d = torch.jit.fork(digits, n * 987654321, 3)
        left = torch.jit.wait(d)[1]
        left.append(n)
        return a.wait() + b.wait(), float(smooth(x, n).sum()), c.wait(), left

    def checked(self, x: Tensor, n: int, limit: int, name: str) -> Tensor:
        for i in range(n + 1):
            if i > limit:
                raise ValueError(f"{name}: {i} of {n}")
            x = x * 0.5 + float(x.sum())
        return x

    @torch.jit.export
    def failing(self, x: Tensor, n: int) -> Tensor:
        a = torch.jit.fork(self.checked, x, n, 3 if n == 4 else 1, "first")
        b = torch.jit.fork(self.checked, x, n, 0 if n != 2 else 5, "second")
        return a.wait() + b.wait()

    def inner(self, x: Tensor, n: int) -> Tensor:
        a = torch.jit.fork(smooth, x, n)
        b = torch.jit.fork(smooth, x + 1, n + 1)
        return a.wait() - b.wait()

    @torch.jit.export
    def forked(self, x: Tensor, n: int) -> Tensor:
        a = torch.jit.fork(self.inner, x, n)
        b = torch.jit.fork(self.inner, x * 2, n + 2)
        return a.wait() * b.wait()

    def counting(self, x: Tensor, n: int) -> Tensor:
        for i in range(n):
            self.count += 1
            x = x + self.count
        return x

    @torch.jit.export
    def writing(self, x: Tensor, n: int) -> Tuple[Tensor, int]:
        a = torch.jit.fork(self.counting, x, n)
        first = a.wait()
        b = torch.jit.fork(self.counting, x, n)
        c = torch.jit.fork(smooth, x, n)
        d = torch.jit.fork(smooth, x - 1, n)
        return first + b.wait() + c.wait() * d.wait(), self.count

    @torch.jit.export
    def repeated(self, x: Tensor, n: int) -> List[Tensor]:
        outs: List[Tensor] = []
        for i in range(n):
            a = torch.jit.fork(smooth, x, i + 2)
            b = torch.jit.fork(smooth, x * 3, n)
            x = torch.jit.wait(a) + torch.jit.wait(b)
            outs.append(x)
        return outs

    @torch.jit.export
    def unrolled(self, x: Tensor, n: int) -> Tensor:
        futures: List[Future[Tensor]] = []
        for i in range(4):
            futures.append(torch.jit.fork(smooth, x + i, n))
        return torch.stack([f.wait() for f in futures])


METHODS = (
    "appended",
    "stored",
    "optionals",
    "nested",
    "ensemble",
    "directions",
    "beside",
    "numbers",
    "failing",
    "forked",
    "writing",
    "repeated",
    "unrolled",
)
SIGNATURE = [f"{method}:x=?x3xf32" for method in METHODS]
X = torch.arange(6.0).reshape(2, 3)
CALLS = [(method, X, n) for method in METHODS for n in (1, 2, 4)]
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}
