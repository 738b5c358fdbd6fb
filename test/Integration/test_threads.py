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


class Smooth(torch.nn.Module):
    def smooth(self, x: torch.Tensor, n: int) -> torch.Tensor:
        x = x / 2
        for i in range(n):
            if i == 7:
                raise IndexError(f"{i} is too many of {x.size(0)}")
            x = torch.tanh(x @ x) * 0.5 + x
        return x

    def forward(self, x: torch.Tensor, n: int, m: int) -> List[torch.Tensor]:
        futures = [torch.jit.fork(self.smooth, x, n), torch.jit.fork(self.smooth, x * 2, m)]
        last = torch.jit.fork(self.smooth, x[1:, 1:], n)
        x.add_(1)  # which the forks do not see
        return [torch.jit.wait(f) for f in futures] + [last.wait(), x]


def test_forks_on_any_number_of_threads():
    """The same bits and errors; what a fork is given is what it was when it was forked."""
    model = wick.compile(torch.jit.script(Smooth()), signature=["x=?x?xf32"])
    x = torch.randn(40, 40)

    def smooth(x, n):
        x = x / 2
        for _ in range(n):
            x = torch.tanh(x @ x) * 0.5 + x
        return x

    alone = model.session(threads=1)(x.clone(), 5, 6)
    for got, wanted in zip(alone, [smooth(x, 5), smooth(x * 2, 6), smooth(x[1:, 1:], 5), x + 1]):
        torch.testing.assert_close(got, wanted, rtol=1e-3, atol=1e-4)
    for threads in (2, 3, 8):
        session = model.session(threads=threads)
        for _ in range(30):
            got = session(x.clone(), 5, 6)
            assert all(torch.equal(a, b) for a, b in zip(got, alone))
            for n, m, size in ((8, 1, 40), (1, 9, 40), (9, 8, 40)):
                with pytest.raises(IndexError, match=f"7 is too many of {size}") as caught:
                    session(x.clone(), n, m)
                assert [frame.function for frame in caught.value.frames] == ["forward", "smooth"]


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
