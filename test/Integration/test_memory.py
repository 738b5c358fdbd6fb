"""Calls of random sizes, some of which raise, do not make the process grow.

WICK_MEMORY_CALLS says how many; the default takes a few seconds.
"""

import os
import random
import resource
from typing import Dict, List, Tuple

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")

from torch import Tensor  # noqa: E402

CALLS = int(os.environ.get("WICK_MEMORY_CALLS", "5000"))


class Program(torch.nn.Module):
    history: List[Tensor]
    seen: Dict[str, int]

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(8, 8)
        self.history = []
        self.seen = {}

    def forward(self, x: Tensor, parts: List[Tensor], name: str, n: int) -> Tuple[Tensor, List[str], int]:
        self.history.append(self.linear(x).sum(0))
        if len(self.history) > 4:
            self.history.pop(0)
        words: List[str] = []
        for i in range(n):
            words.append(f"{name} number {i} of many words that are too long to be kept in place")
        key = words[n // 2][:6]
        self.seen[key] = self.seen[key] + 1 if key in self.seen else 1
        if len(self.seen) > 3:
            raise ValueError(name)
        joined = torch.cat(parts)
        y = x.clone()
        for i in range(x.size(0)):
            y[i] = y[i] * 2 + torch.stack(self.history).sum(0)
        return y[:, : joined.size(0)], words, self.seen[key]


def resident():
    """Bytes of memory that the process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def test_calls_of_random_sizes(tmp_path):
    path = str(tmp_path / "program.pt")
    torch.jit.script(Program()).save(path)
    module = wick.compile(path, signature=["x=Nx8xf32", "1=[?xf32]"])
    session = module.session()
    rng, raised = random.Random(0), []

    def call():
        x = torch.ones(rng.randrange(1, 60), 8)
        parts = [torch.ones(rng.randrange(1, 9)) for _ in range(rng.randrange(1, 20))]
        try:
            session(x, parts, rng.choice("abcd"), rng.randrange(1, 30))
        except ValueError:
            raised.append(1)
            session.load_state_dict({"seen": {}}, strict=False)

    for _ in range(CALLS // 10):
        call()
    before = resident()
    for _ in range(CALLS):
        call()
    assert resident() - before < 4 << 20
    assert len(raised) > CALLS // 100


class Spiral(torch.nn.Module):
    def forward(self, n: int) -> List[complex]:
        points: List[complex] = []
        z = complex(1.0, 0.0)
        for i in range(n):
            z = z * complex(0.9, 0.1)
            points.append(z)
        return points


def test_complex_numbers(tmp_path):
    path = str(tmp_path / "spiral.pt")
    torch.jit.script(Spiral()).save(path)
    module = wick.compile(path, inputs=())
    for _ in range(50):
        module(200)
    before = resident()
    for _ in range(1000):
        module(200)
    assert resident() - before < 1 << 20
