"""What the runtime needs and weighs, and what a call costs."""

import re
import shutil
import subprocess
import timeit

import numpy as np
import pytest
from conftest import BIN

import wick

LIBRARY = BIN.parent / "lib" / "libwick_runtime.so"
LLVM = "/usr/lib/llvm-22/bin/llvm-"


def tool(name):
    found = shutil.which(name) or shutil.which(LLVM + name)
    if not found:
        pytest.skip(f"there is no {name}")
    return found


def test_the_runtime_needs_the_c_and_cxx_libraries_only():
    for file in (LIBRARY, BIN / "wick-run"):
        text = subprocess.run([tool("readelf"), "-d", file], check=True, capture_output=True, text=True).stdout
        needed = set(re.findall(r"NEEDED.*\[([^\]]+)\]", text))
        allowed = {"libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6", "ld-linux-x86-64.so.2"}
        assert needed - {"libwick_runtime.so.0"} <= allowed


def test_the_runtime_is_small(tmp_path):
    stripped = tmp_path / "stripped.so"
    subprocess.run([tool("strip"), "-o", stripped, LIBRARY], check=True)
    assert stripped.stat().st_size <= 2 << 20


def test_only_the_c_interface_is_exported():
    text = subprocess.run([tool("nm"), "-D", "--defined-only", LIBRARY], check=True, capture_output=True, text=True)
    names = [line.split()[2] for line in text.stdout.splitlines()]
    foreign = [name for name in names if not name.startswith(("wick_", "_ZTS", "_ZTI", "_ZSt", "_ZNSt", "_ZZNSt"))]
    assert "wick_call" in names and not foreign


def best_microseconds(function):
    return min(timeit.repeat(function, number=1000, repeat=20)) * 1000


def test_a_small_call_takes_less_than_a_microsecond_in_c(artifact):
    command = [BIN / "wick-run", artifact, "--method", "add", "--random", "--time", "20000", "--threads", "1"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert float(re.search(r"best ([0-9.]+)", text)[1]) < 1


def test_a_small_call_takes_less_than_three_microseconds_in_python(artifact):
    add = wick.load(artifact, threads=1).add
    x = np.ones((4, 3), np.float32)
    assert best_microseconds(lambda: add(x, x)) < 3


def test_a_small_call_with_torch(artifact):
    torch = pytest.importorskip("torch")
    add = wick.load(artifact, threads=1).add
    x = torch.ones(4, 3)
    assert best_microseconds(lambda: add(x, x)) < 3
