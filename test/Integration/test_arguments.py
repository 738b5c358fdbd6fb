"""Calls whose arguments do not fit what a method declares: they raise what LibTorch raises, with its text."""

import copy
import itertools
import re
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import pytest
import torch
from torch import Tensor

import wick


class Pair(NamedTuple):
    a: Tensor
    b: int


class Declares(torch.nn.Module):
    def forward(
        self,
        x: Tensor,
        n: int,
        f: float,
        b: bool,
        s: str,
        sizes: List[int],
        some: Optional[List[int]],
        tensors: List[Optional[Tensor]],
        table: Dict[str, List[Tensor]],
        nested: Tuple[int, Tuple[str, float]],
        either: Union[int, str],
        pair: Pair,
        device: torch.device,
        z: complex,
        text: str = "a, b('\"",
        scale: float = 2.0,
        y: Optional[Tensor] = None,
    ) -> Tuple[Tensor, str]:
        return x * (n + f) * pair.a, s + text

    @torch.jit.export
    def scaled(self, x: Tensor, by: int = 3) -> Tensor:
        return x * by


X = torch.ones(2)
GOOD = [X, 1, 1.5, True, "s", [1], None, [None], {"a": [X]}, (1, ("a", 1.0)), 1, Pair(X, 1), torch.device("cpu"), 1j]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("arguments") / "declares.pt"
    torch.jit.script(Declares()).save(str(path))
    return path


@pytest.fixture(scope="module")
def reference(archive):
    return torch.jit.load(str(archive))


@pytest.fixture(scope="module", params=["just in time", "loaded"])
def model(request, archive, tmp_path_factory):
    if request.param == "just in time":
        return wick.compile(archive)
    path = tmp_path_factory.mktemp("arguments") / "declares.wick"
    names = [argument.name for argument in torch.jit.load(str(archive)).forward.schema.arguments[1:]]
    inputs = dict(zip(names, GOOD))
    wick.compile(archive, inputs, methods=["forward"]).save(path)
    return wick.load(path)


def check(call, expected, args, kwargs):
    """Both raise, and the first line is the same; what LibTorch says of its own conversion comes after."""
    with pytest.raises(RuntimeError) as error:
        expected(*args, **kwargs)
    with pytest.raises(wick.ArgumentError) as raised:
        call(*args, **kwargs)
    text = str(error.value).split("\nCast error details")[0].split("\n Python error details")[0]
    assert str(raised.value).strip() == text.strip()
    assert isinstance(raised.value, (TypeError, ValueError))


WRONG = {
    0: [1, "s", [1]],
    1: [1.5, "s", None, 1j],
    2: ["s", None, 1j],
    3: ["s", []],
    4: [1, None],
    5: [[1.5], ["s"], 1, None, {1: 2}, "ab"],
    6: [[1.5], 3],
    7: [[1], [X, 1]],
    8: [{"a": X}, {1: [X]}, {"a": [1]}],
    9: [(1, ("a",)), (1, 2), 1],
    10: [1.5, None],
    12: [1],
    13: ["s"],
}


@pytest.mark.parametrize("position", WRONG)
def test_wrong_types(model, reference, position):
    for value in WRONG[position]:
        args = list(GOOD)
        args[position] = value
        check(model, reference, args, {})


def test_wrong_numbers(model, reference):
    check(model, reference, [], {})
    check(model, reference, GOOD[:4], {})
    check(model, reference, GOOD[:4], {"s": "a"})
    check(model, reference, [*GOOD, "t", 1.0, None, 3], {})
    check(model, reference, GOOD, {"other": 3})
    check(model, reference, GOOD, {"n": 3})
    check(model, reference, GOOD, {"scale": "s"})
    check(model, reference, GOOD, {"text": "a", "scale": 1.0, "y": None, "more": 1})


def test_what_fits(model, reference):
    for kwargs in [{}, {"text": "t"}, {"scale": 1}]:
        result, expected = model(*GOOD, **kwargs), reference(*GOOD, **kwargs)
        assert torch.equal(result[0], expected[0]) and result[1] == expected[1]


