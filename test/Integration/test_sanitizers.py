"""Instrumented code in an instrumented runtime: 'WICK_BUILD=tsan ./dev test' and 'WICK_BUILD=asan ./dev test' run this.

The compiler is that of the release build; the models run in wick-run, which is built with the sanitizer.
"""

import os
import subprocess

import pytest

SANITIZERS = {"build-asan": "address", "build-tsan": "thread"}
SANITIZER = SANITIZERS.get(os.path.basename(os.environ.get("WICK_BUILD_DIR", "build")))
pytestmark = pytest.mark.skipif(not SANITIZER, reason="only with WICK_BUILD=asan or WICK_BUILD=tsan")

models = pytest.importorskip("models")
verify = pytest.importorskip("wick.verify")


# ThreadSanitizer watches accesses of up to 128 bits only.
OPTIONS = ["--sanitize", SANITIZER, "--target", "x86-64-v2" if SANITIZER == "thread" else "native"]


def compile_model(name, path, *options):
    kinds = models.MODELS[name].kinds
    arguments = verify.load_example(models.inputs_path(name))
    verify.compile_archive(models.archive(name, kinds[-1]), path, verify.signature(arguments), [*OPTIONS, *options])


def run(build_dir, path, calls, callers, threads=2, options=()):
    command = [os.path.join(build_dir, "bin", "wick-run"), path, "--random", "--time", str(calls)]
    command += ["--callers", str(callers), "--threads", str(threads), *options]
    environment = dict(os.environ, TSAN_OPTIONS="halt_on_error=1", ASAN_OPTIONS="detect_leaks=1")
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=1800)
    assert result.returncode == 0, result.stderr[-5000:]
    assert not result.stderr
    return result.stdout


@pytest.mark.parametrize("name", ["cell", "gated_cell", "rnn_loop"])
def test_a_thousand_calls_on_sixteen_threads(build_dir, tmp_path, name):
    path = str(tmp_path / "model.wick")
    compile_model(name, path)
    assert f"latency over {16 * 1000} calls" in run(build_dir, path, calls=1000, callers=16)


@pytest.mark.parametrize("name", ["mlp", "resnet18", "mobilenet_v3_large", "distilbert_s64"])
def test_large_models(build_dir, tmp_path, name):
    path = str(tmp_path / "model.wick")
    compile_model(name, path)
    run(build_dir, path, calls=2, callers=4)


def test_forks_on_sixteen_threads(build_dir, tmp_path):
    torch = pytest.importorskip("torch")
    forks = pytest.importorskip("language.forks")
    archive, path = str(tmp_path / "forks.pt"), str(tmp_path / "forks.wick")
    torch.jit.save(torch.jit.script(forks.Forks()), archive)
    methods = ["ensemble", "directions", "beside", "numbers", "forked", "repeated", "unrolled"]
    options = [option for method in methods for option in ("--method", method)]
    verify.compile_archive(archive, path, [f"{method}:x=?x3xf32" for method in methods], [*OPTIONS, *options])
    for method in methods:
        run(build_dir, path, 50, 16, 3, ["--method", method, "--input", "n=3", "--size", "s0=6"])


def test_the_code_is_instrumented(tmp_path):
    path = str(tmp_path / "model.wick")
    compile_model("cell", path)
    with open(path, "rb") as file:
        assert {"address": b"__asan_", "thread": b"__tsan_read"}[SANITIZER] in file.read()
