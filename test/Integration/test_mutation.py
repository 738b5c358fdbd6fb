"""Programs that write to tensors, against LibTorch: results, and what the caller sees in its arguments."""

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")

from torch import Tensor  # noqa: E402

PROGRAMS = {}


def program(*shapes, **options):
    """Registers a function of tensors; scripted, and traced too unless it has control flow."""

    def register(function):
        PROGRAMS[function.__name__] = (function, shapes, options)
        return function

    return register


@program((3, 4))
def fill_row(x: Tensor):
    y = x * 2
    y[0] = 1.0
    return y


@program((3, 4))
def write_through_slice(x: Tensor):
    y = x + 1
    y[:, 1:3] = x[:, :2]
    return y


@program((3, 4))
def write_through_step(x: Tensor):
    y = x + 1
    y[:, ::2].mul_(3.0)
    return y


@program((3, 4))
def write_transposed(x: Tensor):
    y = x + 1
    y.t()[1] = 5.0
    return y


@program((3, 4))
def write_through_chain(x: Tensor):
    y = x + 1
    y.t()[1:3].unsqueeze(0)[0, :, 1].add_(10.0)
    return y


@program((3, 4))
def view_read_after_write(x: Tensor):
    y = x + 1
    row = y[1]
    flat = y.view(-1)
    y.mul_(2.0)
    return row, flat, y


@program((3, 4))
def base_read_after_view_write(x: Tensor):
    y = x + 1
    before = y * 1
    y.view(2, 6)[1] = 0.0
    return before, y


@program((3, 4))
def views_of_each_other(x: Tensor):
    y = x + 1
    a = y[0]
    b = y[:, 0]
    a.add_(1.0)
    b.mul_(2.0)
    a.sub_(0.5)
    return a, b, y


@program((3, 4))
def argument_is_written(x: Tensor):
    x.add_(1.0)
    return x * 2


@program((3, 4))
def argument_view_is_written(x: Tensor):
    x[1].zero_()
    return x


@program((3, 4), (3, 4))
def copy_between(x: Tensor, y: Tensor):
    x.copy_(y)
    y.mul_(2.0)
    return x + y


@program((3, 4), (4,))
def broadcast_write(x: Tensor, y: Tensor):
    z = x.clone()
    z.copy_(y)
    z += y
    return z


@program((3, 4))
def dtype_write(x: Tensor):
    y = torch.zeros([3, 4], dtype=torch.int64)
    y.copy_(x * 10)
    y += 2
    return y


@program((3, 4))
def masked(x: Tensor):
    y = x.clone()
    y.masked_fill_(x > 0, -1.0)
    return y


@program((3, 4))
def reshape_of_transposed(x: Tensor):
    y = (x + 1).t().reshape(-1)
    y += 1
    return y


@program((3, 4))
def reshape_of_transposed_argument(x: Tensor):
    y = x + 1
    z = y.t().reshape(-1)
    z += 1
    return y, z


@program((3, 4))
def reshape_writes_through(x: Tensor):
    y = x + 1
    y.reshape(-1)[:5] = 0.0
    return y


@program((2, 6))
def chunks(x: Tensor):
    y = x + 1
    a, b = y.chunk(2, 1)
    a.mul_(b)
    return y


@program((3, 4))
def detach_shares(x: Tensor):
    y = x + 1
    y.detach().mul_(3.0)
    return y


@program((3, 4))
def clone_does_not_share(x: Tensor):
    y = x + 1
    z = y.clone()
    z.zero_()
    return y, z


@program((3, 4))
def same_dtype_shares(x: Tensor):
    y = x + 1
    y.to(torch.float32).mul_(3.0)
    return y


@program((3, 4))
def list_sees_writes(x: Tensor):
    y = x + 1
    parts = [y, x]
    y.mul_(2.0)
    return torch.cat(parts)


@program((3, 4), script_only=True)
def branch_write(x: Tensor):
    y = x + 1
    if bool(x.sum() > 0):
        y[0] = 1.0
    else:
        y.mul_(2.0)
    return y


