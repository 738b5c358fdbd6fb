"""Operators without native code, run by LibTorch through libwick_aten.so, and what happens when that may not be."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
import wick  # noqa: E402

BIN = Path(wick._wick.__file__).parents[2] / "bin"
x = torch.tensor([[0.9, 0.2, 0.1, 0.4], [0.3, 0.8, 0.5, 0.1], [0.2, 0.6, 0.7, 0.3], [0.4, 0.1, 0.2, 0.95]])


@pytest.fixture(autouse=True)
def native_only(monkeypatch, tmp_path):
    """Here LibTorch may run what has no native code."""
    monkeypatch.delenv("WICK_NO_FALLBACK", raising=False)
    monkeypatch.setenv("WICK_CACHE", str(tmp_path / "cache"))


class Decompositions(torch.nn.Module):
    def forward(self, x):
        u, s, v = torch.linalg.svd(x)
        a = x @ x.t() + torch.eye(x.size(0))
        return s + 1, torch.linalg.cholesky(a).sum(), torch.linalg.inv(a) * 2


class Tuples(torch.nn.Module):
    def forward(self, x):
        values, indices = torch.kthvalue(x, 2, 1)
        mode, where = torch.mode(x, 0)
        return values * 2, indices + 1, mode, where


class InPlace(torch.nn.Module):
    def forward(self, x):
        y = x + 0.5
        y.digamma_()
        y[0].igamma_(x[1])
        return y * 2


class Views(torch.nn.Module):
    def forward(self, x):
        y = x * 2
        return torch.as_strided(y, [2, 2], [1, 2], 1) + 1


class Out(torch.nn.Module):
    def forward(self, x):
        y = torch.zeros(4)
        torch.special.i0e(x[0], out=y)
        values = torch.zeros(4)
        indices = torch.zeros(4, dtype=torch.int64)
        torch.kthvalue(x, 1, 1, values=values, indices=indices)
        return y + 1, values * 2, indices


class WrittenArgument(torch.nn.Module):
    def forward(self, x):
        x.digamma_()
        return x


class Lists(torch.nn.Module):
    def forward(self, x):
        parts = torch.tensor_split(x, 3)
        return torch.linalg.multi_dot([x, x + 1, x]), parts[0] + 1, torch.cartesian_prod(x[0], x[1])


class Strings(torch.nn.Module):
    def forward(self, x):
        q, r = torch.linalg.qr(x, "complete")
        return q @ r, torch.searchsorted(torch.arange(4.0), x[1] * 4, side="right")


class Optionals(torch.nn.Module):
    def forward(self, x):
        ordered, order = torch.kthvalue(x, 1, 1)
        found = torch.searchsorted(x[0], x[1], sorter=torch.argsort(x[0]) if self.training else None)
        return found + order, torch.histc(x, 4, 0.0, 1.0) * 2


class DataDependent(torch.nn.Module):
    def forward(self, x):
        values, inverse = torch._unique(x > 0.5, True, True)
        return values, inverse + 1


class Branches(torch.nn.Module):
    def forward(self, x):
        for i in range(3):
            if bool(x.sum() > 6):
                x = torch.digamma(x + i)
            else:
                x = x + 1
        return x


CASES = [
    Decompositions,
    Tuples,
    InPlace,
    Views,
    Out,
    WrittenArgument,
    Lists,
    Strings,
    Optionals,
    DataDependent,
    Branches,
]


def agree(model, signature=None):
    script = torch.jit.script(model)
    compiled = wick.compile(script, **({"signature": signature} if signature else {"inputs": (x.clone(),)}))
    expected_input, given_input = x.clone(), x.clone()
    expected, given = script(expected_input), compiled(given_input)
    torch.testing.assert_close(given, expected, equal_nan=True)
    torch.testing.assert_close(given_input, expected_input, equal_nan=True)
    return compiled


@pytest.mark.parametrize("model", CASES)
def test_agrees_with_libtorch(model):
    agree(model())


@pytest.mark.parametrize("model", [Decompositions, Tuples, InPlace, Strings, Branches])
def test_varying_sizes(model):
    agree(model(), signature="NxNxf32")


class Random(torch.nn.Module):
    def forward(self, x):
        y = torch.zeros(1000)
        z = torch.zeros(1000)
        return torch.poisson(x), torch.multinomial(x, 2), y.bernoulli_(0.5), z.bernoulli_(0.5)


def test_random_numbers_are_drawn_each_time():
    compiled = wick.compile(torch.jit.script(Random()), inputs=(x,))
    poisson, multinomial, a, b = compiled(x)
    again = compiled(x)[2]
    assert poisson.shape == x.shape and multinomial.shape == (4, 2) and multinomial.max() < 4
    assert 300 < a.sum() < 700 and not torch.equal(a, b) and not torch.equal(a, again)


def test_threads():
    compiled, expected = agree(Decompositions()), Decompositions()(x)
    failures = []

    def run():
        for _ in range(50):
            try:
                torch.testing.assert_close(compiled(x), expected)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


class Singular(torch.nn.Module):
    def forward(self, x):
        return torch.linalg.cholesky(x)


def test_errors_are_libtorchs_and_located():
    compiled = wick.compile(torch.jit.script(Singular()), inputs=(x,))
    with pytest.raises(wick.Error, match=r"(?s)linalg.cholesky.*positive-definite.*test_fallback.py"):
        compiled(-torch.eye(4))
    torch.testing.assert_close(compiled(torch.eye(4)), torch.eye(4))


@pytest.fixture
def archive(tmp_path):
    path = str(tmp_path / "model.pt")
    torch.jit.script(Decompositions()).save(path)
    return path


def run_tool(*arguments, **environment):
    command = [str(argument) for argument in arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def test_refused_when_not_allowed(archive):
    for arguments, environment in ((["--no-fallback"], {}), ([], {"WICK_NO_FALLBACK": "1"})):
        result = run_tool(
            BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", "/dev/null", *arguments, **environment
        )
        assert result.returncode == 1
        for name in ("linalg_svd", "linalg_cholesky", "linalg_inv"):
            assert f"operator 'aten::{name}' has no native implementation" in result.stderr
    with pytest.raises(wick.CompileError, match="aten::linalg_svd"):
        wick.compile(archive, inputs=(x,), fallback=False)


def test_explained(archive, tmp_path):
    result = run_tool(BIN / "wick", "explain", archive, "--input", "4x4xf32")
    assert "Operators that LibTorch runs" in result.stdout
    assert any("aten::linalg_svd at" in line and "test_fallback.py:" in line for line in result.stdout.splitlines())
    artifact = tmp_path / "model.wick"
    assert run_tool(BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", artifact).returncode == 0
    loaded = wick.load(artifact)
    assert json.loads(loaded.manifest)["fallback"] == ["aten::linalg_cholesky", "aten::linalg_inv", "aten::linalg_svd"]


LOAD = "import sys, wick; wick.load(sys.argv[1])((__import__('numpy').eye(4, dtype='float32'))); print('torch' in sys.modules)"


def test_the_library_is_found_without_torch_and_missed_by_name(archive, tmp_path):
    artifact = tmp_path / "model.wick"
    assert run_tool(BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", artifact).returncode == 0
    found = run_tool(sys.executable, "-c", LOAD, artifact)
    assert found.stdout == "False\n", found.stderr
    missing = run_tool(sys.executable, "-c", LOAD, artifact, WICK_ATEN_LIBRARY="/nowhere/libwick_aten.so")
    assert missing.returncode == 1
    for text in ("aten::linalg_svd", "/nowhere/libwick_aten.so", "WICK_ATEN_LIBRARY", "--no-fallback"):
        assert text in missing.stderr


def test_native_models_load_no_libtorch(tmp_path):
    artifact = tmp_path / "model.wick"
    path = str(tmp_path / "model.pt")
    torch.jit.script(torch.nn.Linear(4, 4)).save(path)
    assert run_tool(BIN / "wick", "compile", path, "--input", "4x4xf32", "-o", artifact).returncode == 0
    loaded = run_tool(sys.executable, "-c", LOAD + "; print('libtorch' in open('/proc/self/maps').read())", artifact)
    assert loaded.stdout == "False\nFalse\n", loaded.stderr
