"""Tensors and numbers that are given or not, as only run time knows, to operators that take either."""

from typing import Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Optionals(torch.nn.Module):
    last: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.last = None
        self.attention = torch.nn.MultiheadAttention(4, 2, batch_first=True)
        self.register_buffer("hidden", torch.arange(8.0).reshape(2, 4))

    def forward(self, x: Tensor, weight: Tensor, bias: Optional[Tensor] = None) -> Tensor:
        return F.linear(x, weight, bias)

    @torch.jit.export
    def track(self, x: Tensor, warm: bool) -> Tensor:
        flow, last = torch.zeros(x.size(0), 2), self.last
        if warm and last is not None and last.size(0) == x.size(0):
            flow = last * 2
        self.last = flow + x[:, :2]
        return flow

    @torch.jit.export
    def norm(self, x: Tensor, weight: Optional[Tensor] = None, bias: Optional[Tensor] = None) -> Tensor:
        return F.layer_norm(x, [4], weight, bias)

    @torch.jit.export
    def attend(self, x: Tensor, padding: Optional[Tensor] = None) -> Tensor:
        return self.attention(x, x, x, key_padding_mask=padding, need_weights=False)[0]

    @torch.jit.export
    def dot(self, x: Tensor, mask: Optional[Tensor] = None, scale: Optional[float] = None) -> Tensor:
        return F.scaled_dot_product_attention(x, x, x, mask, scale=scale)

    @torch.jit.export
    def clamp(self, x: Tensor, low: Optional[float] = None, high: Optional[float] = None) -> Tensor:
        return torch.clamp(x, low, high)

    @torch.jit.export
    def reset(self, done: Optional[Tensor] = None) -> Tuple[Tensor, int]:
        if done is None:
            self.hidden.zero_()
            return self.hidden, 0
        self.hidden[:, done] = -1.0
        return self.hidden, done.nonzero().size(0)

    @torch.jit.export
    def checked(self, x: Tensor, mask: Optional[Tensor] = None, skip: bool = False) -> Tensor:
        if mask is not None and not skip:
            x = x.masked_fill(mask, 0.0)[:, mask[0]]
        if mask is None:
            raise ValueError("a mask is needed")
        return x[:, mask[0]] if skip else x

    @torch.jit.export
    def standardize(self, x: Tensor, mean: Optional[Tensor], variance: Optional[Tensor], training: bool) -> Tensor:
        return F.batch_norm(x, mean, variance, training=training)

    @torch.jit.export
    def alone(self, x: Tensor, mean: Optional[Tensor] = None, variance: Optional[Tensor] = None) -> Tensor:
        return F.instance_norm(x, mean, variance, use_input_stats=mean is None)


X = torch.tensor([[0.5, -1.0, 2.0, 0.0], [1.0, 3.0, -0.5, 0.25]])
MASK = X > 0.2
SIGNATURE = [
    "track:x=?x4xf32",
    "standardize:x=?x4xf32",
    "standardize:mean=4xf32?",
    "standardize:variance=4xf32?",
    "alone:x=?x4x?xf32",
    "alone:mean=4xf32?",
    "alone:variance=4xf32?",
    "forward:x=?x4xf32",
    "forward:weight=?x4xf32",
    "forward:bias=?xf32?",
    "norm:x=?x4xf32",
    "norm:weight=4xf32?",
    "norm:bias=4xf32?",
    "attend:x=?x?x4xf32",
    "attend:padding=?x?xi1?",
    "dot:x=1x1x?x4xf32",
    "dot:mask=?x?xf32?",
    "clamp:x=?x4xf32",
    "reset:done=?xi1?",
    "checked:x=?x4xf32",
    "checked:mask=?x4xi1?",
]
CASES = {
    "track": [(X, True), (X, True), (X[:1], True), (X, False), (X, True)],
    "forward": [(X, X), (X, X, X[:, 0]), (X[:0], X, X[:, 1])],
    "norm": [(X,), (X, X[0]), (X, None, X[1]), (X, X[0], X[1])],
    "attend": [(X[None],), (X[None], torch.tensor([[False, True]])), (X[:, None], torch.zeros(2, 1, dtype=torch.bool))],
    "dot": [(X[None, None],), (X[None, None], X[:, :2]), (X[None, None], None, 2.0), (X[None, None], X[:, 2:], 0.5)],
    "clamp": [(X, 0.1), (X, None, 0.4), (X, 0.1, 0.4), (X,), (X, 0.1)],
    "reset": [(MASK[0],), (MASK[1],), (), (MASK[0],), (MASK[:, 0],), ()],
    "checked": [(X, MASK), (X, MASK, True), (X,), (X, None, True)],
}
