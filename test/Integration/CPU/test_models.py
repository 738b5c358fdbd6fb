"""Compiles and runs every model and compares with LibTorch, at fixed and at varying sizes."""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
models = pytest.importorskip("models")
verify = pytest.importorskip("wick.verify")

STATIC = [(name, kind) for name, model in models.MODELS.items() for kind in model.kinds]
DYNAMIC = [(name, kind) for name, kind in STATIC if models.MODELS[name].signature]


def check(archive, artifact, calls):
    for arguments in calls:
        for difference in verify.verify(archive, arguments, artifact=artifact):
            assert not difference.reason, f"{difference.path} {difference.kind} {difference.reason}"


@pytest.mark.parametrize(("name", "kind"), STATIC)
def test_fixed_sizes(name, kind, tmp_path):
    archive, artifact = models.archive(name, kind), str(tmp_path / "model.wick")
    calls = [verify.load_example(models.inputs_path(name))]
    verify.compile_archive(archive, artifact, verify.signature(calls[0]))
    if not models.MODELS[name].signature:
        calls += models.other_inputs(name)
    check(archive, artifact, calls)


@pytest.mark.parametrize(("name", "kind"), DYNAMIC)
def test_varying_sizes(name, kind, tmp_path):
    archive, artifact = models.archive(name, kind), str(tmp_path / "model.wick")
    verify.compile_archive(archive, artifact, models.MODELS[name].signature)
    check(archive, artifact, [verify.load_example(models.inputs_path(name)), *models.other_inputs(name)])
