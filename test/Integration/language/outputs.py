"""Tensors that are given for results: they get the shape of the result."""

from typing import List, Tuple

import torch
from torch import Tensor


class Outputs(torch.nn.Module):
    @torch.jit.export
    def empty(self, x: Tensor, y: Tensor) -> Tuple[Tensor, int]:
        out = torch.empty(0)
        torch.mm(x, y, out=out)
        out += 1.0
        return out, out.size(1)

    @torch.jit.export
    def reused(self, x: Tensor, n: int) -> List[Tensor]:
        found: List[Tensor] = []
        for i in range(n):
            out = torch.zeros(2)
            torch.sum(x, [0], out=out)
            out.mul_(i)
            torch.add(out, out, out=out)
            found.append(out)
        return found

    @torch.jit.export
    def kept_sizes(self, x: Tensor, y: Tensor) -> Tensor:
        out = torch.empty([3], dtype=torch.float64)
        before = out.size(0)
        result = torch.matmul(x.double(), y.double(), out=out)
        return result * before + out

    @torch.jit.export
    def by_sizes(self, x: Tensor, y: Tensor) -> Tensor:
        out = torch.ones_like(y)
        out[0] = 7.0
        torch.mul(x, 2.0, out=out)
        return out

    @torch.jit.export
    def in_a_branch(self, x: Tensor, y: Tensor, flag: bool) -> Tensor:
        if flag:
            out = torch.empty([1, 1])
            torch.cat([x, x], 1, out=out)
            x = out * 2.0
        return x

    @torch.jit.export
    def same_shape(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        out = torch.zeros_like(x)
        row = out[0]
        torch.neg(x, out=out)
        return out, row

    @torch.jit.export
    def sorted(self, x: Tensor, values: Tensor) -> List[Tensor]:
        indices, none = torch.empty(0, dtype=torch.long), torch.empty(0, dtype=torch.long)
        a, b = torch.sort(x, 0, descending=True, values=values, indices=indices)
        indices += 1
        own = x.clone()
        torch.sort(own, stable=True, dim=1, values=own, indices=none)
        return [a, b, values, indices, own, none]

    @torch.jit.export
    def pairs(self, x: Tensor, k: int) -> List[Tensor]:
        a, b = torch.empty(0), torch.empty(0, dtype=torch.int64)
        torch.topk(x, k, 0, values=a, indices=b)
        c, d = torch.empty(0), torch.empty(0, dtype=torch.int64)
        torch.max(x, 0, max=c, max_values=d)
        e, f = torch.empty(0), torch.empty(0, dtype=torch.int64)
        torch.min(x, 1, True, min=e, min_indices=f)
        g, h = torch.zeros(3), torch.zeros(3, dtype=torch.int64)
        torch.kthvalue(x, k, 1, values=g, indices=h)
        p, q = torch.empty(0), torch.empty(0, dtype=torch.int64)
        torch.cummax(x, 1, values=p, indices=q)
        r, s = torch.empty(0), torch.empty(0, dtype=torch.int64)
        torch.median(x, 1, values=r, indices=s)
        t, u = torch.empty(0), torch.empty(0, dtype=torch.int64)
        torch.mode(x // 2, 0, values=t, indices=u)
        low, high = torch.empty(0), torch.empty(0)
        torch.aminmax(x, dim=0, min=low, max=high)
        return [a, b, c, d, e, f, g, h, p, q, r, s, t, u, low, high]

    @torch.jit.export
    def ranges(self, a: int, b: int, f: float) -> List[Tensor]:
        return [
            torch.range(a, b), torch.range(a, b, 2), torch.range(a, f, 0.25), torch.range(b, a, -1),
            torch.range(a, b, dtype=torch.int64), torch.range(a, f, dtype=torch.uint8),
            torch.range(a, f, 0.1, dtype=torch.float16), torch.range(f, b, f / 3, dtype=torch.float64),
        ]  # fmt: skip

    @torch.jit.export
    def taken(self, i: int, f: float, b: bool) -> List[Tensor]:
        return [
            torch.as_tensor(i), torch.as_tensor(f), torch.as_tensor(b), torch.as_tensor(complex(f, i)),
            torch.as_tensor(i, dtype=torch.float64), torch.as_tensor(f, dtype=torch.int8),
            torch.as_tensor([i, 2]), torch.as_tensor([f]), torch.as_tensor([[b], [True]]),
        ]  # fmt: skip


X, Y = torch.arange(12.0).reshape(3, 4), torch.arange(8.0).reshape(4, 2)
CASES = {
    "empty": [(X, Y), (X[:0], Y)],
    "reused": [(X, 3), (X, 0)],
    "kept_sizes": [(X, Y)],
    "by_sizes": [(X, X), (X, Y), (X, Y[:1])],
    "in_a_branch": [(X, Y, True), (X, Y, False)],
    "same_shape": [(X,)],
    "sorted": [(X % 5, X * 0), (X[:1], X[:1] + 1)],
    "pairs": [(X * 3 % 7, 3), (-X % 5, 1)],
    "ranges": [(1, 5, 3.25), (0, 0, 0.5), (3, 2, 7.0)],
    "taken": [(3, 0.5, True), (-2, -7.75, False)],
}
JUST_IN_TIME = True
