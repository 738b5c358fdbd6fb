"""Futures in lists, dicts, tuples and optionals, which are waited for later."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor
from torch.jit import Future


class Forks(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0

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


SIGNATURE = [f"{method}:x=?x3xf32" for method in ("appended", "stored", "optionals", "nested")]
X = torch.arange(6.0).reshape(2, 3)
CALLS = [(method, X, n) for method in ("appended", "stored", "optionals", "nested") for n in (1, 2, 4)]
