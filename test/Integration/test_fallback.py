"""Operators without native code, run by LibTorch through libwick_aten.so, and what happens when that may not be."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
import wick  # noqa: E402

BIN = Path(wick._wick.__file__).parents[2] / "bin"
x = torch.tensor([[0.9, 0.2, 0.1, 0.4], [0.3, 0.8, 0.5, 0.1], [0.2, 0.6, 0.7, 0.3], [0.4, 0.1, 0.2, 0.95]])


@pytest.fixture(autouse=True)
def native_only(monkeypatch, tmp_path):
    """Here LibTorch may run what has no native code."""
    monkeypatch.delenv("WICK_NO_FALLBACK", raising=False)
    monkeypatch.setenv("WICK_CACHE", str(tmp_path / "cache"))


class Decompositions(torch.nn.Module):
    def forward(self, x):
        u, s, v = torch.linalg.svd(x)
        a = x @ x.t() + torch.eye(x.size(0))
        return s + 1, torch.linalg.svdvals(a).sum(), torch.linalg.pinv(a) * 2


class Tuples(torch.nn.Module):
    def forward(self, x):
        values, indices = torch.kthvalue(x, 2, 1)
        mode, where = torch.mode(x, 0)
        return values * 2, indices + 1, mode, where


class InPlace(torch.nn.Module):
    def forward(self, x):
        y = x + 0.5
        y.digamma_()
        y[0].igamma_(x[1])
        return y * 2


class Views(torch.nn.Module):
    def forward(self, x):
        y = x * 2
        return torch.ops.aten._reshape_alias(y, [y.numel()], [1]) + 1


class Out(torch.nn.Module):
    def forward(self, x):
        y = torch.zeros(4)
        torch.special.ndtri(x[0], out=y)
        values = torch.zeros(4)
        indices = torch.zeros(4, dtype=torch.int64)
        torch.kthvalue(x, 1, 1, values=values, indices=indices)
        return y + 1, values * 2, indices


class WrittenArgument(torch.nn.Module):
    def forward(self, x):
        x.digamma_()
        return x


class Lists(torch.nn.Module):
    def forward(self, x):
        parts = torch.tensor_split(x, 3)
        return torch.linalg.multi_dot([x, x + 1, x]), parts[0] + 1, torch.cartesian_prod(x[0], x[1])


class Strings(torch.nn.Module):
    def forward(self, x):
        q, r = torch.linalg.qr(x, "complete")
        return q @ r, torch.searchsorted(torch.arange(4.0), x[1] * 4, side="right")


class Optionals(torch.nn.Module):
    def forward(self, x):
        ordered, order = torch.kthvalue(x, 1, 1)
        found = torch.searchsorted(x[0], x[1], sorter=torch.argsort(x[0]) if self.training else None)
        return found + order, torch.histc(x, 4, 0.0, 1.0) * 2


class DataDependent(torch.nn.Module):
    def forward(self, x):
        values, inverse = torch._unique(x > 0.5, True, True)
        return values, inverse + 1


class Branches(torch.nn.Module):
    def forward(self, x):
        for i in range(3):
            if bool(x.sum() > 6):
                x = torch.digamma(x + i)
            else:
                x = x + 1
        return x


class Prelude(torch.nn.Module):
    """Operators that Wick composes of others, in cases for which some of these are left to LibTorch."""

    def forward(self, x):
        stacked = torch.stack([x, x + 1, x * 2], 1)
        norms = torch.linalg.matrix_norm(x, 2), torch.linalg.matrix_norm(stacked, -2, (0, 2), True)
        nuclear = torch.linalg.matrix_norm(stacked, "nuc", (0, 2)), torch.linalg.norm(x, "nuc")
        return torch.linalg.matrix_power(x, -3), torch.matrix_power(x, -1), norms, nuclear


CASES = [
    Decompositions,
    Tuples,
    InPlace,
    Views,
    Out,
    WrittenArgument,
    Lists,
    Strings,
    Optionals,
    DataDependent,
    Branches,
    Prelude,
]


def agree(model, signature=None):
    script = torch.jit.script(model)
    compiled = wick.compile(script, **({"signature": signature} if signature else {"inputs": (x.clone(),)}))
    expected_input, given_input = x.clone(), x.clone()
    expected, given = script(expected_input), compiled(given_input)
    torch.testing.assert_close(given, expected, equal_nan=True)
    torch.testing.assert_close(given_input, expected_input, equal_nan=True)
    return compiled


@pytest.mark.parametrize("model", CASES)
def test_agrees_with_libtorch(model):
    agree(model())


@pytest.mark.parametrize("model", [Decompositions, Tuples, InPlace, Strings, Branches])
def test_varying_sizes(model):
    agree(model(), signature="NxNxf32")


class Random(torch.nn.Module):
    def forward(self, x):
        first = torch.rand(3)
        y = torch.zeros(1000)
        z = torch.zeros(1000)
        drawn = torch.poisson(x), torch.multinomial(x, 2), y.bernoulli_(0.5), z.geometric_(0.5)
        # No argument tells this one where its numbers are from.
        dropped, mask = torch.native_dropout(x, 0.5, True)
        return first, drawn, dropped, mask, torch.randn(5), torch.randn(3)


def test_random_numbers_are_those_of_the_session():
    compiled = wick.compile(torch.jit.script(Random()), inputs=(x,))
    compiled.manual_seed(7)
    torch.manual_seed(7)
    expected = [Random()(x) for _ in range(3)]
    torch.manual_seed(1234)
    untouched = torch.random.get_rng_state()
    given = [compiled(x) for _ in range(3)]
    torch.testing.assert_close(given, expected)
    assert torch.equal(torch.random.get_rng_state(), untouched)


class Rectified(torch.nn.Module):
    def forward(self, x):
        return torch.nn.functional.rrelu(x - 0.5, 0.1, 0.3, self.training)


def test_training_of_rrelu():
    compiled = wick.compile(torch.jit.script(Rectified()), inputs=(x,))
    compiled.manual_seed(3)
    torch.manual_seed(3)
    torch.testing.assert_close(compiled(x), Rectified()(x))


class Refused(torch.nn.Module):
    """Operators that Wick knows, with arguments that their lowerings refuse."""

    def forward(self, x, dims: list[int]):
        flipped = torch.flip(x, dims) * 2
        return flipped + 1, torch.roll(x, dims, dims), torch.constant_pad_nd(x, dims + dims)


def test_operators_whose_lowering_refuses():
    model = torch.jit.script(Refused())
    compiled = wick.compile(model, inputs=(x, [1]))
    for dims in ([0], [1], [1, 0]):
        torch.testing.assert_close(compiled(x, dims), model(x, dims))


def test_refused_operators_are_all_named(tmp_path):
    path = str(tmp_path / "model.pt")
    torch.jit.script(Refused()).save(path)
    with pytest.raises(wick.CompileError) as error:
        wick.compile(path, inputs=(x, [1]), fallback=False)
    for name in ("aten.flip", "aten.roll", "aten.constant_pad_nd"):
        assert f"operator '{name}' has no native code: " in str(error.value)
    assert "test_fallback.py" in str(error.value)


class UnknownRank(torch.nn.Module):
    """The length of a list decides the rank."""

    def forward(self, x, sizes: list[int]):
        y = torch.ones(sizes)
        z = x.reshape(sizes).relu()
        total = (y + z).sum()
        if bool(total > 3):
            z = z * 2
        else:
            z = z.unsqueeze(0)
        count = 0
        for i in range(z.dim()):
            count += z.size(i) + z.shape[i]
        return (
            y,
            z,
            z.t() if z.dim() == 2 else z,
            total,
            float(total.item()) + count,
            z.numel(),
            z.dtype == torch.float32,
        )


class UnknownOrder(torch.nn.Module):
    """Operators of whose parameters Wick decides some itself."""

    def forward(self, x, sizes: list[int]):
        z = (x * 3).round().reshape(sizes)
        values, order = torch.sort(z, dim=0, stable=True)
        return values, order, torch.batch_norm(z, None, None, None, None, True, 0.1, 1e-5, True)


def test_parameters_that_operators_lack():
    model = torch.jit.script(UnknownOrder())
    compiled = wick.compile(model, inputs=(x, [4, 4]))
    many = torch.cat([x] * 40)
    torch.testing.assert_close(compiled(many[:4], [8, 2]), model(many[:4], [8, 2]))
    compiled = wick.compile(model, signature="?x4xf32")
    torch.testing.assert_close(compiled(many, [320, 2]), model(many, [320, 2]))


class UnknownDtype(torch.nn.Module):
    def forward(self, x, whole: bool, times: int):
        y = x.to(torch.int64) if whole else x
        kept = [y]
        for i in range(times):
            y = torch.cat([y, y * 2])
            kept.append(y)
        return y, y.to(torch.float32) + x[0], kept, y.is_floating_point()


class UnknownWrites(torch.nn.Module):
    """Writes and views of tensors that only run time knows, and what containers see of them."""

    def forward(self, x, sizes: list[int]):
        y = torch.zeros(sizes)
        kept = [y]
        first = y[0]
        first += 2
        y.view(-1)[1] = 5
        kept[0].mul_(3)
        z = x * 2
        z += y.sum()
        z[0] = y.flatten()[:4]
        # A view of a tensor whose shape is known: the view's is not.
        seen = z.view(sizes)
        seen *= 2
        z -= 1
        return y, first, kept[0], z, seen


@pytest.mark.parametrize("sizes", [[4, 4], [2, 8], [16], [2, 2, 4]])
def test_ranks_that_only_run_time_knows(sizes):
    model = torch.jit.script(UnknownRank())
    compiled = wick.compile(model, inputs=(x, [4, 4]))
    torch.testing.assert_close(compiled(x, sizes), model(x, sizes))


@pytest.mark.parametrize("whole", [True, False])
def test_dtypes_that_only_run_time_knows(whole):
    model = torch.jit.script(UnknownDtype())
    compiled = wick.compile(model, inputs=(x * 9, True, 2))
    for times in (0, 1, 3):
        torch.testing.assert_close(compiled(x * 9, whole, times), model(x * 9, whole, times))


@pytest.mark.parametrize("sizes", [[4, 4], [2, 8], [2, 2, 4]])
def test_writes_that_only_run_time_knows(sizes):
    model = torch.jit.script(UnknownWrites())
    compiled = wick.compile(model, inputs=(x, [4, 4]))
    torch.testing.assert_close(compiled(x, sizes), model(x, sizes))


class Sizes(torch.nn.Module):
    """A size of any dim, and a list that tells by its elements what it is."""

    def forward(self, x, dim: int):
        count = 0
        for i in range(x.dim()):
            count += x.size(i) * (i + 1)
        return torch.nanquantile(x, torch.tensor([0.25, 0.5])), x.size(dim) + count, torch.complex(x, x)[0] * 2


def test_sizes_of_any_dim():
    model = torch.jit.script(Sizes())
    compiled = wick.compile(model, inputs=(x[:2], 0))
    for dim in (0, 1, -1):
        torch.testing.assert_close(compiled(x[:2], dim), model(x[:2], dim))
    with pytest.raises(wick.Error, match="Dimension out of range"):
        compiled(x[:2], 2)


class NoTensor(torch.nn.Module):
    def forward(self, x):
        return x.grad, torch.clone(x)


def test_a_result_that_is_no_tensor():
    compiled = wick.compile(torch.jit.script(NoTensor()), inputs=(x,))
    assert compiled(x)[0] is None
    assert torch.equal(compiled(x)[1], x)


class NarrowWrite(torch.nn.Module):
    def forward(self, sizes: list[int]):
        y = torch.ones(sizes, dtype=torch.int64)
        y += torch.full(sizes, 0.5)
        return y


def test_a_write_into_a_lower_dtype_is_an_error():
    compiled = wick.compile(torch.jit.script(NarrowWrite()), inputs=([2, 2],))
    with pytest.raises(wick.Error, match="cannot be stored in"):
        compiled([2, 3])


OTHER_LIBTORCH = """
#include <string>
namespace at { std::string show_config() { return "TORCH_VERSION=1.2.3, "; } }
"""


def test_another_libtorch_is_refused(archive, tmp_path):
    artifact, source, library = tmp_path / "model.wick", tmp_path / "other.cpp", tmp_path / "other.so"
    assert run_tool(BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", artifact).returncode == 0
    source.write_text(OTHER_LIBTORCH)
    subprocess.run(["c++", "-shared", "-fPIC", "-o", library, source], check=True)
    result = run_tool(sys.executable, "-c", LOAD, artifact, LD_PRELOAD=str(library))
    assert result.returncode == 1
    assert (
        f"built with LibTorch {torch.__version__.split('+')[0]}, and the one that is loaded is 1.2.3" in result.stderr
    )


def test_threads():
    compiled, expected = agree(Decompositions()), Decompositions()(x)
    failures = []

    def run():
        for _ in range(50):
            try:
                torch.testing.assert_close(compiled(x), expected)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


class SingularValues(torch.nn.Module):
    def forward(self, x):
        return torch.linalg.svdvals(x)


def test_errors_are_libtorchs_and_located():
    compiled = wick.compile(torch.jit.script(SingularValues()), inputs=(x,))
    with pytest.raises(wick.Error, match=r"(?s)linalg.svd.*failed to converge.*test_fallback.py"):
        compiled(torch.full((4, 4), float("nan")))
    torch.testing.assert_close(compiled(torch.eye(4)), torch.ones(4))


@pytest.fixture
def archive(tmp_path):
    path = str(tmp_path / "model.pt")
    torch.jit.script(Decompositions()).save(path)
    return path


def run_tool(*arguments, **environment):
    command = [str(argument) for argument in arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


class Widened(torch.nn.Module):
    def forward(self, x, n: int):
        for i in range(n):
            x = x.unsqueeze(0) + i
        return x.flatten() * 2


def test_goes_on_with_a_loop_that_changes_ranks(tmp_path):
    """Native code is for so many iterations; without LibTorch more raise."""
    path = str(tmp_path / "widened.pt")
    torch.jit.script(Widened()).save(path)
    for fallback in (True, False):
        module = wick.compile(path, signature=["x=?xf32"], fallback=fallback)
        for n in (-1, 0, 3, 8, 9, 12):
            if n <= 8 or fallback:
                torch.testing.assert_close(torch.as_tensor(module(x[0], n)), Widened()(x[0], n))
                continue
            with pytest.raises(wick.Error, match="changes the rank of a tensor more than 8 times") as caught:
                module(x[0], n)
            assert caught.value.location.source == "for i in range(n):"


def test_refused_when_not_allowed(archive):
    for arguments, environment in ((["--no-fallback"], {}), ([], {"WICK_NO_FALLBACK": "1"})):
        result = run_tool(
            BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", "/dev/null", *arguments, **environment
        )
        assert result.returncode == 1
        for name in ("linalg_svd", "linalg_svdvals", "linalg_pinv.atol_rtol_float"):
            assert f"operator 'aten::{name}' has no native implementation" in result.stderr
    with pytest.raises(wick.CompileError, match="aten::linalg_svd"):
        wick.compile(archive, inputs=(x,), fallback=False)


def test_explained(archive, tmp_path):
    # Homes of operators are told without the shapes, too; kernels need them.
    for inputs in (["--input", "4x4xf32"], []):
        result = run_tool(BIN / "wick", "explain", archive, *inputs)
        assert result.returncode == 0, result.stderr
        assert "Operators that LibTorch runs" in result.stdout
        assert any("aten::linalg_svd at" in line and "test_fallback.py:" in line for line in result.stdout.splitlines())
        assert ("Memory:" in result.stdout) == bool(inputs)
        assert ("--input" in result.stdout) == (not inputs)
    artifact = tmp_path / "model.wick"
    assert run_tool(BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", artifact).returncode == 0
    loaded = wick.load(artifact)
    assert json.loads(loaded.manifest)["fallback"] == [
        "aten::linalg_pinv.atol_rtol_float",
        "aten::linalg_svd",
        "aten::linalg_svdvals",
    ]


LOAD = "import sys, wick; wick.load(sys.argv[1])((__import__('numpy').eye(4, dtype='float32'))); print('torch' in sys.modules)"


def test_the_library_is_found_without_torch_and_missed_by_name(archive, tmp_path):
    artifact = tmp_path / "model.wick"
    assert run_tool(BIN / "wick", "compile", archive, "--input", "4x4xf32", "-o", artifact).returncode == 0
    found = run_tool(sys.executable, "-c", LOAD, artifact)
    assert found.stdout == "False\n", found.stderr
    missing = run_tool(sys.executable, "-c", LOAD, artifact, WICK_ATEN_LIBRARY="/nowhere/libwick_aten.so")
    assert missing.returncode == 1
    for text in ("aten::linalg_svd", "/nowhere/libwick_aten.so", "WICK_ATEN_LIBRARY", "--no-fallback"):
        assert text in missing.stderr


def test_native_models_load_no_libtorch(tmp_path):
    artifact = tmp_path / "model.wick"
    path = str(tmp_path / "model.pt")
    torch.jit.script(torch.nn.Linear(4, 4)).save(path)
    assert run_tool(BIN / "wick", "compile", path, "--input", "4x4xf32", "-o", artifact).returncode == 0
    loaded = run_tool(sys.executable, "-c", LOAD + "; print('libtorch' in open('/proc/self/maps').read())", artifact)
    assert loaded.stdout == "False\nFalse\n", loaded.stderr


class Unsettled(torch.nn.Module):
    """Operators whose results depend on numbers that only run time knows."""

    @torch.jit.export
    def total(self, x, dim: int):
        return torch.sum(x, [dim])

    @torch.jit.export
    def convert(self, x, dtype: int):
        return x.to(dtype) + 1

    @torch.jit.export
    def commonest(self, x, keep: bool):
        return torch.mode(x, 0, keep)[0]

    def forward(self, x):
        return x


def test_numbers_that_decide_types(tmp_path):
    """What LibTorch says of one dim or dtype is not taken for what holds of all."""
    path = str(tmp_path / "model.pt")
    torch.jit.script(Unsettled()).save(path)
    original, compiled = torch.jit.load(path), wick.compile(path)
    rows = torch.randn(3, 4)
    for method, values in (("total", (0, 1, -1)), ("convert", (6, 9, 1)), ("commonest", (True, False))):
        for value in values:
            expected = getattr(original, method)(rows, value)
            torch.testing.assert_close(getattr(compiled, method)(rows, value), expected)


class Saves(torch.nn.Module):
    def forward(self, x: torch.Tensor, n: int, path: str):
        torch.save((n, "text", [1.5, 2.5], {"x": [x, x + 1]}), path)


def test_values_of_all_kinds_are_saved(tmp_path):
    original = torch.jit.script(Saves())
    for model, name in ((original, "original"), (wick.compile(original), "compiled")):
        model(x, 3, str(tmp_path / name))
    number, text, floats, table = torch.load(tmp_path / "compiled", weights_only=False)
    assert (number, text, floats, list(table)) == (3, "text", [1.5, 2.5], ["x"])
    assert torch.equal(
        torch.stack(table["x"]), torch.stack(torch.load(tmp_path / "original", weights_only=False)[3]["x"])
    )


class Flattens(torch.nn.Module):
    def forward(self, x, first: int, last: int):
        return x[None].flatten(first, last) + 1


def test_dims_that_calls_give(tmp_path):
    """Two numbers of which nothing is known may be two dims: what LibTorch says for one of them twice is not all."""
    original = torch.jit.script(Flattens())
    original.save(str(tmp_path / "flattens.pt"))
    compiled = wick.compile(str(tmp_path / "flattens.pt"), signature=["2x3xf32"])
    for dims in [(0, 1), (1, 2), (0, -1), (1, 1)]:
        torch.testing.assert_close(compiled(x[:2, :3], *dims), original(x[:2, :3], *dims))