def test_other_methods(archive, reference):
    model = wick.compile(archive)
    check(model.scaled, reference.scaled, [], {})
    check(model.scaled, reference.scaled, [X, 2.5], {})
    check(model.scaled, reference.scaled, [X, 2, 3], {})
    assert torch.equal(model.scaled(X), reference.scaled(X))


ROWS = torch.arange(6.0).reshape(2, 3)


class Choices(torch.nn.Module):
    def forward(self, x, dim: int = -1, shift: Optional[int] = None, over: Optional[int] = None):
        if shift is not None:
            x = x + shift
        x = x.sum(dim)
        return x if over is None else x.sum(over)

    @torch.jit.export
    def weigh(self, words: List[str], weights: Optional[List[float]] = None) -> float:
        if weights is not None and len(words) != len(weights):
            raise ValueError(f"{len(words)} words but {len(weights)} weights")
        return float(len(words)) if weights is None else sum(weights)


@pytest.fixture(scope="module")
def choices(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("choices") / "choices.pt")
    torch.jit.script(Choices()).save(path)
    return path


def test_what_is_left_out_may_decide_types(choices):
    compiled, original = wick.compile(choices, fallback=False), torch.jit.load(choices)
    for args in [(), (0,), (0, 1), (1, None), (0, 1, 0), ()]:
        torch.testing.assert_close(compiled(ROWS, *args), original(ROWS, *args))


class Contraction(torch.nn.Module):
    def forward(self, x, dims: List[List[int]]):
        return torch.tensordot(x, x, dims).sum(dims[1])


def test_values_in_lists_may_decide_types():
    original = torch.jit.script(Contraction())
    compiled = wick.compile(original, fallback=False)
    for dim in (0, 1, -1):
        torch.testing.assert_close(compiled(ROWS, [[dim]] * 2), original(ROWS, [[dim]] * 2))
    made = wick.compile(original, signature=["x=2x3xf32", "dims=[[1], [1]]"])
    torch.testing.assert_close(made(ROWS, [[1], [1]]), original(ROWS, [[1], [1]]))
    with pytest.raises(wick.Error, match="other values than the code is made for"):
        made(ROWS, [[1], [0]])


def test_optional_arguments_that_nothing_is_said_of(choices):
    compiled, original = wick.compile(choices, signature=["x=2x3xf32", "dim=1", "over=none"]), torch.jit.load(choices)
    for args in [(1,), (1, 2), (1, None)]:
        torch.testing.assert_close(compiled(ROWS, *args), original(ROWS, *args))
    assert compiled.weigh(["a"]) == 1.0 and compiled.weigh(["a", "b"], [0.5, 2.0]) == 2.5
    with pytest.raises(ValueError, match="1 words but 2 weights"):
        compiled.weigh(["a"], [0.5, 2.0])


class Masked(torch.nn.Module):
    def forward(self, x: Tensor, mask: Optional[Tensor] = None, bias: Optional[Tensor] = None) -> Tensor:
        if mask is not None:
            mask[0] = True
            x = x.masked_fill(mask, 0.0)
        return x if bias is None else x @ bias

    @torch.jit.export
    def all(self, xs: Optional[List[Tensor]], n: Optional[int] = None) -> int:
        return -1 if xs is None else sum([int(x.numel()) for x in xs]) + (0 if n is None else n)


def test_arguments_that_may_be_none():
    """One entry for both: with and without."""
    original = torch.jit.script(Masked())
    signature = ["x=BxNxf32", "mask=BxNxi1?", "bias=NxKxf32?", "all:xs=[?x3xf32]?"]
    compiled = wick.compile(original, signature=signature, fallback=False)
    assert "mask: Optional[Tensor<bool>[s0, s1]] = None" in repr(compiled)
    mask, bias = torch.tensor([[True, False, False], [False, False, True]]), torch.ones(3, 4)
    for args in [(), (mask,), (mask, bias), (None, bias), (mask[:, [2, 1, 0]].t().contiguous().t(), None)]:
        given = [copy.deepcopy(args) for _ in range(2)]
        torch.testing.assert_close(compiled(ROWS, *given[0]), original(ROWS, *given[1]))
        torch.testing.assert_close(given[0], given[1])
    with pytest.raises(wick.ArgumentError, match="dim 1 is 2, but s1 is 3"):
        compiled(ROWS, mask[:, :2])
    for args in [(None,), ([],), ([ROWS, ROWS], 3), ([ROWS],)]:
        assert compiled.all(*args) == original.all(*args)


