"""Random numbers of a seed, drop-out and the order of draws, against LibTorch."""

from typing import List, Optional, Tuple

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")
F = torch.nn.functional


class Draws(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout = torch.nn.Dropout(0.3)
        self.still = torch.nn.Dropout(0.3).eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.dropout(x) + self.still(x)

    @torch.jit.export
    def uniform(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        return [
            torch.rand(5),
            torch.rand([n, 3], dtype=torch.float64),
            torch.rand_like(x),
            torch.empty(40).uniform_(-2.0, 3.0),
            torch.rand(4, dtype=torch.float16),
            torch.rand(4, dtype=torch.bfloat16),
        ]

    @torch.jit.export
    def normal(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        return [
            torch.randn(3),
            torch.randn(1),
            torch.randn(n, 37),
            torch.randn([20], dtype=torch.float64),
            torch.randn_like(x),
            torch.empty(7).normal_(2.0, 3.0),
            torch.normal(x, x.abs()),
            torch.normal(1.0, 2.0, [4, 4]),
            torch.normal(x, 0.5),
        ]

    @torch.jit.export
    def integers(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        return [
            torch.randint(10, [6]),
            torch.randint(-5, n, [3, 4]),
            torch.randint(0, 1 << 40, [4]),
            torch.randint(0, (1 << 31) - 1, [4], dtype=torch.int32),
            torch.randint_like(x, 3, 9),
            torch.empty(3, dtype=torch.int64).random_(),
            torch.empty(3, dtype=torch.int32).random_(),
            torch.empty(3).random_(),
            torch.empty(3, dtype=torch.bool).random_(),
            torch.empty(3, dtype=torch.uint8).random_(0, 100),
            torch.randperm(n),
            torch.randperm(300, dtype=torch.int32),
        ]

    @torch.jit.export
    def chances(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        p = torch.sigmoid(x)
        return [
            torch.bernoulli(p),
            torch.bernoulli(p.to(torch.float64)),
            torch.bernoulli(x, 0.25),
            torch.empty(n, dtype=torch.bool).bernoulli_(0.5),
            torch.zeros_like(x).bernoulli_(p),
            torch.empty(9).exponential_(2.0),
            torch.empty(9).geometric_(0.3),
            torch.empty(9).cauchy_(1.0, 0.5),
            torch.empty(9, dtype=torch.float64).log_normal_(0.5, 0.25),
            torch.multinomial(p, 3),
            torch.multinomial(p, 7, True),
            torch.multinomial(p[0], 1, True),
        ]

    @torch.jit.export
    def variants(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        image = x.reshape(2, 2, 3, 1)
        y = x.clone()
        F.dropout(y, 0.5, True, True)
        return [
            F.dropout(x, 0.5, True),
            F.dropout(x, 0.5, n < 0),
            F.dropout(x, 0.0, True),
            F.dropout(x, 1.0, True),
            F.dropout2d(image, 0.5, True),
            F.alpha_dropout(x, 0.4, True),
            F.feature_alpha_dropout(image, 0.4, True),
            y,
        ]

    @torch.jit.export
    def order(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        # Equal draws are different numbers, an unused one counts, and branches and loops draw in their turn.
        a = torch.rand(2)
        b = torch.rand(2)
        torch.rand(3)
        drawn = [a - b]
        for i in range(n):
            if i % 2 == 0:
                drawn.append(torch.randn(2) + torch.rand(2))
            else:
                drawn.append(torch.rand(1))
        return drawn

    @torch.jit.export
    def seeded(self, x: torch.Tensor, n: int) -> List[torch.Tensor]:
        before = torch.rand(2)
        torch.manual_seed(n)
        return [before, torch.rand(2)]

    @torch.jit.export
    def wrong(self, x: torch.Tensor, n: int) -> Tuple[torch.Tensor, torch.Tensor]:
        return torch.randint(n, 3, [2]), torch.multinomial(x.abs() * 0, 2)


METHODS = ["uniform", "normal", "integers", "chances", "variants", "order", "seeded"]
X = torch.linspace(-2, 2, 12).reshape(3, 4)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / "draws.pt"
    torch.jit.save(torch.jit.script(Draws()), str(path))
    signature = [f"{name}:x=3x4xf32" for name in [*METHODS, "forward", "wrong"]]
    return wick.compile(str(path), signature=signature), torch.jit.load(str(path))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [0, 2**40 + 7])
def test_same_numbers(pair, method, seed):
    compiled, original = pair
    session = compiled.session()
    session.manual_seed(seed)
    torch.manual_seed(seed)
    for _ in range(2):  # the stream goes on between calls
        got, expected = getattr(session, method)(X, 6), getattr(original, method)(X, 6)
        assert len(got) == len(expected)
        for a, b in zip(got, expected):
            assert a.dtype == b.dtype
            torch.testing.assert_close(a, b, equal_nan=True)


def test_dropout_of_modules(pair):
    compiled, original = pair
    session = compiled.session()
    session.manual_seed(3), torch.manual_seed(3)
    first = session(X)
    torch.testing.assert_close(first, original(X))
    torch.testing.assert_close(session(X), original(X))
    other = compiled.session(share=session)
    torch.testing.assert_close(other(X), original(X))
    copied = session.copy()
    torch.testing.assert_close(copied(X), session(X))
    session.manual_seed(3)
    assert torch.equal(session(X), first)


def test_sessions_begin_apart(pair):
    compiled, _ = pair
    assert not torch.equal(compiled.session()(X + 3), compiled.session()(X + 3)) or not torch.equal(
        compiled.session()(X + 3), compiled.session()(X + 3)
    )


def test_errors(pair):
    compiled, _ = pair
    with pytest.raises(wick.Error, match="random_ expects 'from' to be less than 'to', but got from=5 >= to=3"):
        compiled.wrong(X, 5)
    with pytest.raises(wick.Error, match="invalid multinomial distribution"):
        compiled.wrong(X, 1)


class Given(torch.nn.Module):
    def forward(self, x: torch.Tensor, g: torch.Generator) -> Tuple[torch.Tensor, torch.Generator]:
        return torch.randn(x.size(), generator=g) + x, g

    @torch.jit.export
    def optional(self, x: torch.Tensor, g: Optional[torch.Generator] = None) -> torch.Tensor:
        return torch.rand(x.size(), generator=g) + x

    @torch.jit.export
    def every(self, x: torch.Tensor, streams: List[torch.Generator]) -> List[torch.Tensor]:
        return [torch.rand(x.size(), generator=g) for g in streams]

    @torch.jit.export
    def seeds(self, g: torch.Generator, seed: int) -> Tuple[int, int, int]:
        first = g.initial_seed()
        g.manual_seed(seed)
        return first, g.initial_seed(), g.seed()

    @torch.jit.export
    def counts(self, x: torch.Tensor, g: Optional[torch.Generator] = None) -> torch.Tensor:
        return torch.poisson(x, generator=g) + torch.rand([1], generator=g)

    @torch.jit.export
    def own(self, x: torch.Tensor) -> torch.Tensor:
        g = torch.Generator()
        return torch.rand(x.size(), generator=g)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / "given.pt"
    torch.jit.save(torch.jit.script(Given()), str(path))
    signature = [*(f"{name}:x=Nxf32" for name in ["forward", "optional", "every", "counts", "own"]), "seeds:seed=int"]
    return wick.compile(str(path), signature=signature), torch.jit.load(str(path))


def generators(seed):
    return torch.Generator().manual_seed(seed), torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("count", [3, 20])  # one by one in pairs, of which one may wait, and many at once
def test_generators_of_the_caller(given, count):
    compiled, original = given
    mine, theirs = generators(11)
    x = torch.ones(count)
    for _ in range(3):
        (got, same), (expected, _) = compiled(x, mine), original(x, theirs)
        torch.testing.assert_close(got, expected)
        assert same is mine
        assert torch.equal(mine.get_state(), theirs.get_state())
    torch.testing.assert_close(compiled.optional(x, mine), original.optional(x, theirs))
    # The same one twice.
    got, expected = compiled.every(x, [mine, mine]), original.every(x, [theirs, theirs])
    torch.testing.assert_close(got, expected)
    assert torch.equal(torch.rand(5, generator=mine), torch.rand(5, generator=theirs))
    with pytest.raises(TypeError, match="type 'Generator' for argument 'g' but instead found type 'int'"):
        compiled(x, 3)


def test_no_generator_is_the_session(given):
    compiled, original = given
    session = compiled.session()
    session.manual_seed(5), torch.manual_seed(5)
    torch.testing.assert_close(session.optional(X[0]), original.optional(X[0]))


def test_seeds_of_generators(given):
    compiled, _ = given
    mine, _ = generators(3)
    first, second, fresh = compiled.seeds(mine, -4)
    assert (first, second) == (3, -4)
    assert mine.initial_seed() == fresh
    assert torch.equal(torch.rand(2, generator=mine), torch.rand(2, generator=torch.Generator().manual_seed(fresh)))


def test_generators_and_the_fallback(given):
    compiled, original = given
    mine, theirs = generators(8)
    x = torch.tensor([1.0, 20.0, 3.0])
    torch.testing.assert_close(compiled.counts(x, mine), original.counts(x, theirs))
    assert torch.equal(mine.get_state(), theirs.get_state())


def test_generators_of_programs_are_of_sessions(given):
    compiled, _ = given
    session, other = compiled.session(), compiled.session()
    first = session.own(X[0])
    assert torch.equal(other.own(X[0]), first)
    copied = session.copy()
    second = session.own(X[0])
    assert not torch.equal(second, first)
    assert torch.equal(copied.own(X[0]), second)
    # One that shares the state goes on where the other is.
    assert torch.equal(compiled.session(share=session).own(X[0]), copied.own(X[0]))
