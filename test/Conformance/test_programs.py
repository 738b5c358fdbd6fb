"""Random programs beside LibTorch, and programs that were once wrong. See programs/random_programs.py."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("wick")

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "programs"))
import execute  # noqa: E402
import random_programs  # noqa: E402
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


def test_random_programs(tmp_path):
    """The first ones of a seed, WICK_FUZZ_SEED, as far as the time reaches."""
    report = random_programs.Report()
    batches = random_programs.sources(str(tmp_path), int(os.environ.get("WICK_FUZZ_SEED", "1")), 80)
    random_programs.compare(batches, str(tmp_path), report, time.monotonic() + 40)
    assert not report.failures, "\n".join(f"{failure.path}: {failure.detail[:600]}" for failure in report.failures)
    assert report.kinds["equal"] > sum(report.kinds.values()) / 2, report.text()


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


SUITE = """
import unittest, torch

class Suite(unittest.TestCase):
    def test_halves(self):
        @torch.jit.script
        def halves(x, parts: int):
            if parts == 0:
                raise ValueError("no parts")
            return [x / parts for _ in range(parts)]
        halves(torch.ones(3), 2)
        with self.assertRaises(Exception):
            halves(torch.ones(3), 0)
"""


def test_captured_programs(tmp_path):
    """What a suite calls is recorded, with what it raises, and compared."""
    (tmp_path / "suite.py").write_text(SUITE)

    def captured(*arguments):
        command = [sys.executable, str(HERE / "programs" / "captured.py"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "1 tests, 2 calls" in captured("record", "--out", "calls", "suite.py")
    assert "2 of 2 as LibTorch (100.0 %): 1 equal, 1 raises" in captured("compare", "calls", "--calls", "all")
