"""What all pytest tests share. WICK_BUILD_DIR names the build to test, build/ when it is not set."""

import os

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(scope="session")
def build_dir():
    return os.path.join(ROOT, os.environ.get("WICK_BUILD_DIR", "build"))


@pytest.fixture(autouse=True)
def native_only(monkeypatch):
    """Tests are of native code, unless they replace this fixture: LibTorch does not stand in for what is missing."""
    monkeypatch.setenv("WICK_NO_FALLBACK", "1")
