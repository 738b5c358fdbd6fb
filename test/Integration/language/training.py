"""Modules in training mode, whose statistics are state."""

from typing import Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Training(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(5)
        self.usual = nn.BatchNorm1d(3)
        self.cumulative = nn.BatchNorm2d(3, momentum=None)
        self.bare = nn.BatchNorm2d(3, affine=False, track_running_stats=False)
        self.sample = nn.InstanceNorm2d(3, affine=True, track_running_stats=True)
        self.frozen = nn.BatchNorm1d(3).eval()
        self.block = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("variance", torch.ones(3))

    @torch.jit.export
    def flat(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        y = self.usual(x) + self.frozen(x)
        count = self.usual.num_batches_tracked
        assert count is not None
        mean, variance = self.usual.running_mean, self.usual.running_var
        assert mean is not None and variance is not None
        return y, mean.clone(), variance.clone(), count.clone()

    @torch.jit.export
    def image(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        y = self.cumulative(x) + self.bare(x)
        mean = self.cumulative.running_mean
        assert mean is not None
        return y, mean.clone()

    @torch.jit.export
    def samples(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        y = self.sample(x)
        mean, variance = self.sample.running_mean, self.sample.running_var
        assert mean is not None and variance is not None
        return y, mean.clone(), variance.clone()

    @torch.jit.export
    def blocks(self, x: Tensor) -> Tensor:
        return self.block(x)

    @torch.jit.export
    def choose(self, x: Tensor, training: bool) -> Tuple[Tensor, Tensor, Tensor]:
        y = F.batch_norm(x, self.mean, self.variance, training=training, momentum=0.25)
        return y, self.mean.clone(), self.variance.clone()


torch.manual_seed(1)
X = torch.randn(5, 3)
IMAGE = torch.randn(2, 3, 6, 5)
SIGNATURE = [
    "flat:x=Bx3xf32",
    "image:x=Bx3xHxWxf32",
    "samples:x=2x3x6x5xf32",
    "blocks:x=Bx3x6x5xf32",
    "choose:x=5x3xf32",
]
CASES = {
    "flat": [(X,), (X * 3 + 1,), (X[:3] - 2,), (X[:1],)],
    "image": [(IMAGE,), (IMAGE[:1] * 2,), (IMAGE[:, :, 1:] + 1,)],
    "samples": [(IMAGE,), (IMAGE * 2 - 1,)],
    "blocks": [(IMAGE,), (IMAGE[:1] * 2 + 3,)],
    "choose": [(X, True), (X, False), (X * 2, True), (X, False)],
}
