"""Operators along dims that only run time knows, from either end and out of range."""

from typing import List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Dims(torch.nn.Module):
    @torch.jit.export
    def reduce(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        return x.sum(d), x.mean(d, keepdim=True), x.std(d), (x > 2).all(d)

    @torch.jit.export
    def normalize(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, Tensor]:
        return torch.softmax(x, d), F.log_softmax(x, dim=d), F.normalize(x, dim=d)

    @torch.jit.export
    def kept(self, x: Tensor, d: int, keep: bool) -> Tuple[Tensor, Tensor, Tensor]:
        low = x.amin(d, keepdim=keep)
        return x.sum(d, keepdim=keep), torch.std(x, d, unbiased=not keep, keepdim=keep), low / low.numel()

    @torch.jit.export
    def gathered(self, x: Tensor, index: Tensor, d: int, n: int) -> Tuple[Tensor, Tensor]:
        shape = list(x.shape)
        shape[d] = n
        view = [1] * x.dim()
        view[d] = -1
        index = index.view(view).expand_as(x)
        return torch.zeros(shape).scatter_add_(d, index, x), x.new_zeros(shape).scatter_reduce(d, index, x, "amax")

    @torch.jit.export
    def centred(self, x: Tensor, d: int) -> Tensor:
        high, _ = x.max(d, keepdim=True)
        e = (x - high).exp()
        return e / e.sum(d, keepdim=True)

    @torch.jit.export
    def extremes(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        values, indices = x.min(d)
        return values, indices, x.argmax(d), x.logsumexp(d)

    @torch.jit.export
    def joined(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor]:
        return torch.cat([x, -x], d), torch.stack([x, -x], d)

    @torch.jit.export
    def ordered(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, Tensor]:
        return x.sort(d, descending=True)[0], x.topk(2, d)[0], torch.cumsum(x, d)

    @torch.jit.export
    def moved(self, x: Tensor, a: int, b: int) -> Tuple[Tensor, Tensor]:
        return x.transpose(a, b) * 1, x.permute(a, b) * 2

    @torch.jit.export
    def parts(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, List[Tensor], List[Tensor]]:
        return x.select(d, 0) + 1, x.narrow(d, 0, 1) + 1, x.chunk(2, d), x.unbind(d)

    @torch.jit.export
    def shaped(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, int]:
        return x.unsqueeze(d) * 2, x.squeeze(d) * 3, x.size(d)

    @torch.jit.export
    def indexed(self, x: Tensor, d: int, index: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        zeros = torch.zeros([1, 1], dtype=torch.long)
        return x.index_select(d, index), x.gather(d, zeros), x.scatter(d, zeros, 5.0)

    @torch.jit.export
    def turned(self, x: Tensor, d: int) -> Tuple[Tensor, Tensor, Tensor]:
        return x.flip([d]), x.roll(1, d), F.glu(torch.cat([x, x], d), d)

    @torch.jit.export
    def written(self, x: Tensor, d: int) -> Tensor:
        x.select(d, 1).add_(10)
        x.transpose(0, d)[0] *= 2
        return x

    @torch.jit.export
    def all_sums(self, x: Tensor, n: int) -> List[Tensor]:
        sums: List[Tensor] = []
        for d in range(n):
            sums.append(x.sum(d))
        return sums


X = torch.tensor([[3.0, 1.0, 2.0], [4.0, 0.5, -1.0]])
SIGNATURE = [
    f"{method}:x=?x3xf32"
    for method in (
        "reduce normalize kept gathered centred extremes joined ordered moved parts shaped indexed turned written all_sums"
    ).split()
] + ["indexed:index=?xi64", "gathered:index=?xi64"]
METHODS = ("reduce", "normalize", "centred", "extremes", "joined", "ordered", "parts", "shaped", "turned", "written")
CALLS = [(method, X, d) for method in METHODS for d in (0, 1, -1, -2, 2)]
CALLS += [("reduce", X[:0], 1), ("shaped", X[:1], 0), ("joined", X, -3)]
CALLS += [("moved", X, a, b) for a, b in ((0, 1), (1, 0), (-1, -2), (1, 1), (0, 2))]
CALLS += [("kept", X, d, keep) for d in (0, 1, -1, 2) for keep in (True, False)]
CALLS += [("gathered", X, torch.tensor([1, 0, 1])[: X.size(d)], d, 2) for d in (0, 1)]
CALLS += [("indexed", X, d, torch.tensor([1, 0])) for d in (0, -1, 3)]
CALLS += [("all_sums", X, n) for n in (0, 1, 2, 3)]
