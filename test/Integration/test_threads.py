"""Many Python threads call one instance, whose calls use two threads each."""

import threading
from typing import Dict, List

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


class Containers(torch.nn.Module):
    items: List[str]
    tensors: Dict[str, torch.Tensor]

    def __init__(self):
        super().__init__()
        self.items = []
        self.tensors = {}

    def forward(self, text: str) -> List[str]:
        self.items.append(text)
        if len(self.items) > 50:
            self.items.clear()
        return self.items

    @torch.jit.export
    def keep(self, text: str, items: List[str], x: torch.Tensor) -> Dict[str, torch.Tensor]:
        if len(self.tensors) == 20:
            self.items = items
        self.tensors[text] = x + 1
        if len(self.tensors) > 30:
            self.tensors.clear()
        return self.tensors


def test_one_session_whose_containers_are_returned():
    """What a call returns, and what it was given, may be part of the state that others' calls change meanwhile."""
    session = wick.compile(torch.jit.script(Containers())).session()
    x, wrong = torch.ones(3), []

    def work(number):
        for call in range(500):
            mine = f"{call} of {number}"
            tensors = session.keep(mine, [mine], x)
            if not all(bool((tensor == 2).all()) for tensor in tensors.values()):
                wrong.append(tensors)
            if any(type(text) is not str for text in session(mine)):
                wrong.append(mine)
            if call % 100 == 0:
                session.state_dict()

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not any(thread.is_alive() for thread in threads), "the calls hang"
    assert not wrong, wrong[0]
