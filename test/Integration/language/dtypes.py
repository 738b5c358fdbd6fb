"""Dtypes that operators do not take: LibTorch's errors, when they are reached; and what is asked of dtypes."""

from typing import List

import torch
from torch import Tensor


def order() -> List[torch.dtype]:
    return [
        torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.bfloat16,
        torch.float32, torch.float64, torch.complex32, torch.complex64, torch.complex128,
    ]  # fmt: skip


class Dtypes(torch.nn.Module):
    @torch.jit.export
    def products(self, x: Tensor, y: Tensor, what: str) -> Tensor:
        if what == "matmul":
            return x @ y
        elif what == "vector":
            return torch.matmul(x, y[0])
        elif what == "vectors":
            return torch.matmul(x[0], y[0])
        elif what == "mm":
            return torch.mm(x, y)
        elif what == "bmm":
            return torch.bmm(x.unsqueeze(0), y.unsqueeze(0))
        elif what == "addmm":
            return torch.addmm(x, x, y)
        elif what == "baddbmm":
            return torch.baddbmm(y.unsqueeze(0), x.unsqueeze(0), x.unsqueeze(0))
        elif what == "linear":
            return torch.nn.functional.linear(x, y)
        elif what == "bias":
            return torch.nn.functional.linear(x, x, y[0])
        elif what == "conv":
            return torch.conv1d(x.unsqueeze(0), y.unsqueeze(0))
        elif what == "einsum":
            return torch.einsum("ij,jk->ik", x, y)
        return torch.lerp(x, y, 0.5)

    @torch.jit.export
    def pointwise(self, x: Tensor, what: str) -> Tensor:
        if what == "gelu":
            return torch.nn.functional.gelu(x)
        elif what == "silu":
            return torch.nn.functional.silu(x)
        elif what == "relu":
            return torch.relu(x)
        elif what == "neg":
            return -x
        elif what == "sub":
            return x - x
        elif what == "and":
            return x & x
        elif what == "not":
            return ~x
        elif what == "shift":
            return x << 1
        elif what == "abs":
            return torch.abs(x)
        elif what == "floor":
            return torch.floor(x)
        elif what == "remainder":
            return x % 2
        elif what == "less":
            return x < x
        elif what == "power":
            return x ** (-1)
        elif what == "alpha":
            return torch.add(x, x, alpha=1.5)
        return torch.hypot(x, x)

    @torch.jit.export
    def complexes(self, x: Tensor, what: str) -> Tensor:
        if what == "relu":
            return torch.relu(x)
        elif what == "neg":
            return -x
        elif what == "and":
            return x & x
        elif what == "floor":
            return torch.floor(x)
        elif what == "less":
            return x < x
        elif what == "maximum":
            return torch.maximum(x, x)
        elif what == "max":
            return torch.max(x)
        elif what == "argmax":
            return torch.argmax(x)
        return torch.nn.functional.gelu(x)

    @torch.jit.export
    def reduced(self, x: Tensor, what: str) -> Tensor:
        if what == "mean":
            return x.mean()
        elif what == "dim":
            return x.mean(0)
        elif what == "typed":
            return x.mean(0, dtype=torch.float64)
        elif what == "std":
            return x.std()
        elif what == "norm":
            return torch.norm(x)
        elif what == "softmax":
            return torch.softmax(x, 0)
        elif what == "last":
            return torch.log_softmax(x, -1)
        elif what == "argmax":
            return torch.argmax(x)
        elif what == "max":
            return torch.max(x)
        return torch.layer_norm(x, [2])

    @torch.jit.export
    def indexed(self, x: Tensor, index: Tensor, what: str) -> Tensor:
        if what == "index":
            return x[index]
        elif what == "gather":
            return torch.gather(x, 0, index)
        elif what == "select":
            return torch.index_select(x, 0, index[0])
        elif what == "embedding":
            return torch.nn.functional.embedding(index, x)
        elif what == "scatter":
            return x.scatter(0, index, x.double())
        elif what == "where":
            return torch.where(index, x, x)
        elif what == "fill":
            return x.masked_fill(index, 2.0)
        return torch.masked_select(x, index)

    @torch.jit.export
    def stored(self, x: Tensor, y: Tensor, what: str) -> Tensor:
        z = x.clone()
        if what == "add":
            z += y
        elif what == "scale":
            z *= 1.5
        elif what == "divide":
            z /= 2
        elif what == "root":
            z.sqrt_()
        elif what == "out":
            torch.add(x, y, out=z)
        elif what == "put":
            z[torch.tensor([0])] = y[0]
        else:
            z[0] = y[0]
        return z

    @torch.jit.export
    def sorted(self, x: Tensor, values: Tensor, indices: Tensor) -> Tensor:
        torch.sort(x, 0, values=values, indices=indices)
        return values + indices

    @torch.jit.export
    def asked(self, k: int) -> List[int]:
        return [int(torch.can_cast(order()[k], d)) for d in order()] + [
            torch.promote_types(order()[k], d) for d in order()
        ]

    @torch.jit.export
    def constant(self) -> List[int]:
        return [torch.promote_types(torch.int8, torch.float16), torch.promote_types(torch.uint8, torch.int8)]

    @torch.jit.export
    def common(self, x: Tensor, y: Tensor, i: int, f: float, b: bool) -> List[int]:
        return [
            torch.result_type(x, y), torch.result_type(y, x), torch.result_type(x, i), torch.result_type(x, f),
            torch.result_type(b, y), torch.result_type(1j, x), torch.result_type(i, f), torch.result_type(b, i),
            torch.result_type(b, b), torch.result_type(f, 2j),
        ]  # fmt: skip

    @torch.jit.export
    def bytes(self, x: Tensor, k: int) -> List[int]:
        made = torch.zeros(2, dtype=order()[k])
        of = [made.element_size(), torch.ones_like(x, dtype=order()[k]).itemsize, x.to(order()[k]).element_size()]
        kinds = [made.is_floating_point(), made.is_complex(), made.is_signed(), made.dtype == torch.float]
        return [x.element_size(), x.itemsize, x.nbytes, x[:0].nbytes] + of + [int(kind) for kind in kinds]


