"""Limits that callers set, and calls that others cancel: each an error of its own kind, after which the session works."""

import threading
import time
from typing import Any, List

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")


def spin(n: int) -> int:
    i = 0
    while i != n:
        i = (i * 7 + 1) % 1000003
    return i


def spell(n: int) -> List[str]:
    texts: List[str] = []
    for i in range(n):
        texts.append(f"number {i}")
    return texts


@torch.jit.script
class Guard:
    def __init__(self):
        self.entered = 0
        self.left = 0
        self.turns = 0
        self.stays = False

    def __enter__(self):
        self.entered += 1

    def __exit__(self, kind: Any, value: Any, traceback: Any):
        while self.stays:
            self.turns += 1
        self.left += 1


class Endless(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = 0
        self.guard = Guard()

    def forward(self, n: int) -> int:
        return n + 1

    @torch.jit.export
    def spin(self, n: int) -> int:
        i = 0
        while i != n:
            i = (i * 7 + 1) % 1000003
        return i

    @torch.jit.export
    def mixing(self, n: int) -> int:
        x = 1
        for i in range(n):
            x = x * 31 + i // 3 % (x % 7 + 9)
        return x

    @torch.jit.export
    def grow(self, n: int) -> int:
        xs: List[int] = []
        for i in range(n):
            xs.append(i)
        return len(xs)

    @torch.jit.export
    def texts(self, n: int) -> int:
        text = "some text"
        for _ in range(n):
            text = text + text
        return len(text)

    @torch.jit.export
    def matrices(self, x: torch.Tensor, n: int) -> torch.Tensor:
        for _ in range(n):
            x = torch.tanh(x @ x)
        return x

    @torch.jit.export
    def forks(self, n: int) -> int:
        a = torch.jit.fork(spin, 1)
        b = torch.jit.fork(spin, n)
        c = torch.jit.fork(spin, n)
        return a.wait() + b.wait() + c.wait()

    @torch.jit.export
    def spelling(self, n: int) -> int:
        a = torch.jit.fork(spell, n)
        b = torch.jit.fork(spell, n)
        return len(a.wait()) + len(b.wait())

    @torch.jit.export
    def count(self, n: int) -> int:
        i = 0
        while i != n:
            i += 2
            self.steps += 1
        return i

    @torch.jit.export
    def guarded(self, n: int, stays: bool) -> int:
        self.guard.stays = stays
        with self.guard:
            x = spin(n)
        return x

    @torch.jit.export
    def guards(self) -> List[int]:
        return [self.guard.entered, self.guard.left]

    @torch.jit.export
    def seen(self) -> int:
        return self.steps


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("limits") / "endless.pt"
    torch.jit.save(torch.jit.script(Endless()), str(path))
    return wick.compile(str(path), signature=["matrices:x=16x16xf32"])


X = torch.zeros(16, 16)
ENDLESS = [
    ("guarded", (-1, False)),
    ("spin", (-1,)),
    ("mixing", (10**15,)),
    ("matrices", (X, 10**15)),
    ("count", (-1,)),
    ("forks", (-1,)),
]


@pytest.mark.parametrize("method,arguments", ENDLESS, ids=[name for name, _ in ENDLESS])
def test_time_limit(model, method, arguments):
    session = model.session(time_limit=0.1)
    start = time.monotonic()
    with pytest.raises(wick.TimeLimitError, match="the time limit of the session is reached") as caught:
        getattr(session, method)(*arguments)
    assert 0.09 < time.monotonic() - start < 5
    assert isinstance(caught.value, TimeoutError) and caught.value.location.file.endswith("test_limits.py")
    assert session(1) == 2


@pytest.mark.parametrize("method,arguments", ENDLESS, ids=[name for name, _ in ENDLESS])
def test_cancel(model, method, arguments):
    session = model.session()
    failures = []

    def call():
        try:
            getattr(session, method)(*arguments)
        except wick.Error as error:
            failures.append(type(error))

    thread = threading.Thread(target=call)
    thread.start()
    while thread.is_alive():
        time.sleep(0.02)
        session.cancel()
    thread.join()
    assert failures == [wick.CancelledError]
    assert session(1) == 2
    session.cancel()  # nothing runs
    assert session(2) == 3


def test_cancel_keeps_state_and_other_sessions(model):
    session, other = model.session(), model.session(time_limit=0.2)
    thread = threading.Thread(target=lambda: pytest.raises(wick.CancelledError, session.count, -1))
    thread.start()
    with pytest.raises(wick.TimeLimitError):
        other.count(-1)
    assert thread.is_alive()
    while thread.is_alive():
        time.sleep(0.01)
        session.cancel()
    assert session.seen() > 0 and other.seen() > 0


def test_calls_that_end_early_leave_with_statements(model):
    session = model.session(time_limit=0.1)
    assert session.guarded(1, False) == 1
    for _ in range(2):
        with pytest.raises(wick.TimeLimitError):
            session.guarded(-1, False)
    assert session.guards() == [3, 3]
    # An exit that does not end is stopped, too.
    start = time.monotonic()
    with pytest.raises(wick.TimeLimitError):
        session.guarded(-1, True)
    assert time.monotonic() - start < 5
    assert session.guards() == [4, 3] and session(1) == 2


@pytest.mark.parametrize("method,few,many", [("grow", 1000, 10**9), ("texts", 3, 40), ("spelling", 20, 10**8)])
def test_memory_limit(model, method, few, many):
    session = model.session(memory_limit=1 << 24)
    for _ in range(2):
        with pytest.raises(wick.OutOfMemoryError, match="memory limit"):
            getattr(session, method)(many)
        assert getattr(session, method)(few) > 0


def test_short_calls_meet_no_limit(model):
    session = model.session(time_limit=3600, memory_limit=1 << 24)
    assert [session(i) for i in range(1000)] == list(range(1, 1001))
    with pytest.raises(ValueError, match="time_limit is negative"):
        model.session(time_limit=-1)
