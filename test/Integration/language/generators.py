"""Generators of random numbers as values: made, seeded, chosen, in containers, and going on from call to call."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor


def noise(like: Tensor, generator: Optional[torch.Generator]) -> Tensor:
    return torch.randn(like.size(), generator=generator) * 0.5


class Generators(torch.nn.Module):
    def forward(self, seed: int) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        g = torch.Generator()
        g.manual_seed(seed)
        weights = torch.tensor([[0.1, 0.2, 0.7], [0.5, 0.5, 0.0]])
        return (
            torch.rand([3], generator=g),
            torch.randint(0, 100, [2, 2], generator=g),
            torch.randperm(6, generator=g),
            torch.multinomial(weights, 2, generator=g),
            torch.bernoulli(weights, generator=g),
            torch.normal(1.0, 2.0, [20], generator=g),
        )

    @torch.jit.export
    def in_place(self, x: Tensor, seed: int) -> Tensor:
        g = torch.Generator(device="cpu")
        g.manual_seed(seed)
        y = torch.empty_like(x).uniform_(-1.0, 1.0, generator=g)
        y.add_(torch.empty_like(x).normal_(0.0, 1.0, generator=g))
        y.mul_(torch.empty_like(x).bernoulli_(0.5, generator=g))
        y.add_(torch.empty_like(x).random_(0, 5, generator=g))
        y.add_(torch.empty_like(x).exponential_(2.0, generator=g).clamp(max=3.0))
        return y + torch.empty_like(x).geometric_(0.5, generator=g) + torch.empty_like(x).log_normal_(generator=g)

    @torch.jit.export
    def goes_on(self, steps: int) -> List[Tensor]:
        # Not seeded: each call goes on where the one before ended.
        g = torch.Generator()
        return [torch.rand([2], generator=g) for _ in range(steps)]

    @torch.jit.export
    def chosen(self, x: Tensor, second: bool) -> Tuple[Tensor, Tensor, bool]:
        a, b = torch.Generator(), torch.Generator()
        a.manual_seed(1)
        b.manual_seed(2)
        g = b if second else a
        own = noise(x, g)
        return own, noise(x, a), g is b

    @torch.jit.export
    def kept(self, x: Tensor, names: List[str]) -> Dict[str, Tensor]:
        streams: Dict[str, torch.Generator] = {"left": torch.Generator(), "right": torch.Generator()}
        for i, name in enumerate(streams):
            streams[name].manual_seed(7 + i)
        drawn: Dict[str, Tensor] = {}
        for name in names:
            part = noise(x, streams[name])
            drawn[name] = drawn[name] + part if name in drawn else part
        return drawn


X = torch.zeros(3, 2)
SIGNATURE = ["forward:seed=int", "in_place:x=AxBxf32", "goes_on:steps=int", "chosen:x=AxBxf32", "kept:x=AxBxf32"]
CASES = {
    "forward": [(5,), (0,), (-3,), (2**40 + 1,)],
    "in_place": [(X, 3), (torch.zeros(5, 7), 11)],
    "goes_on": [(2,), (0,), (3,)],
    "chosen": [(X, True), (X, False)],
    "kept": [(X, ["left", "right", "left"]), (X, ["right"])],
}
