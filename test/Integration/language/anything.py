"""Arguments that may be of several types, told by each call, and numbers that pick from tuples."""

from typing import Any, Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor


class Anything(torch.nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def kind(self, x: Any) -> str:
        if isinstance(x, (int, float)):
            return "number"
        if isinstance(x, List[int]):
            return "ints " + str(len(x))
        if isinstance(x, Tensor):
            return "tensor " + str(x.dim())
        return "other"

    @torch.jit.export
    def joined(self, x: Union[Tensor, List[Tensor], int]) -> Tensor:
        if isinstance(x, Tensor):
            return x + 1
        elif isinstance(x, int):
            return torch.ones(x)
        return torch.cat(x)

    @torch.jit.export
    def given(self, numbers: List[Optional[int]], tensors: Dict[str, Optional[Tensor]]) -> Tuple[int, Tensor]:
        count = 0
        for n in numbers:
            if n is not None:
                count += n
        total = torch.zeros(1)
        for name, tensor in tensors.items():
            if tensor is not None:
                total = total + tensor.sum() * len(name)
        return count, total

    @torch.jit.export
    def summed(self, parts: List[Tensor]) -> Tensor:
        total = torch.zeros([])
        for part in parts:
            total = total + part.sum()
        return total + len(parts)

    @torch.jit.export
    def pick(self, sizes: Tuple[int, int, int], i: int) -> int:
        return sizes[i]

    @torch.jit.export
    def listed(self, x: Tensor) -> List[List[int]]:
        rows: List[List[int]] = x.tolist()
        return rows

    @torch.jit.export
    def contract(self, a: Tensor, b: Tensor, dims: Tuple[List[int], List[int]]) -> Tensor:
        return torch.tensordot(a, b, dims=dims)


JUST_IN_TIME = True
A, B = torch.arange(60.0).reshape(3, 4, 5), torch.arange(24.0).reshape(4, 3, 2)
CASES = {
    "kind": [(1,), (2.5,), ("q",), ([1, 2],), (A,), (None,), ({"a": 1},)],
    "joined": [(A,), ([A[0], A[1]],), (3,)],
    "given": [([1, None, 3], {"a": torch.ones(2), "bc": None}), ([], {"a": torch.ones(3)})],
    "summed": [([A, A + 1],), ((A, A[1:]),), ((A,),)],
    "pick": [((1, 2, 3), 2), ((1, 2, 3), -3), ((1, 2, 3), 3), ((1, 2, 3), -4)],
    "listed": [(torch.arange(6).view(2, 3),), (torch.ones(2),), (torch.arange(2),), (torch.ones(1, 1).int(),)],
    "contract": [(A, B, ([1, 0], [0, 1])), (A, A, ([1], [1]))],
}
