"""What all pytest tests share. WICK_BUILD_DIR names the build to test, build/ when it is not set."""

import os

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(scope="session")
def build_dir():
    return os.path.join(ROOT, os.environ.get("WICK_BUILD_DIR", "build"))
