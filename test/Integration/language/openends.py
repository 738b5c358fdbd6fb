"""Programs whose types follow from values: a number that is a dim, a length, a width of run time, one of two ranks."""

from typing import Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor

STRIDED = torch.arange(6.0).reshape(3, 2).t()[1]


class OpenEnds(torch.nn.Module):
    @torch.jit.export
    def dims(self, x: Tensor, dim: int, keep: bool) -> Tensor:
        return torch.softmax(x, dim).sum(dim, keepdim=keep)

    @torch.jit.export
    def padded(self, x: Tensor, n: int) -> Tensor:
        missing = n - x.size(1)
        return torch.nn.functional.pad(x, [1, missing, missing, 0], value=2.0)

    @torch.jit.export
    def sequences(self, parts: List[Tensor], batch_first: bool) -> Tensor:
        return torch.nn.utils.rnn.pad_sequence(parts, batch_first)

    @torch.jit.export
    def literals(self) -> Tuple[Tensor, Tensor, Tensor]:
        nested = [[1, 2, 3], [3, 4, 5]]
        nothing: List[int] = []
        return torch.tensor(nested)[1:, 1:], torch.tensor(nothing), torch.tensor([[1.5], [2.5]])

    @torch.jit.export
    def given_back(self, a: Tensor, b: Tensor) -> Tuple[Tensor, List[Tensor]]:
        parts = [a, b]
        return torch.cat(parts) + 1.0, parts

    @torch.jit.export
    def numbers(self, x: Tensor, n: Union[int, float]) -> Tensor:
        return x.pow(n)

    @torch.jit.export
    def kinds(self, n: Union[int, float]) -> Tuple[float, str]:
        if isinstance(n, int):
            return float(n + 1), "int"
        return n * 2.0, "float"

    @torch.jit.export
    def kinds_or_list(self, x: Union[int, float, List[str]], y: int) -> str:
        if isinstance(x, (int, float)):
            if isinstance(x, int):
                return str(x + y)
            return "float"
        return x[0]

    @torch.jit.export
    def maybe(self, n: Union[int, float, None]) -> str:
        return "none" if n is None else ("float" if isinstance(n, float) else "int")

    @torch.jit.export
    def one_of_two_ranks(self, x: Tensor, flag: bool) -> Tuple[Tensor, List[Tensor], Dict[str, Tensor]]:
        kept: List[Tensor] = []
        named: Dict[str, Tensor] = {}
        y = x
        if bool(x.sum() > 2) == flag:
            y = x[0]
            kept.append(x.int())
        kept.append(x)
        named["y"] = y
        return y, kept, named

    @torch.jit.export
    def optional(self, flag: bool) -> Tensor:
        a = torch.tensor([10])
        b: Optional[Tensor] = None
        if not flag:
            b = a
        if b is not None:
            b[0] = 5
        return a

    @torch.jit.export
    def of_a_dict(self, d: Dict[str, Tensor]) -> Tuple[Tensor, Tensor]:
        return d["a"], d["b"]

    @torch.jit.export
    def of_a_dtype(self, x: Tensor, dtype: torch.dtype) -> Tuple[Tensor, bool]:
        return x.to(dtype), dtype == torch.float64

    @torch.jit.export
    def nothing_left(self, x: Tensor) -> Tensor:
        return torch.cat(
            [x[2:], x[:0], x[2:][:, 1:].sum(1, keepdim=True) + x[5:], x[:, 3:].sum(1, keepdim=True).expand(-1, 3)]
        )

    @torch.jit.export
    def parts(self, p: Tuple[Tensor, Optional[Tensor]]) -> Tuple[Tensor, Tuple[Tensor, Optional[Tensor]]]:
        a, b = p
        if b is None:
            return a, p
        return a + b, (b, a)

    @torch.jit.export
    def reduced(self, x: Tensor, index: Tensor, how: str) -> Tensor:
        return x.new_zeros([3]).scatter_reduce(0, index, x, how, include_self=False)

    @torch.jit.export
    def left_out(self, x: Tensor, y: Tensor = STRIDED, n: int = 2) -> Tensor:
        return x + y * n


X = torch.arange(6.0).reshape(2, 3)
JUST_IN_TIME = True
CASES = {
    "dims": [(X, 0, True), (X, -1, False), (X, 5, True)],
    "padded": [(X, 5), (X, 3), (X, 2), (X.int(), 2)],
    "sequences": [([X, torch.ones(4, 3)], True), ([X, torch.ones(4, 3), X], False)],
    "literals": [()],
    "given_back": [(X, X), (X[0], X[1])],
    "numbers": [(X, 2), (X, 0.5)],
    "kinds": [(3,), (2.5,)],
    "kinds_or_list": [(3, 1), (2.5, 1), (["a"], 1)],
    "maybe": [(1,), (1.5,), (None,)],
    "one_of_two_ranks": [(X, True), (X, False), (-X, True)],
    "optional": [(True,), (False,)],
    "of_a_dtype": [(X, torch.int8), (X, torch.float64), (X.int(), torch.bool)],
    "nothing_left": [(X,)],
    "parts": [((X, None),), ((X, X[0]),)],
    "reduced": [
        (X[0], torch.tensor([2, 0, 2]), how)
        for how in ("sum", "prod", "mean", "amax", "amin", "max", "min", "sum_", "add")
    ],
    "left_out": [(X,), (X, X), (X, torch.ones(1), 3)],
    "of_a_dict": [({"a": X, "b": X.int()},), ({"a": X[0], "b": X},)],
}
