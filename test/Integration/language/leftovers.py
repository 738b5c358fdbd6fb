"""Sizes that follow from others: -1 in views and expansions, parts by lists, images without elements."""

from typing import List, Optional

import torch
import torch.nn.functional as F
from torch import Tensor


class Leftovers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.up = torch.nn.ConvTranspose1d(4, 3, 2)
        self.wide = torch.nn.Conv1d(4, 3, 2, padding=1)

    @torch.jit.export
    def windows(self, x: Tensor) -> Tensor:
        return F.unfold(x, kernel_size=[2, 2]).view(x.size(0), 3, 2, 2, -1)

    @torch.jit.export
    def rows(self, x: Tensor) -> Tensor:
        return x.reshape(x.size(0), -1)

    @torch.jit.export
    def split(self, x: Tensor, sizes: List[int]) -> List[Tensor]:
        return x.split(sizes, 0)

    @torch.jit.export
    def upsampled(self, x: Tensor) -> Tensor:
        return self.up(x)

    @torch.jit.export
    def widened(self, x: Tensor) -> Tensor:
        return self.wide(x)

    @torch.jit.export
    def sampled(self, x: Tensor, grid: Tensor) -> Tensor:
        return F.grid_sample(x, grid, mode="bilinear", align_corners=False)

    @torch.jit.export
    def resized(self, x: Optional[Tensor], height: int) -> List[Tensor]:
        images: List[Tensor] = []
        parts: Optional[List[Tensor]] = None
        if x is not None:
            parts = x.split([1, 1], 0)
        for i in range(2):
            if parts is not None:
                for image in F.pad(parts[i][0], (1,) * 4):
                    image = image.expand((1, 1, -1, -1))
                    images.append(F.interpolate(image, size=(height, 3), mode="bilinear", align_corners=False)[0][0])
        return images


def numbers(*sizes):
    return torch.arange(float(torch.Size(sizes).numel())).reshape(sizes)


SIGNATURE = [
    "windows:x=?x3x?x?xf32",
    "rows:x=?x?x2xf32",
    "split:x=?x3xf32",
    "upsampled:x=?x4x?xf32",
    "widened:x=?x4x?xf32",
    "sampled:x=?x2x?x?xf32",
    "sampled:grid=?x?x?x2xf32",
    "resized:x=?x2x?x?xf32?",
]
CALLS = [
    ("windows", numbers(1, 3, 4, 5)),
    ("windows", numbers(0, 3, 4, 5)),
    ("windows", numbers(0, 3, 4, 1)),
    ("rows", numbers(2, 3, 2)),
    ("rows", numbers(2, 0, 2)),
    ("rows", numbers(0, 3, 2)),
    ("split", numbers(4, 3), [1, 3]),
    ("split", numbers(4, 3), [1, 4]),
    ("split", numbers(4, 3), [5, -1]),
    ("split", numbers(4, 3), []),
    ("split", numbers(0, 3), [0, 0]),
    *((method, numbers(*sizes)) for method in ("upsampled", "widened") for sizes in ((2, 4, 3), (2, 4, 0), (0, 4, 0))),
    ("sampled", numbers(1, 2, 3, 4), numbers(1, 2, 2, 2) / 9),
    ("sampled", numbers(0, 2, 3, 4), numbers(0, 2, 2, 2)),
    ("sampled", numbers(1, 2, 3, 4), numbers(1, 0, 2, 2)),
    ("resized", numbers(2, 2, 3, 3), 4),
    ("resized", None, 4),
]
