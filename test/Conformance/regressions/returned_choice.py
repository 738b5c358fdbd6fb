"""A tuple holds a choice of two tensors, one of which is written before the tuple is returned."""

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x0: bool, x1: Tensor):
        if x0:
            v0 = (x1, 0)
        else:
            for _ in range(3):
                x1.detach().add_(1)
            v0 = (torch.full([4], 5, dtype=torch.int64), 2) if x0 else (x1, 7)
        x1.reshape(-1).mul_(7)
        return v0


SIGNATURE = ["bool", "4xi64"]
CALLS = [(False, torch.tensor([-2, 7, 5, -2])), (True, torch.tensor([-1, 5, 3, -1]))]
