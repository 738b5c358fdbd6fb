"""A minute of damaged files; fuzz.py alone runs for as long as it is told."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "Integration")]
fuzz = pytest.importorskip("fuzz")
models = pytest.importorskip("models")
verify = pytest.importorskip("wick.verify")
np = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")

SEEDS = ["cell", "gated_cell", "rnn_loop"]


@pytest.fixture
def tools(build_dir):
    return os.path.join(build_dir, "bin")


def test_damaged_archives(tools):
    if not os.path.exists(os.path.join(tools, "wick")):
        pytest.skip("the compiler is not built with a sanitizer")
    archives = [models.archive(name, kind) for name in SEEDS for kind in models.MODELS[name].kinds]
    failures, runs = fuzz.fuzz("archive", archives, tools, seconds=30)
    assert not failures, "\n".join(failures)
    assert runs > 5


def test_damaged_artifacts(tools, tmp_path):
    artifacts = []
    for name in SEEDS:
        artifacts.append(str(tmp_path / f"{name}.wick"))
        archive, arguments = models.archive(name, "script"), verify.load_example(models.inputs_path(name))
        verify.compile_archive(archive, artifacts[-1], verify.signature(arguments))
    failures, runs = fuzz.fuzz("artifact", artifacts, tools, seconds=15)
    assert not failures, "\n".join(failures)
    assert runs > 20


def test_damaged_values(tools, tmp_path):
    x = torch.arange(24.0).reshape(4, 6)
    paths = [str(tmp_path / name) for name in ("plain.pt", "nested.pt", "stored.npz", "compressed.npz")]
    torch.save(x, paths[0])
    torch.save({"a": [x[::2].t(), (1, 2.5, None)], "b": (x.to(torch.bfloat16), {"c": "text", "d": True})}, paths[1])
    np.savez(paths[2], x=x.numpy(), y=np.arange(3))
    np.savez_compressed(paths[3], x=x.numpy(), y=np.zeros((100, 100), np.complex64))
    failures, runs = fuzz.fuzz("values", paths, tools, seconds=15)
    assert not failures, "\n".join(failures)
    assert runs > 20
