"""A list that a dict of the state holds grows."""

from typing import Dict, List

import torch


class Program(torch.nn.Module):
    a: Dict[str, List[float]]

    def __init__(self):
        super().__init__()
        self.a = {"loss": []}

    def forward(self, x: float) -> List[float]:
        self.a["loss"].append(x)
        return self.a["loss"]


SIGNATURE = ["float"]
CALLS = [(1.5,), (2.5,)]
