"""How random programs are made smaller. See programs/fuzz.py."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("wick")

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "programs"))
import execute  # noqa: E402
import shrink  # noqa: E402

PROGRAM = """
import torch

class Program(torch.nn.Module):
    def forward(self, x: int, y: int) -> int:
        if x > 1:
            y = y + x
            x = y * 2
        return y - x

SIGNATURE = ["int", "int"]
CALLS = [(2, 3)]
"""


class Suspicious(execute.Worker):
    """Says that programs differ which add their arguments."""

    def run(self, paths):
        return [
            execute.Outcome(path, "difference" if "y + x" in Path(path).read_text() else "equal", "") for path in paths
        ]


def test_shrink(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "Worker", Suspicious)
    small = shrink.shrink(PROGRAM, execute.Outcome("", "difference", ""), str(tmp_path), 20)
    assert "y + x" in small and "y * 2" not in small and "if" not in small
