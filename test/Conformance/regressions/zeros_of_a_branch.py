"""A branch gives zeros that are read again afterwards, the other branch a product that begins with zeros."""

from typing import Dict, List

import torch
from torch import Tensor


class Program(torch.nn.Module):
    def forward(self, x: Tensor, stored: List[str]) -> Dict[str, Tensor]:
        product = torch.ones([1, 2]) @ torch.full([2, 3], -0.5)
        kept = {"b": 2.0 - torch.zeros([1, 3]), "a": product if bool(x.any()) else torch.zeros([1, 3])}
        for name in stored:
            if name in kept:
                kept = {key: torch.zeros([1, 3]) for key in [name, name]}
        return kept


SIGNATURE = ["?xbool", "[str]"]
CALLS = [(torch.tensor([True]), ["a"]), (torch.tensor([False]), ["c"]), (torch.tensor([True]), ["b", "a"])]
