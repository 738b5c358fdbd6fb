"""Attributes read and written from outside, sessions copied and shared, named tuples, against LibTorch."""

import copy
from typing import Dict, List, NamedTuple, Optional, Tuple

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")


class Point(NamedTuple):
    x: torch.Tensor
    count: int


class Options:
    def __init__(self, width: int):
        self.width = width


class Chooser(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.options = Options(3)

    @torch.jit.export
    def choose(self, width: int):
        self.options = Options(width)

    @torch.jit.export
    def widest(self) -> int:
        return self.options.width


class Counter(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.register_buffer("total", torch.zeros(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        self.total += x
        return self.total * 1.0


class Stateful(torch.nn.Module):
    history: List[torch.Tensor]
    names: Dict[str, int]

    def __init__(self):
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(3)
        self.counter = Counter()
        self.scale = torch.nn.Parameter(torch.full((3,), 2.0))
        self.register_buffer("cache", torch.zeros(0, 3))
        self.last = "none"
        self.names = {}
        self.ratio = 0.5

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.cache = torch.cat([self.cache, x], 0)
        self.ratio = self.ratio * 2
        return self.norm(x) * self.scale + self.counter(x[0])

    @torch.jit.export
    def label(self, text: str) -> int:
        self.last = text
        self.names[text] = len(self.names)
        return len(self.names)

    @torch.jit.export
    def look(self) -> Tuple[torch.Tensor, torch.Tensor, int, str, float]:
        return self.cache.clone(), self.counter.total.clone(), self.counter.count, self.last, self.ratio

    @torch.jit.export
    def point(self, x: torch.Tensor) -> Point:
        return Point(x * 2, self.counter.count)

    @torch.jit.export
    def points(self, x: torch.Tensor, n: int) -> Tuple[List[Point], Optional[Point]]:
        found: List[Point] = []
        for i in range(n):
            found.append(Point(x + i, i))
        return found, found[0] if n > 1 else None


X = torch.arange(6.0).reshape(2, 3)
SIGNATURE = ["__call__:x=Bx3xf32", "forward:x=Bx3xf32", "point:x=3xf32", "points:x=3xf32"]
CHANGED = {
    "norm.running_mean",
    "norm.running_var",
    "norm.num_batches_tracked",
    "counter.count",
    "counter.total",
    "cache",
    "last",
    "names",
    "ratio",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("state") / "stateful.pt"
    torch.jit.save(torch.jit.script(Stateful()), str(path))
    return str(path)


@pytest.fixture(scope="module")
def compiled(path):
    return wick.compile(path, signature=["forward:x=Bx3xf32", "point:x=3xf32", "points:x=3xf32"])


@pytest.fixture
def pair(path, compiled):
    return compiled.session(), torch.jit.load(path)


def same(a, b):
    torch.testing.assert_close(a, b) if isinstance(b, torch.Tensor) else None
    assert isinstance(b, torch.Tensor) or (type(a) is type(b) and a == b)


def value_of(module, name):
    for part in name.split("."):
        module = getattr(module, part)
    return module


def test_attributes_are_those_that_methods_change(pair):
    session, original = pair
    assert set(session.attributes) == CHANGED
    assert session.attributes["counter.total"] == "Tensor<f32>[3]" and session.attributes["last"] == "str"
    for _ in range(2):
        state = session.state_dict()
        assert set(state) == CHANGED
        for name in CHANGED:
            same(state[name], value_of(original, name))
        same(session(X), original(X))
        session.label("a"), original.label("a")


def test_state_dict_is_a_copy(pair):
    session, original = pair
    state = session.state_dict()
    state["counter.total"] += 1
    session(X), original(X)
    same(session.look()[1], original.look()[1])
    assert state["counter.count"] == 0


def test_load_state_dict(pair, compiled):
    session, original = pair
    session(X), original(X)
    other = compiled.session()
    other.load_state_dict(session.state_dict())
    for a, b in zip(other.look(), original.look()):
        same(a, b)
    same(other(X), original(X))
    with pytest.raises(KeyError, match="missing in the state: .*norm.running_mean"):
        other.load_state_dict({"cache": X})
    with pytest.raises(KeyError, match="not among the attributes that methods change: scale"):
        other.load_state_dict({**session.state_dict(), "scale": X})
    # A checkpoint of the whole model.
    other.load_state_dict(original.state_dict(), strict=False)
    for name, value in other.state_dict().items():
        if name in original.state_dict():
            same(value, original.state_dict()[name])


def test_attribute_access(pair):
    session, original = pair
    for target in (session, original):
        target.cache = X + 1
        target.last = "new"
        target.ratio = 2.0
    for a, b in zip(session.look(), original.look()):
        same(a, b)
    same(session.cache, original.cache)
    assert session.names == {} and session.ratio == 2.0
    with pytest.raises(wick.ArgumentError, match=r"attribute 'cache' must be Tensor<f32>\[\?, 3\], not .*expected 3"):
        session.cache = torch.zeros(2, 4)
    with pytest.raises(wick.ArgumentError, match="attribute 'last' must be str, not int"):
        session.last = 3
    with pytest.raises(AttributeError):
        _ = session.scale
    with pytest.raises(AttributeError):
        session.unknown = 3
    same(session.look()[0], X + 1)


def test_copies_are_independent(pair):
    session, original = pair
    session(X), original(X), session.label("a"), original.label("a")
    copied, twin = session.copy(), copy.deepcopy(original)
    for target in (copied, twin):
        target(X + 1), target.label("b")
    for a, b in zip(copied.look() + session.look(), twin.look() + original.look()):
        same(a, b)
    assert copied.names == {"a": 0, "b": 1} and session.names == {"a": 0}


def test_sessions_share(pair, compiled):
    session, original = pair
    other = compiled.session(share=session)
    session(X), original(X)
    same(other(X), original(X))
    other.last = "shared"
    assert session.look()[3] == "shared"


def test_named_values(pair):
    session, original = pair
    got, expected = session.point(X[0]), original.point(X[0])
    assert type(got).__name__ == "Point" and got._fields == ("x", "count")
    same(got.x, expected.x)
    assert type(session.point(X[0])) is type(got) and isinstance(got, tuple)
    points, first = session.points(X[0], 3)
    assert [point.count for point in points] == [0, 1, 2] and first.count == 0
    assert session.points(X[0], 1)[1] is None
    same(points[2].x, X[0] + 2)


def test_signatures_share_one_state(path):
    compiled, original = wick.compile(path), torch.jit.load(path)
    for x in (X, X[:1].repeat(3, 1) + X[:1], X):
        same(compiled(x), original(x))
        assert compiled.label("a") == original.label("a")
        for a, b in zip(compiled.look(), original.look()):
            same(a, b)
    session = compiled.session()
    assert session.look()[2] == 0 and compiled.look()[2] == 3


class Scaled(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 3)
        self.scale = 2.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) * self.scale


class Constants(torch.nn.Module):
    """Attributes that no method writes."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.block = Scaled()
        self.names = ["a", "b"]
        self.calls = 0

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, int]:
        self.calls += 1
        return self.block(x), len(self.names) + self.calls


class Scale(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def forward(self, x):
        return x * self.weight


class Tied(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(3), requires_grad=False)
        self.first = Scale(self.weight)
        self.register_buffer("part", self.weight.detach()[1:])

    def forward(self, x):
        return self.first(x)

    @torch.jit.export
    def grow(self, k: float):
        self.weight.mul_(k)
        self.part += 1
        return self.first.weight, self.weight, self.part


def test_methods_that_are_compiled_one_by_one_share_tied_tensors(tmp_path):
    scripted = torch.jit.script(Tied())
    torch.jit.save(scripted, str(tmp_path / "tied.pt"))
    original, compiled = torch.jit.load(str(tmp_path / "tied.pt")), wick.compile(str(tmp_path / "tied.pt"))
    x = torch.arange(3.0)
    for _ in range(2):
        torch.testing.assert_close(compiled(x), original(x))
        torch.testing.assert_close(compiled.grow(3.0), original.grow(3.0))
    torch.testing.assert_close(compiled(x), original(x))


class Record(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.record = torch.jit.Attribute({"x": torch.ones(3), "n": torch.zeros(2, 2).long()}, Dict[str, torch.Tensor])

    def forward(self):
        return self.record["x"] * 2.5

    @torch.jit.export
    def store(self):
        self.record["x"] = torch.ones(3)
        self.record["n"] = torch.zeros(2, 2).long()


def test_what_callers_store_by_key_is_checked(tmp_path):
    torch.jit.save(torch.jit.script(Record()), str(tmp_path / "record.pt"))
    session = wick.compile(str(tmp_path / "record.pt"), inputs=()).session()
    same(session(), torch.full((3,), 2.5))
    session.record = {"x": torch.zeros(2, 2).long(), "n": torch.ones(3)}
    with pytest.raises(RuntimeError, match="a container holds a tensor for which the model was not compiled"):
        session()
    session.record = {"x": torch.arange(3.0)}
    same(session(), torch.arange(3.0) * 2.5)


@pytest.mark.parametrize("just_in_time", [False, True])
def test_callers_set_what_no_method_writes(tmp_path, just_in_time):
    original = torch.jit.script(Constants())
    torch.jit.save(original, str(tmp_path / "constants.pt"))
    names = ["block.scale", "names", "block.linear.weight"]

    def both_same(got, expected):
        for a, b in zip(got, expected):
            same(a, b)

    if just_in_time:
        compiled = wick.compile(str(tmp_path / "constants.pt"))
        assert list(compiled.copy().state_dict()) == []
    else:
        compiled = wick.compile(str(tmp_path / "constants.pt"), signature="?x3xf32", mutable=names)
        assert sorted(compiled.state_dict()) == sorted([*names, "calls"])
    with torch.no_grad():
        both_same(compiled(X), original(X))
        twin = compiled.copy()
        original.block.scale, original.names = 3.0, ["c"]
        original.block.linear.weight.copy_(torch.eye(3))
        compiled.names = ["c"]
        others = {"block.scale": 3.0, "block.linear.weight": torch.eye(3)}
        compiled.load_state_dict(others if just_in_time else {**compiled.state_dict(), **others})
        for _ in range(2):
            both_same(compiled(X), original(X))
    assert compiled.copy().state_dict()["names"] == ["c"]
    assert twin(X)[1] == 4
    with pytest.raises(AttributeError):
        compiled.unknown = 3
    with pytest.raises(wick.ArgumentError, match=r"the model has no attribute 'block\.unknown'"):
        wick.compile(str(tmp_path / "constants.pt"), signature="?x3xf32", mutable=["block.unknown"])


class Memory(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.zeros(2, 3)

    @torch.jit.export
    def step(self, x: torch.Tensor) -> torch.Tensor:
        self.hidden = torch.tanh(self.hidden + x)
        return self.hidden * 1.0


def test_code_checks_what_others_stored(tmp_path):
    torch.jit.save(torch.jit.script(Memory()), str(tmp_path / "memory.pt"))
    compiled = wick.compile(str(tmp_path / "memory.pt"))
    original = torch.jit.load(str(tmp_path / "memory.pt"))
    for _ in range(2):
        same(compiled.step(X), original.step(X))
    expected = r"attribute 'hidden' must be Tensor<f32>\[2, 3\], not Tensor<f32>\[1, 3\]"
    with pytest.raises(wick.ArgumentError, match=expected):
        compiled.hidden = torch.ones(1, 3)


class Stream(torch.nn.Module):
    cache: Optional[torch.Tensor]
    seen: List[torch.Tensor]

    def __init__(self):
        super().__init__()
        self.cache = None
        self.seen = []
        self.register_buffer("last", torch.zeros(1, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        before = self.cache
        self.cache = x
        return x * 1.0 if before is None else torch.cat([before, x])

    @torch.jit.export
    def push(self, x: torch.Tensor) -> torch.Tensor:
        if x.dim() != 2:
            raise ValueError("expected rows")
        self.seen.append(x)
        self.last = x
        return torch.cat(self.seen)

    @torch.jit.export
    def total(self) -> Tuple[torch.Tensor, int]:
        return self.last.sum(0), len(self.seen)


def test_calls_may_store_other_sizes(tmp_path):
    """Just in time, whatever order methods and sizes come in."""
    torch.jit.save(torch.jit.script(Stream()), str(tmp_path / "stream.pt"))
    compiled, original = wick.compile(str(tmp_path / "stream.pt")), torch.jit.load(str(tmp_path / "stream.pt"))
    x = torch.arange(12.0).reshape(3, 4)
    for rows in (1, 2, 1, 3):
        same(compiled(x[:rows]), original(x[:rows]))
    for rows in (2, 1, 2):
        same(compiled.push(x[:rows]), original.push(x[:rows]))
        for a, b in zip(compiled.total(), original.total()):
            same(torch.as_tensor(a), torch.as_tensor(b))
    with pytest.raises(ValueError, match="expected rows"):
        compiled.push(x[0])
    same(compiled.push(x), original.push(x))


def test_attributes_of_objects_that_code_replaces(tmp_path):
    """An attribute is that of the object which is there now."""
    path = str(tmp_path / "options.pt")
    torch.jit.save(torch.jit.script(Chooser()), path)
    for compiled in (wick.compile(path), wick.compile(path, inputs=())):
        assert compiled.widest() == 3
        compiled.choose(5)
        assert compiled.state_dict()["options.width"] == 5
        compiled.load_state_dict({"options.width": 7})
        assert compiled.widest() == 7
        compiled.choose(2)
        assert compiled.widest() == 2 and compiled.session().widest() == 3
