"""Methods that write parameters which others compute with, by way of helpers that hand them on, compiled one by one."""

from typing import Dict, List

import torch
import torch.nn.functional as F
from torch import Tensor


class Tuned(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 4)
        self.second = torch.nn.Linear(4, 2)
        self.table = torch.nn.Embedding(5, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        with torch.no_grad():
            for i, parameter in enumerate(self.parameters()):
                parameter.copy_(torch.arange(float(parameter.numel())).view_as(parameter) * 0.1 - 0.05 * i)

    def weights(self) -> Dict[str, Tensor]:
        return {"first": self.first.weight, "second": self.second.weight}

    def scale(self, x: Tensor, factor: float) -> None:
        x.mul_(factor)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(F.relu(self.first(self.norm(x))))

    @torch.jit.export
    def embed(self, index: Tensor) -> Tensor:
        return self.table(index)

    @torch.jit.export
    def clip(self, limit: float) -> List[float]:
        norms: List[float] = []
        for weight in self.weights().values():
            norm = torch.linalg.vector_norm(weight.detach())
            norms.append(float(norm))
            if norm > limit:
                weight.data.mul_(limit / norm)
        return norms

    @torch.jit.export
    def shrink(self, factor: float) -> float:
        self.scale(self.first.bias, factor)
        return float(self.first.bias.sum())

    @torch.jit.export
    def observe(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, self.norm.running_mean, self.norm.running_var, training=True)

    @torch.jit.export
    def look(self) -> List[Tensor]:
        return [self.first.weight * 1, self.second.weight * 1, self.first.bias * 1]


JUST_IN_TIME = True
X = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]])
ROWS = torch.tensor([4, 0])
CALLS = [
    ("forward", X),
    ("embed", ROWS),
    ("look",),
    ("clip", 1.0),
    ("forward", X),
    ("look",),
    ("shrink", 0.5),
    ("forward", X),
    ("observe", X),
    ("forward", X),
    ("clip", 10.0),
    ("embed", ROWS),
    ("look",),
]
TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}
