"""Loops that make much and hand on little: what their iterations leave behind goes, and nothing that is still used.

Each program runs in a session that may hold a fraction of what its iterations make.
"""

from typing import Dict, List, Optional, Tuple

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")

from test_language import same  # noqa: E402
from torch import Tensor  # noqa: E402

LIMIT = 24 << 20
STEPS = 100
X = torch.arange(1 << 17, dtype=torch.float32).reshape(128, 1024)  # half a megabyte


class Node:
    def __init__(self, value: Tensor, label: str):
        self.value = value
        self.label = label


class Loops(torch.nn.Module):
    history: List[Tensor]

    def __init__(self):
        super().__init__()
        self.history = []

    @torch.jit.export
    def tensor(self, x: Tensor, n: int) -> Tensor:
        for i in range(n):
            x = x * 0.5 + float(i)
        return x

    @torch.jit.export
    def growing(self, x: Tensor, n: int) -> Tensor:
        cache = x[:1]
        for i in range(n * 10):
            cache = torch.cat([cache, x[:1] + float(i)])
        return cache

    @torch.jit.export
    def two_names(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        a, b = x, x + 1.0
        for i in range(n):
            a, b = b, a + b
            if i % 3 == 0:
                b = a
        return a, b

    @torch.jit.export
    def listed(self, x: Tensor, n: int) -> Tensor:
        pair = [x, x]
        for i in range(n):
            pair = [pair[1] + float(i), pair[0]]
        return pair[0] - pair[1]

    @torch.jit.export
    def nested_tuples(self, x: Tensor, n: int) -> Tensor:
        caches: List[Tuple[Tensor, Tensor]] = [(x, x), (x, x + 1.0)]
        for i in range(n):
            following: List[Tuple[Tensor, Tensor]] = []
            for key, value in caches:
                following.append((value * 0.5, key + float(i)))
            caches = following
        return caches[0][0] + caches[1][1]

    @torch.jit.export
    def window(self, x: Tensor, n: int) -> Tensor:
        recent: List[Tensor] = []
        for i in range(n):
            recent.append(x * float(i))
            if len(recent) > 3:
                recent.pop(0)
        return torch.stack(recent).sum(0)

    @torch.jit.export
    def dictionary(self, x: Tensor, n: int) -> Tensor:
        state: Dict[str, Tensor] = {"h": x, "c": x}
        for i in range(n):
            state = {"h": state["c"] * 0.5, "c": state["h"] + float(i)}
            state["c"] = state["c"] + state["h"]
        return state["h"] - state["c"]

    @torch.jit.export
    def replaced(self, x: Tensor, n: int) -> Tensor:
        held = [x, x + 1.0]
        for i in range(n):
            held[i % 2] = held[(i + 1) % 2] * 0.5 + float(i)
        return held[0] + held[1]

    @torch.jit.export
    def while_loop(self, x: Tensor, n: int) -> Tuple[Tensor, int]:
        steps = 0
        while bool(x[0, 0] < float(n)):
            x = x + 1.0
            steps += 1
        return x, steps

    @torch.jit.export
    def text(self, x: Tensor, n: int) -> Tuple[str, int]:
        line, total = "", 0
        for i in range(n):
            line = "-".join(["ab"] * 100000) + str(i)
            words = [line, line + line]
            total += len(words[1])
        return line[-5:], total

    @torch.jit.export
    def optional(self, x: Tensor, n: int) -> Tensor:
        last: Optional[Tensor] = None
        for i in range(n):
            if i % 7 == 0:
                last = None
            else:
                last = x * 0.5 if last is None else last + float(i)
        return x if last is None else last

    @torch.jit.export
    def objects(self, x: Tensor, n: int) -> Tuple[Tensor, str]:
        node = Node(x, "first")
        for i in range(n):
            following = Node(node.value + float(i), str(i))
            following.label += node.label[:3]
            node = following
        return node.value, node.label

    @torch.jit.export
    def complex_numbers(self, x: Tensor, n: int) -> complex:
        points = [complex(1.0, 0.0)] * 4
        for i in range(n * 2000):
            points[i % 4] = points[(i + 1) % 4] * complex(0.6, 0.8)
        return points[0]

    @torch.jit.export
    def state(self, x: Tensor, n: int) -> Tensor:
        for i in range(n):
            self.history.append(x + float(i))
            if len(self.history) > 2:
                self.history.pop(0)
        return self.history[0] + self.history[1]

    # What was read stays while it is used, although nothing but a container may have owned it: what earlier iterations of
    # an outer loop have made, the caller's, and state.

    @torch.jit.export
    def read_before(self, held: List[Tensor], n: int) -> Tensor:
        first, second = held[0], held[1]
        total = torch.zeros_like(first)
        for i in range(n):
            held[i % 2] = total * float(i)
            total = total + first
        return total + second + held[0]

    @torch.jit.export
    def store(self, x: Tensor, n: int) -> int:
        self.history = [x + 1.0, x + 2.0]
        return len(self.history)

    @torch.jit.export
    def read_from_state(self, x: Tensor, n: int) -> Tensor:
        first = self.history[1]
        for i in range(n):
            self.history = [x * float(i)]
        return first + self.history[0]

    @torch.jit.export
    def read_in_outer_loop(self, x: Tensor, n: int) -> Tensor:
        held = [x + 1.0]
        total, before = torch.zeros_like(x), x
        for i in range(n // 10):
            current = held[0]
            for j in range(n // 3):
                held[0] = x * float(i + j)
                if j % 3 == 0:
                    held.append(held.pop(0))
            total = total + current - before
            before = current
        return total + before

    @torch.jit.export
    def carried_through_inner_loop(self, x: Tensor, n: int) -> Tensor:
        states = [x + 1.0, x + 2.0]
        chosen = x
        for i in range(n // 10):
            for j in range(n // 3):
                states[j % 2] = x * float(i * j)
            last = chosen
            if i % 2 == 0:
                chosen = states[0]
            else:
                chosen = states[1]
            for j in range(n // 3):
                states[j % 2] = last + float(j)
        return chosen

    @torch.jit.export
    def chosen_by_a_branch(self, held: Dict[str, Tensor], n: int) -> Tensor:
        if n > 3:
            chosen = held["a"]
        else:
            chosen = held["b"]
        for i in range(n):
            held["a"] = chosen * float(i)
            held["b"] = held["a"] + 1.0
        return chosen + held["b"]

    @torch.jit.export
    def words(self, words: List[str], n: int) -> List[str]:
        first = words[0]
        longest = first
        for i in range(n):
            words[0] = str(i) + "-".join(["ab"] * 100000)
            if i == 3:
                longest = words[0]
            words[1] = words[0]
            words.pop(0)
            words.append("x")
        return [first, longest[:3], words[0][:1]]

    @torch.jit.export
    def views(self, held: List[Tensor], n: int) -> Tensor:
        x = held[0] * 0.5
        row = held[0][3]
        for i in range(n):
            held[0] = x * float(i)
            row = row + held[0][i % 8]
        return row

    @torch.jit.export
    def written(self, x: Tensor, n: int) -> Tensor:
        held = [x + 1.0]
        for i in range(n):
            held[0].mul_(0.5).add_(float(i))
            held.append(held[0] + 1.0)
            held.pop(0)
        return held[0]

    @torch.jit.export
    def left_early(self, x: Tensor, n: int) -> Tensor:
        for i in range(n):
            x = x + 1.0
            if i > n // 2 and bool(x[0, 0] > 3.0):
                return x * 2.0
            if i % 5 == 0:
                continue
            x = x * 0.5
        return x


METHODS = [name for name in vars(Loops) if not name.startswith("_")]
FIRST = {
    "read_before": (lambda: [X + 1.0, X + 2.0], "held=[128x1024xf32]"),
    "chosen_by_a_branch": (lambda: {"a": X + 1.0, "b": X + 2.0}, "held={str: 128x1024xf32}"),
    "words": (lambda: [" ".join(["first"] * 9), "second"], "words=[str]"),
    "views": (lambda: [X + 1.0], "held=[128x1024xf32]"),
}


def arguments(method):
    return (FIRST[method][0]() if method in FIRST else X.clone(), STEPS)


@pytest.fixture(scope="module")
def program():
    return torch.jit.script(Loops())


@pytest.fixture(scope="module")
def module(program):
    return wick.compile(
        program,
        signature=[f"{method}:{FIRST[method][1] if method in FIRST else 'x=128x1024xf32'}" for method in METHODS],
        fallback=False,
    )


@pytest.mark.parametrize("method", METHODS)
def test_holds_what_it_needs(program, module, method):
    session = module.session(memory_limit=LIMIT)
    for _ in range(2):
        if method == "read_from_state":  # what an earlier call has stored
            same(session.store(X, 0), program.store(X, 0), {})
        same(getattr(session, method)(*arguments(method)), getattr(program, method)(*arguments(method)), {})


def test_goes_on_after_an_error(module):
    session = module.session(memory_limit=1 << 20)
    for _ in range(3):
        with pytest.raises(wick.OutOfMemoryError, match="memory limit"):
            session.nested_tuples(X, STEPS)
    assert session.complex_numbers(X, 1) == module.complex_numbers(X, 1)