F = torch.tensor([[1.0, 2.0], [0.0, 1.0]])
D, L, B, C = F.double(), F.long(), F > 0, F + 1j
CASES = {
    "products": [
        (x, y, what)
        for what in "matmul vector vectors mm bmm addmm baddbmm linear bias conv einsum lerp".split()
        for x, y in [(F, D), (F, F)]
    ],
    "pointwise": [
        (x, what)
        for what in "gelu silu relu neg sub and not shift abs floor remainder less power alpha hypot".split()
        for x in [F + 1, L + 1, B]
    ],
    "reduced": [
        (x, what) for what in "mean dim typed std norm softmax last argmax max layer_norm".split() for x in [F, L, B]
    ],
    "indexed": [
        (F, index, what)
        for what in "index gather select embedding scatter where fill masked_select".split()
        for index in [L * 0, F, B]
        if what != "embedding" or index is not B
    ],
    "complexes": [(C, what) for what in "relu neg and floor less maximum max argmax gelu".split()],
    "stored": [
        (x, y, what)
        for what in "add scale divide root out put item".split()
        for x, y in [(L, F), (F, L), (B, L), (F, D)]
    ],
}
CASES.update(
    {
        "asked": [(k,) for k in range(13)],
        "constant": [()],
        "sorted": [(F, F + 0, L), (F, D, L), (F, F + 0, F), (D, D + 0, L.int()), (L, L + 0, L + 1)],
        "common": [
            (x, y, 3, 0.5, True)
            for x in [L, F, B, C, L.to(torch.int8), F.half(), F.bfloat16()]
            for y in [D[0, 0], L[:, 0], B[0, 0], F[:0]]
        ],
        "bytes": [(x, k) for x, k in zip([F, D[0], L[0, 0], B, C, F.half(), D[:0]] * 2, range(13))],
    }
)
JUST_IN_TIME = True
