"""Fixtures of the Python tests: PYTHONPATH is build/python, and build/bin has the tools."""

import subprocess
from pathlib import Path

import pytest

import wick

BIN = Path(wick._wick.__file__).parents[2] / "bin"


@pytest.fixture(scope="session")
def artifact(tmp_path_factory) -> Path:
    """The hand-written artifact of the runtime's unit tests."""
    path = tmp_path_factory.mktemp("artifact") / "test.wick"
    subprocess.run([BIN / "wick-test-artifact", path], check=True)
    return path


@pytest.fixture(scope="session")
def module(artifact):
    return wick.load(artifact)


@pytest.fixture(autouse=True)
def native_only():
    """These tests say themselves what is given to the compiler."""
