"""Programs that were once wrong, beside LibTorch, and how random ones are made smaller. See programs/fuzz.py."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("wick")

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "programs"))
import execute  # noqa: E402
import shrink  # noqa: E402

REGRESSIONS = sorted((HERE / "regressions").glob("*.py"))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    worker = execute.Worker(str(tmp_path_factory.mktemp("regressions")))
    found = worker.run([str(path) for path in REGRESSIONS])
    worker.stop()
    return {outcome.path: outcome for outcome in found}


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_regression(path, outcomes):
    outcome = outcomes[str(path)]
    assert outcome.kind in ("equal", "raises"), outcome.detail


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
