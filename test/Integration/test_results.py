"""Results that are arguments, state or each other, whole or seen through views: callers see what is written to one in the
others, as they do with LibTorch."""

import copy
import itertools
from typing import Dict, List, NamedTuple, Optional, Tuple

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")


class Pair(NamedTuple):
    whole: torch.Tensor
    part: torch.Tensor


class Results(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(2, 3))

    def forward(self, x):
        return x[0]

    @torch.jit.export
    def shown_differently(self, x):
        return x.t(), x.view(-1), x.reshape(3, 2), x[:, 1:], x[:, ::2], x.unsqueeze(0).expand(2, 2, 3), x.detach()

    @torch.jit.export
    def of_a_result(self, x):
        y = x * 2
        return y[1], y, y.view(-1)[2:5].view(3, 1)

    @torch.jit.export
    def of_a_product(self, x):
        y = x @ x.t()
        return y[0], y[:, 0]

    @torch.jit.export
    def of_parts(self, x):
        a, b = x.split(1)
        return a, b, x.unbind(1), x.chunk(3, 1)

    @torch.jit.export
    def in_containers(self, x) -> Tuple[List[torch.Tensor], Dict[str, torch.Tensor], Pair]:
        return [x, x[0]], {"a": x.t(), "b": x}, Pair(x, x[:, 0])

    @torch.jit.export
    def chosen(self, x, n: int):
        if n > 1:
            y = x * n
        elif n > 0:
            y = x
        else:
            y = x + 1
        return y

    @torch.jit.export
    def one_of_two(self, x, y, first: bool):
        z = x if first else y
        return z, x[0], y

    @torch.jit.export
    def optional(self, x, y: Optional[torch.Tensor] = None):
        if y is None:
            return x
        return y

    @torch.jit.export
    def written(self, x):
        row = x[1]
        row += 1
        x[:, 0] = 7
        return row, x.add_(1)

    @torch.jit.export
    def of_state(self, x):
        self.total += x
        return self.total, self.total[0], self.total.t()

    @torch.jit.export
    def chosen_by_run_time(self, x, start: int, dim: int):
        return x[:, start:], x.select(0, dim)


CALLS = {
    "forward": [()],
    "shown_differently": [()],
    "of_a_result": [()],
    "of_a_product": [()],
    "of_parts": [()],
    "in_containers": [()],
    "chosen": [(0,), (1,), (2,)],
    "one_of_two": [(torch.ones(2, 3), True), (torch.ones(2, 3), False)],
    "optional": [()],
    "written": [()],
    "of_state": [(), ()],
    "chosen_by_run_time": [(0, 0), (1, -1), (3, 1)],
}


def find_tensors(value):
    if isinstance(value, torch.Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [tensor for part in parts for tensor in find_tensors(part)]


def find_extent(tensor):
    """The bytes of memory from the first element to behind the last."""
    last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride()))
    return tensor.data_ptr(), tensor.data_ptr() + (last + 1) * tensor.element_size() * (tensor.numel() > 0)


def relate(tensors):
    """The distances in bytes of all that lie in the same memory, by their positions."""
    extents = [find_extent(tensor) for tensor in tensors]
    return {
        (i, j): extents[j][0] - extents[i][0]
        for i, j in itertools.combinations(range(len(tensors)), 2)
        if extents[i][0] < extents[j][1] and extents[j][0] < extents[i][1]
    }


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "results.pt"
    torch.jit.save(torch.jit.script(Results()), str(path))
    return wick.compile(str(path)), torch.jit.load(str(path))


@pytest.mark.parametrize("method", CALLS)
def test_memory_of_results(models, method):
    for arguments in CALLS[method]:
        seen = []
        for model in models:
            given = [torch.arange(6.0).view(2, 3), *copy.deepcopy(arguments)]
            tensors = find_tensors([given, getattr(model, method)(*given)])
            # One write for all that it reaches.
            before = [tensor.clone() for tensor in tensors]
            tensors[0].add_(100)
            seen.append((before, tensors, relate(tensors), [tensor.stride() for tensor in tensors]))
        actual, expected = seen
        torch.testing.assert_close(actual[:2], expected[:2], rtol=0, atol=0)
        assert actual[2:] == expected[2:]


def test_results_outlive_their_model(tmp_path):
    """Views keep the memory that they show."""
    path = tmp_path / "results.wick"
    torch.jit.save(torch.jit.script(Results()), str(tmp_path / "results.pt"))
    wick.compile(str(tmp_path / "results.pt"), signature=["of_a_result:x=2x3xf32"], methods=["of_a_result"]).save(
        str(path)
    )
    model = wick.load(str(path))
    row, _, column = model.of_a_result(torch.arange(6.0).view(2, 3))
    del model, _
    row += 1
    torch.testing.assert_close(row, torch.tensor([7.0, 9.0, 11.0]))
    torch.testing.assert_close(column, torch.tensor([[4.0], [7.0], [9.0]]))


def test_argument_that_is_not_in_order(models):
    """A result that is such an argument is it, though the call reads a copy."""
    x = torch.arange(6.0).view(3, 2).t()
    result = models[0].chosen(x, 1)
    assert (result.data_ptr(), result.stride()) == (x.data_ptr(), x.stride())


class Writes(torch.nn.Module):
    def forward(self, x, y, first: bool):
        z = x if first else y
        z += 1
        return z * 2

    @torch.jit.export
    def in_a_list(self, x, y, first: bool):
        tensors: List[torch.Tensor] = []
        if first:
            tensors.append(x)
        tensors.append(y)
        for t in tensors:
            t[0] = 7
        return x + y

    @torch.jit.export
    def through_a_view(self, x, y, first: bool):
        z = x[0] if first else y[1]
        z.mul_(3)
        return x


@pytest.mark.parametrize("method", ["forward", "in_a_list", "through_a_view"])
@pytest.mark.parametrize("first", [True, False])
def test_writes_to_arguments_that_are_not_in_order(method, first):
    """Whichever of them is written, what the call read as a copy shows it."""
    original = torch.jit.script(Writes())
    seen = []
    for model in (wick.compile(original), original):
        given = [torch.arange(6.0).view(3, 2).t(), torch.arange(9.0, 15.0).view(3, 2).t()]
        seen.append((getattr(model, method)(*given, first), given))
    torch.testing.assert_close(*seen, rtol=0, atol=0)
