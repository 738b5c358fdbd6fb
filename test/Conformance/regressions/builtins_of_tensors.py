"""Python's builtins and operators on tensors."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, y: Tensor, n: Tensor):
        numbers = (max(n[0], n[1]), min(float(x[0]), 2), len(x), bool(x[0]), int(x[0]), float(n[1]))
        powers = (pow(x, 2), 2**x, x**y, x // 2, x % y, x @ y, -x, ~(x > 0))
        return abs(x), abs(x.sum()), abs(n), numbers, powers, divmod(7, len(y))


SIGNATURE = ["2xf32", "2xf32", "2xi64"]
CALLS = [
    (torch.tensor([-1.5, 2.0]), torch.tensor([1.5, 2.0]), torch.tensor([-3, 4])),
    (torch.tensor([0.5, -2.0]), torch.tensor([3.0, 0.5]), torch.tensor([5, -4])),
]
