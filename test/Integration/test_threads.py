"""Many Python threads call one instance, whose calls use two threads each."""

import threading

import pytest

torch = pytest.importorskip("torch")
models = pytest.importorskip("models")
verify = pytest.importorskip("wick.verify")
wick = pytest.importorskip("wick")


@pytest.mark.parametrize("name, calls", [("rnn_loop", 300), ("mlp", 300), ("resnet18", 2)])
def test_sixteen_threads(tmp_path, name, calls):
    path = str(tmp_path / "model.wick")
    arguments = verify.load_example(models.inputs_path(name))
    verify.compile_archive(models.archive(name, "script"), path, verify.signature(arguments))
    model = wick.load(path, threads=2)
    wanted, wrong = model(*arguments), []

    def work():
        for _ in range(calls):
            differences = verify.compare(model(*arguments), wanted, tolerance=(0, 0))
            wrong.extend(difference for difference in differences if difference.reason)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not any(thread.is_alive() for thread in threads), "the calls hang"
    assert not wrong, wrong[0]
