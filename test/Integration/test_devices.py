"""Tensors on other devices: programs that only name them run, what would make tensors there raises."""

from typing import Optional

import pytest
import torch
from torch import Tensor

import wick


class Devices(torch.nn.Module):
    def forward(self, x: Tensor, device: torch.device) -> Tensor:
        return x.to(device) + torch.ones(2, device=device)

    @torch.jit.export
    def branches(self, x: Tensor, move: bool) -> Tensor:
        if move:
            x = x.to("cuda:1")
        return x * 2.0

    @torch.jit.export
    def drawn(self, device: Optional[torch.device]) -> Tensor:
        return torch.randint(3, [4], device=device)

    @torch.jit.export
    def same(self, x: Tensor) -> Tensor:
        y = torch.zeros_like(x, device=x.device)
        if x.device == torch.device("cuda"):
            y = y.to("cuda")
        return y + torch.arange(2, device="cpu").to(x.device)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("devices") / "devices.pt"
    torch.jit.script(Devices()).save(str(path))
    return wick.compile(path)


def test_this_device(model):
    x = torch.ones(2)
    assert torch.equal(model(x, torch.device("cpu")), x * 2)
    assert torch.equal(model(x, torch.device("cpu:0")), x * 2)
    assert torch.equal(model.branches(x, False), x * 2)
    assert torch.equal(model.same(x), torch.tensor([0.0, 1.0]))
    assert model.drawn(None).shape == (4,)


@pytest.mark.parametrize("device", ["cuda", "cuda:1", "meta", "xpu"])
def test_other_devices(model, device):
    text = f"device '{device}' is not available: tensors are on the CPU"
    with pytest.raises(wick.Error, match=text):
        model(torch.ones(2), torch.device(device))
    with pytest.raises(wick.Error, match=text):
        model.drawn(torch.device(device))
    with pytest.raises(wick.Error, match="device 'cuda:1' is not available"):
        model.branches(torch.ones(2), True)
    assert torch.equal(model.branches(torch.ones(2), False), torch.full((2,), 2.0))