@program((3, 4), script_only=True)
def branch_write_and_view(x: Tensor):
    y = x + 1
    row = y[0]
    if bool(x.sum() > -100):
        row.add_(1.0)
    return row, y


@program((3, 4), script_only=True)
def branch_choice_is_written(x: Tensor):
    if bool(x.sum() > 0):
        y = x + 1
    else:
        y = x - 1
    y.mul_(2.0)
    return y


@program((3, 4), (3, 4), script_only=True)
def branch_choice_of_arguments_is_written(x: Tensor, y: Tensor):
    if bool(x.sum() > 0):
        z = x
    else:
        z = y
    z.mul_(2.0)
    return x, y


@program((3, 4), script_only=True)
def loop_write(x: Tensor):
    y = torch.zeros([3, 4])
    for i in range(x.size(0)):
        y[i] = x[i] * i
    return y


@program((3, 4), script_only=True)
def loop_accumulate(x: Tensor):
    total = torch.zeros([4])
    for i in range(x.size(0)):
        total += x[i]
    return total


@program((3, 4), script_only=True)
def loop_writes_argument(x: Tensor):
    for i in range(x.size(0)):
        x[i].mul_(2.0)
    return x.sum()


@program((3, 4), script_only=True)
def loop_with_branch(x: Tensor):
    y = x + 1
    for i in range(x.size(0)):
        if bool(y[i].sum() > 2):
            y[i] = 0.0
        elif i > 0:
            y[i - 1].add_(1.0)
    return y


@program((3, 4), script_only=True)
def while_write(x: Tensor):
    y = x.abs() + 1
    n = 0
    while bool(y.sum() < 100):
        y.mul_(2.0)
        n += 1
    return y, n


@program((3, 4), script_only=True)
def loop_break(x: Tensor):
    y = torch.zeros([4])
    for i in range(x.size(0)):
        if bool(x[i].sum() > 1):
            break
        y += x[i]
    return y


@program((3, 4), script_only=True)
def swap_in_loop(x: Tensor):
    a = x + 1
    b = x - 1
    for _ in range(3):
        a, b = b, a * 2
    return a, b


@program((3, 4))
def in_place_functions(x: Tensor):
    y = x + 1
    torch.relu_(y)
    y.clamp_(0.0, 1.5)
    y.sub_(0.25).neg_()
    return y


@program((3, 4))
def out_argument(x: Tensor):
    y = torch.empty([3, 4])
    torch.add(x, x, out=y)
    return y


def archive(function, kind, inputs):
    if kind == "trace":
        return torch.jit.trace(function, tuple(x.clone() for x in inputs), check_trace=False)
    return torch.jit.script(function)


CASES = [
    (name, kind)
    for name, (_, _, options) in PROGRAMS.items()
    for kind in ("script", "trace")
    if kind == "script" or not options.get("script_only")
]


def equal(got, expected):
    if isinstance(expected, (tuple, list)):
        assert len(got) == len(expected)
        for a, b in zip(got, expected):
            equal(a, b)
    elif isinstance(expected, Tensor):
        got = torch.as_tensor(got)
        assert got.dtype == expected.dtype and got.shape == expected.shape
        torch.testing.assert_close(got, expected)
    else:
        assert got == expected


@pytest.mark.parametrize("name,kind", CASES)
def test_program(name, kind, tmp_path):
    function, shapes, options = PROGRAMS[name]
    torch.manual_seed(0)
    inputs = [torch.randn(shape) for shape in shapes]
    model = archive(function, kind, inputs)
    path = tmp_path / "model.pt"
    torch.jit.save(model, str(path))
    if "refuses" in options:
        with pytest.raises(wick.CompileError, match=options["refuses"]):
            wick.compile(str(path), inputs=tuple(inputs))
        return
    compiled = wick.compile(str(path), inputs=tuple(inputs))
    for seed in range(3):
        torch.manual_seed(seed)
        inputs = [torch.randn(shape) for shape in shapes]
        expected_inputs, got_inputs = [x.clone() for x in inputs], [x.clone() for x in inputs]
        expected = torch.jit.load(str(path))(*expected_inputs)
        equal(compiled(*got_inputs), expected)
        equal(got_inputs, expected_inputs)
