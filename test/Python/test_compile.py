"""wick.compile: what it asks of the compiler, just-in-time calls and the cache on disk. The compiler is a fake."""

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import wick
from wick import _sizes

FAKE = Path(__file__).parent / "fake_compiler.py"


class Compiler:
    """The fake compiler as the environment selects it."""

    def __init__(self, directory, monkeypatch):
        self.monkeypatch = monkeypatch
        self.log = directory / "log"
        self.cache = directory / "cache"

    def runs(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def cached(self):
        return sorted(self.cache.glob("*.wick"))


@pytest.fixture
def compiler(artifact, tmp_path, monkeypatch):
    made = Compiler(tmp_path, monkeypatch)
    monkeypatch.setenv("WICK_COMPILER", str(FAKE))
    monkeypatch.setenv("WICK_CACHE", str(made.cache))
    monkeypatch.setenv("FAKE_ARTIFACT", str(artifact))
    monkeypatch.setenv("FAKE_LOG", str(made.log))
    return made


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "model.pt"
    path.write_bytes(b"an archive")
    return path


X = np.ones((2, 3), np.float32)


def test_inputs_become_options(compiler, archive):
    wick.compile(archive, inputs=(X, 3, (X[0], None)))
    wick.compile(archive, inputs={"x": X}, target="x86-64-v4", fallback=False)
    wick.compile(archive, signature="Bx3xf32, Bx3xf32", methods=["add"])
    wick.compile(archive, signature={"add:x": "Bx3xf32"})
    assert compiler.runs() == [
        "--input 0=2x3xf32 --input 1=int --input 2=(3xf32, none)",
        "--input x=2x3xf32 --target x86-64-v4 --no-fallback",
        "--input Bx3xf32 --input Bx3xf32 --method add",
        "--input add:x=Bx3xf32",
    ]


def test_sources(compiler, archive):
    for source in (archive, str(archive), archive.read_bytes(), io.BytesIO(archive.read_bytes()), open(archive, "rb")):
        assert wick.compile(source, inputs=X).name == "Test"
    assert len(compiler.runs()) == 1, "the same bytes are the same model"
    with pytest.raises(FileNotFoundError):
        wick.compile(archive.parent / "missing.pt")
    with pytest.raises(TypeError, match="cannot compile an object of type int"):
        wick.compile(3)
    with pytest.raises(ValueError, match="device 'cuda' is not supported"):
        wick.compile(archive, device="cuda")


def test_modules_of_torch(compiler):
    torch = pytest.importorskip("torch")
    linear = torch.nn.Linear(3, 3)
    with pytest.raises(TypeError, match="Linear is a module of Python's; make it TorchScript first"):
        wick.compile(linear)
    assert wick.compile(torch.jit.script(linear), inputs=torch.ones(2, 3)).name == "Test"


def test_just_in_time(compiler, archive):
    model = wick.compile(archive)
    assert compiler.runs() == [] and "JitModule" in repr(model)
    for x in (X, X, X[:1], X[:0], np.ones((9, 3), np.float32)):
        np.testing.assert_array_equal(model.add(x, y=x), x + x)
    runs = [
        "--input add:0=2x3xf32 --input add:y=2x3xf32 --method add --late-errors",
        "--input add:0=s0x3xf32 --input add:y=s0x3xf32 --method add --late-errors",
    ]
    assert compiler.runs() == runs
    with pytest.raises(wick.ArgumentError):  # from the artifact of the fake compiler, which is for three columns
        model.add(np.ones((9, 4), np.float32), y=np.ones((9, 4), np.float32))
    assert compiler.runs()[2:] == [runs[1].replace("x3x", "xs1x")]
    again = wick.compile(archive)  # as in the next process
    again.add(X, y=X)
    assert len(compiler.runs()) == 3 and len(compiler.cached()) == 3


def test_sizes_of_two_calls():
    cases = {
        ("a=2x3xf32 b=2xi64", "a=5x3xf32 b=5xi64"): "a=s0x3xf32 b=s0xi64",
        ("a=s0x3xf32 b=s0xi64", "a=5x3xf32 b=6xi64"): "a=s0x3xf32 b=s1xi64",
        ("a=(2x3xf32, [?x2xf32])", "a=(2x4xf32, [3x2xf32])"): "a=(2xs0xf32, [?x2xf32])",
        ("a=[?x3xf32; 2]", "a=[4x5xf32; 2]"): "a=[?xs0xf32; 2]",
        ("a=3xf32", "a=f32"): None,  # another rank
        ("a=[f32]", "a=[2xf32]"): None,
        ("a=3xf32", "a=3x1xf32"): None,
        ("a=3xf32", "a=4xf64"): None,
        ("a=3xf32", "a=3xf32"): None,
        ("a=[1, 2]", "a=[1, 3]"): None,
    }
    for (first, second), expected in cases.items():
        assert _sizes.generalize(first, second) == expected
        if expected:
            assert _sizes.matcher(expected).fullmatch(second)
            assert not _sizes.matcher(expected).fullmatch(second.replace("f32", "f64"))
    assert not _sizes.matcher("a=s0xf32 b=s0xf32").fullmatch("a=1xf32 b=2xf32")
    assert _sizes.widen("a=1x3xf32 b=0x1xi64 c=[1, 0]") == "a=s0x3xf32 b=s1xs2xi64 c=[1, 0]"


def test_code_for_one_size_where_that_for_any_is_refused(compiler, archive):
    compiler.monkeypatch.setenv("FAKE_REFUSED", "s0")
    model = wick.compile(archive)
    for rows in (1, 2, 3, 2):
        x = np.ones((rows, 3), np.float32)
        np.testing.assert_array_equal(model.add(x, y=x), x + x)
    inputs = [run.split()[1] for run in compiler.runs()]
    assert inputs == ["add:0=1x3xf32", "add:0=s0x3xf32", "add:0=2x3xf32", "add:0=3x3xf32"]


def test_many_shapes_need_little_memory(compiler, archive):
    model = wick.compile(archive)
    for rows in range(2000):
        x = np.ones((rows, 3), np.float32)
        model.add(x, y=x)
    assert len(compiler.runs()) == 2
    assert len(model.method("add")._calls) <= 1024


def test_errors_of_the_compiler(compiler, archive):
    compiler.monkeypatch.setenv("FAKE_FAILURE", "model.py:3: 'aten::foo' is not supported")
    with pytest.raises(wick.CompileError, match="^model.py:3: 'aten::foo' is not supported$"):
        wick.compile(archive, inputs=X)
    assert list(compiler.cache.iterdir()) == [], "nothing half-written"
    compiler.monkeypatch.setenv("WICK_COMPILER", "/nonexistent/wick")
    with pytest.raises(wick.CompileError, match="cannot run the compiler '/nonexistent/wick'"):
        wick.compile(archive, inputs=X)


def test_the_cache_can_be_off(compiler, archive):
    compiler.monkeypatch.setenv("WICK_CACHE", "off")
    for _ in range(2):
        np.testing.assert_array_equal(wick.compile(archive, inputs=X).add(X, X), X + X)
    assert len(compiler.runs()) == 2 and not compiler.cache.exists()


def test_damaged_files_are_made_again(compiler, archive):
    wick.compile(archive, inputs=X)
    [file] = compiler.cached()
    file.write_bytes(file.read_bytes()[:100])
    assert wick.compile(archive, inputs=X).name == "Test"
    assert len(compiler.runs()) == 2


def test_the_size_is_limited(compiler, archive, artifact):
    compiler.monkeypatch.setenv("WICK_CACHE_SIZE", str(2 * artifact.stat().st_size))
    for i in range(4):
        wick.compile(archive, inputs=np.ones((i + 1, 3), np.float32))
        for age, file in enumerate(sorted(compiler.cached(), key=lambda f: f.stat().st_mtime)):
            os.utime(file, (1000 + age, 1000 + age))
        wick.compile(archive, inputs=np.ones((1, 3), np.float32))  # used, so it stays
    assert len(compiler.cached()) <= 2
    runs = compiler.runs()
    assert runs.count("--input 0=1x3xf32") == 1


def test_concurrent_processes_compile_once(compiler, archive):
    compiler.monkeypatch.setenv("FAKE_SECONDS", "0.3")
    code = "import sys, wick; assert wick.compile(sys.argv[1], signature='2x3xf32').name == 'Test'"
    processes = [subprocess.Popen([sys.executable, "-c", code, archive]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert len(compiler.runs()) == 1


def test_concurrent_threads_compile_once(compiler, archive):
    compiler.monkeypatch.setenv("FAKE_SECONDS", "0.2")
    model = wick.compile(archive)
    results = []
    threads = [threading.Thread(target=lambda: results.append(model.add(X, X).sum())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [12.0] * 4 and len(compiler.runs()) == 1
