"""Operations that never succeed, as shapes that do not fit: they raise when they are reached, and only then."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor


class Raises(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.register_buffer("total", torch.zeros(3))
        self.conv = torch.nn.Conv2d(2, 3, 3)
        self.linear = torch.nn.Linear(4, 2)

    @torch.jit.export
    def other_branch(self, x: Tensor, y: Tensor, wrong: bool) -> Tensor:
        if wrong:
            return x + y
        return x * 2.0

    @torch.jit.export
    def always(self, x: Tensor, y: Tensor) -> Tensor:
        self.count += 1
        self.total += 1.0
        return x.matmul(y)

    @torch.jit.export
    def changed(self) -> Tuple[int, Tensor]:
        return self.count, self.total

    @torch.jit.export
    def both_branches(self, x: Tensor, flag: bool) -> Tuple[Tensor, int]:
        if flag:
            y = x.view(5)
        else:
            y = x.transpose(0, 3)
        return y * 2.0, y.dim()

    @torch.jit.export
    def in_a_loop(self, x: Tensor, n: int) -> Tuple[Tensor, int]:
        steps = 0
        for i in range(n):
            if i == 3:
                x = torch.cat([x, x[0]])
            x = x + 1.0
            steps += 1
        return x, steps

    @torch.jit.export
    def until(self, x: Tensor, n: int) -> Tensor:
        while n > 0:
            if bool(x.sum() > 100.0):
                x = torch.stack([x, x[0]])[0]
            x = x * 2.0
            n -= 1
        return x

    @torch.jit.export
    def to_a_list(self, x: Tensor, flag: bool) -> List[Tensor]:
        parts: List[Tensor] = []
        for i in range(3):
            if flag:
                parts.append(x.expand(4, 5))
            parts.append(x + float(i))
        return parts

    @torch.jit.export
    def to_a_dict(self, x: Tensor, flag: bool) -> Dict[str, Tensor]:
        found = {"a": x}
        if flag:
            found["b"] = x.select(0, 7)
        return found

    @torch.jit.export
    def convolved(self, x: Tensor) -> Tensor:
        self.count += 1
        return self.conv(x).relu()

    @torch.jit.export
    def projected(self, x: Tensor) -> Tensor:
        return self.linear(x)

    @torch.jit.export
    def item(self, x: Tensor) -> float:
        return float(x.item())

    @torch.jit.export
    def expanded(self, x: Tensor, y: Tensor) -> Tensor:
        return x.expand_as(y) if x.dim() > 3 else x.expand(-1, 5)

    @torch.jit.export
    def told(self, x: Tensor) -> int:
        if x.numel() > 1:
            raise ValueError(str(x))
        assert x.numel() == 0, str(x)
        return x.numel()

    @torch.jit.export
    def truth(self, x: Tensor, least: float) -> int:
        some = x[x > least]
        if x.sum() < 0 and bool(x):
            return 0
        return 1 if bool(some) else 2

    @torch.jit.export
    def as_a_dim(self, x: Tensor, i: Tensor) -> Tensor:
        return x.select(1, i)

    @torch.jit.export
    def rows(self, x: Tensor) -> int:
        count = 0
        for _ in x:
            count += 1
        return count + len(x)

    @torch.jit.export
    def from_lists(self, what: str) -> Tensor:
        if what == "none":
            return torch.tensor([None])
        elif what == "tensors":
            return torch.tensor([[torch.ones(1)]])
        elif what == "ragged":
            return torch.tensor([[1, 2], [3]])
        elif what == "deep":
            return torch.tensor([[[1, 2], [3, 4]], [[5, 6], [7]]])
        elif what == "tuples":
            return torch.tensor([(len(what), 0.5)])
        elif what == "dicts":
            return torch.tensor([{"a": [len(what) > 1]}])
        return torch.tensor([[1, 2], [3, 4]])

    @torch.jit.export
    def sorted_tuples(self, what: str) -> int:
        if what == "dict":
            dicts = [({1: 2}, {"a": 1.5})]
            dicts.sort()
        elif what == "list":
            nested = [(1, ([2], [[True]]))]
            nested.sort()
        return 0

    @torch.jit.export
    def messages(self, x: Tensor, y: Tensor, what: str) -> Tensor:
        if what == "mm":
            return torch.mm(x, y)
        elif what == "bmm":
            return torch.bmm(x.unsqueeze(0), y.unsqueeze(0))
        elif what == "dim":
            return x.sum(4)
        elif what == "twice":
            return x.sum([0, 0])
        elif what == "view":
            return x.view(-1, 5)
        elif what == "narrow":
            return x.narrow(0, 1, 9)
        elif what == "permute":
            return x.permute(0, 1, 2)
        elif what == "cat":
            return torch.cat([x, y], 1)
        elif what == "ranks":
            return torch.cat([x, y[0]], 1)
        elif what == "stack":
            return torch.stack([x, y])
        elif what == "norm":
            return torch.layer_norm(x, [7])
        elif what == "t":
            return x.unsqueeze(0).t()
        return x


X, Y, Z = torch.arange(12.0).reshape(3, 4), torch.ones(5, 6), torch.ones(2, 3, 4)
CASES = {
    "other_branch": [(X, Y, False), (X, Y, True), (X, Y, False), (X, X, True), (X, Z[0, :2], True)],
    "always": [(X, Y), (X, X.t()[:, 1]), (X, Y[0]), (Z, Y), (Z, torch.ones(2, 5, 4)), (Y[0], X)],
    "changed": [()],
    "both_branches": [(X, True), (X, False)],
    "in_a_loop": [(X, 3), (X, 4), (X, 0)],
    "until": [(X, 1), (X, 5)],
    "to_a_list": [(X, False), (X, True)],
    "to_a_dict": [(X, False), (X, True)],
    "convolved": [(torch.ones(1, 2, 4, 4),), (torch.ones(1, 3, 4, 4),), (torch.ones(4),), (torch.ones(2, 2, 5),)],
    "projected": [(torch.ones(2, 4),), (torch.ones(2, 5),), (torch.ones(2, 3, 5),)],
    "item": [(X,), (X[:1, :1],), (X[0, 0],), (X[:0],)],
    "expanded": [(X[:1, :1], X), (X[None], X), (X[None] > 0, X), (X[None, None].long(), X)],
    "told": [(X[0],), (X[0, :1],), (X[0, :0],)],
    "truth": [(X, 10.5), (X, 20.0), (X, 3.0), (X - 6.0, -7.0), (X[0, :1], -1.0)],
    "as_a_dim": [(X, torch.tensor(1)), (X, torch.tensor([1])), (X, torch.tensor([1, 1]))],
    "rows": [(X,), (X[0, 0],), (X[:0],)],
    "from_lists": [(what,) for what in "none tensors ragged deep tuples dicts fine".split()],
    "sorted_tuples": [(what,) for what in "dict list fine".split()],
    "messages": [(X, Y, what) for what in "mm bmm dim twice view narrow permute cat ranks stack norm t fine".split()],
}
JUST_IN_TIME = True