class Pairs(torch.nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        four = torch.arange(4.0)
        z = x.clone()
        z += y
        return x * y + four, torch.where(x > y, x, four), x.unsqueeze(-1) @ y.unsqueeze(-2), z


def test_sizes_that_calls_compare():
    """Where the signature does not tell whether sizes are equal or one is repeated, run time does."""
    original = torch.jit.script(Pairs())
    compiled = wick.compile(original, signature=["x=?x?xf32", "y=?x?xf32"], fallback=False)
    sizes = [(2, 4), (1, 4), (2, 1), (1, 1), (3, 4), (2, 3), (0, 4)]
    for x, y in itertools.product([torch.randn(*size) for size in sizes], repeat=2):
        try:
            expected = original(x, y)
        except RuntimeError as error:
            with pytest.raises(wick.Error, match=re.escape(str(error).strip().split("\n")[-1].split("Error: ")[1])):
                compiled(x, y)
        else:
            torch.testing.assert_close(compiled(x, y), expected)


def test_values_that_code_is_made_for(choices):
    compiled = wick.compile(choices, signature=["x=2x3xf32", "dim=1", "over=none"])
    for args in [(0,), (1, None, 0)]:
        with pytest.raises(wick.ArgumentError, match="has another value than the code is made for"):
            compiled(ROWS, *args)


class Adds(torch.nn.Module):
    def forward(self, a: Tensor, b: Tensor, c: Optional[Tensor] = None, n: int = 3) -> Tuple[Tensor, Tensor]:
        d = a + b
        b.add_(n)
        return d + a, b * 2 if c is None else c + b


def test_one_tensor_given_several_times():
    """Where the method writes to it, all its names show that; views that are not the same tensor are refused."""
    original = torch.jit.script(Adds())
    compiled = wick.compile(original)

    def agrees(*places, **kwargs):
        given, expected = [[torch.ones(3), torch.zeros(3)] for _ in range(2)]
        named = {name: given[place] for name, place in kwargs.items()}
        result = compiled(*(given[place] for place in places), **named)
        named = {name: expected[place] for name, place in kwargs.items()}
        for a, b in zip((*result, *given), (*original(*(expected[i] for i in places), **named), *expected)):
            assert torch.equal(a, b)

    for places in [(0, 1), (0, 0), (0, 0, 0), (0, 1, 1), (0, 1, 0), (0, 0, 1)]:
        agrees(*places)
    agrees(0, b=0)
    agrees(1, c=1, b=1)
    x = torch.ones(3)
    assert torch.equal(compiled(x, x.view(3), x, 1)[1], torch.full((3,), 4.0)) and torch.equal(x, torch.full((3,), 2.0))
    x = torch.ones(4)
    with pytest.raises(
        wick.ArgumentError, match="'b', which the method writes to, shares memory with 'a'; pass a copy"
    ):
        compiled(x[1:], x[:3])
    made = wick.compile(original, signature=["a=3xf32", "b=&a", "c=none"])
    x = torch.ones(3)
    assert torch.equal(made(x)[0], torch.full((3,), 6.0)) and torch.equal(x, torch.full((3,), 4.0))


class AsksForGradients(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))
        self.register_buffer("constant", torch.ones(2))

    def forward(self, x: Tensor, y: Tensor) -> Tuple[bool, bool, bool, bool, bool]:
        z = x * y
        w, c = self.weight, self.constant
        return x.requires_grad, y.requires_grad, z.requires_grad, w.requires_grad, c.requires_grad


def test_requires_grad():
    original = torch.jit.script(AsksForGradients())
    compiled = wick.compile(original)
    tensors = torch.ones(2), torch.ones(2, requires_grad=True)
    with torch.no_grad():
        for args in [(x, y) for x in tensors for y in tensors] * 2:
            assert compiled(*args) == original(*args)
    made = wick.compile(original, signature=["2xf32", "2xf32 requires_grad"])
    assert made(*tensors) == (False, True, False, True, False)
