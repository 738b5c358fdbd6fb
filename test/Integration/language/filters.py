"""Filters of sizes that follow from arguments: moving averages, blurs, a filter for each example, crops of resized images."""

from typing import Tuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Filters(torch.nn.Module):
    @torch.jit.export
    def seasonal(self, x: Tensor, window: int) -> Tuple[Tensor, Tensor]:
        front = x[:, :1].repeat(1, (window - 1) // 2)
        end = x[:, -1:].repeat(1, window // 2)
        padded = torch.cat([front, x, end], dim=1)
        trend = torch.conv1d(padded.unsqueeze(1), torch.ones(1, 1, window) / window).squeeze(1)
        return trend, x - trend

    @torch.jit.export
    def smooth(self, x: Tensor, window: int) -> Tensor:
        y = torch.conv1d(x.unsqueeze(1), torch.full([1, 1, window], 1.0 / window), padding=window // 2)
        return y[:, 0, : x.size(1)] + x

    @torch.jit.export
    def in_groups(self, x: Tensor, m: int) -> Tensor:
        p = (m - x.shape[-1] % m) % m
        y = F.pad(x, [p // 2, p - p // 2, 0, 0], mode="replicate")
        return y.view(x.size(0), x.size(1), x.size(2), -1, m).mean(-1)

    @torch.jit.export
    def blur(self, x: Tensor, size: int, sigma: float) -> Tensor:
        t = torch.arange(size, dtype=torch.float32) - (size - 1) / 2
        g = torch.exp(-((t / sigma) ** 2) / 2)
        g = g / g.sum()
        kernel = (g.unsqueeze(1) * g.unsqueeze(0)).expand(x.size(1), 1, size, size)
        x = F.pad(x, [size // 2, size // 2, size // 2, size // 2], mode="reflect")
        return F.conv2d(x, kernel, groups=x.size(1))

    @torch.jit.export
    def filter_each(self, x: Tensor, w: Tensor) -> Tensor:
        n, c = x.size(0), x.size(1)
        y = F.conv2d(x.reshape(1, n * c, x.size(2), x.size(3)), w.reshape(-1, c, w.size(3), w.size(4)), groups=n)
        return y.view(n, -1, y.size(2), y.size(3))

    @torch.jit.export
    def cropped(self, x: Tensor, size: int) -> Tensor:
        short = min(x.shape[-2], x.shape[-1])
        h, w = int(size * x.shape[-2] / short), int(size * x.shape[-1] / short)
        y = F.interpolate(x, [h, w], mode="bilinear", align_corners=False, antialias=True)
        top, left = (h - size) // 2, (w - size) // 2
        return (y[:, :, top : top + size, left : left + size] - 0.5) / 0.25


X = torch.sin(torch.arange(24.0)).reshape(2, 12)
IMAGE = torch.sin(torch.arange(1080.0)).reshape(1, 3, 18, 20)
SIGNATURE = [
    "seasonal:x=BxTxf32",
    "smooth:x=BxTxf32",
    "in_groups:x=1xCxHxWxf32",
    "blur:x=1xCxHxWxf32",
    "filter_each:x=NxCxHxWxf32",
    "filter_each:w=NxOxCxKxKxf32",
    "cropped:x=1x3xHxWxf32",
]
FILTERED = torch.cos(torch.arange(300.0)).reshape(2, 3, 5, 10)
CASES = {
    "seasonal": [(X, 5), (X, 4), (X[:1, :3], 1), (X, 0)],
    "smooth": [(X, 3), (X[:1, :5], 4), (X, 99), (X[:, :2], -1)],
    "in_groups": [(IMAGE, 7), (IMAGE[:, :1], 5)],
    "blur": [(IMAGE, 5, 1.5), (IMAGE[:, :2, :7], 3, 0.5), (IMAGE[:, :, :2], 7, 1.0)],
    "filter_each": [(FILTERED, torch.ones(2, 4, 3, 2, 2) / 9), (FILTERED[:1], torch.ones(1, 1, 3, 4, 4))],
    "cropped": [(IMAGE, 7), (IMAGE[:, :, :5], 9)],
}
