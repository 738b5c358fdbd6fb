"""Sizes that only the run tells and that do not fit: an error, never a read beyond the end."""

from typing import List, NamedTuple, Optional

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")

CASES = {
    "batch_norm": (
        "torch.batch_norm(x, None, None, y, z, False, 0.1, 1e-5, False)",
        {"x": "BxCx4xf32", "y": "Kxf32", "z": "Kxf32"},
        [(2, 6, 4), (3,), (3,)],
    ),
    "layer_norm": (
        "torch.layer_norm(x, [x.size(-1)], y, z)",
        {"x": "BxCxf32", "y": "Kxf32", "z": "Kxf32"},
        [(2, 6), (3,), (3,)],
    ),
    "group_norm": (
        "torch.group_norm(x, 2, y, z)",
        {"x": "BxCx4xf32", "y": "Kxf32", "z": "Kxf32"},
        [(2, 6, 4), (4,), (4,)],
    ),
    "bias": (
        "torch.conv2d(x, y, z)",
        {"x": "Bx3x5x5xf32", "y": "4x3x3x3xf32", "z": "Kxf32"},
        [(1, 3, 5, 5), (4, 3, 3, 3), (2,)],
    ),
    "index_add": (
        "torch.index_add(x, 0, y.long(), z)",
        {"x": "Bx3xf32", "y": "Ixf32", "z": "Kx3xf32"},
        [(5, 3), (1,), (4, 3)],
    ),
    "operands": ("x[x > 0] + y[y > 0]", {"x": "Bxf32", "y": "Bxf32"}, [(4,), (4,)]),
}


@pytest.mark.parametrize("name", CASES)
def test_sizes_that_do_not_fit(name, tmp_path):
    expression, signature, shapes = CASES[name]
    torch.jit._state._clear_class_state()
    torch.jit._recursive.concrete_type_store.type_store.clear()
    module = torch.jit.ScriptModule()
    module.define(f"def forward(self, {', '.join(signature)}):\n    return {expression}\n")
    path = str(tmp_path / "model.pt")
    module.save(path)
    compiled = wick.compile(path, signature=[f"{key}={value}" for key, value in signature.items()])
    arguments = [torch.ones(shape) for shape in shapes]
    if name == "operands":
        arguments[1][:2] = -1
    if name == "index_add":
        arguments[1].zero_()
    with pytest.raises(Exception, match="size|as many|should contain"):
        compiled(*arguments)


class Halves(NamedTuple):
    left: torch.Tensor
    right: Optional[torch.Tensor]


def halve(x: torch.Tensor) -> Halves:
    if x.size(0) < 2:
        return Halves(x, None)
    return Halves(x[: x.size(0) // 2], x[x.size(0) // 2 :])


class Sized(torch.nn.Module):
    """Just in time: code for any size, but where a rank depends on one."""

    def forward(self, x: torch.Tensor, y: torch.Tensor):
        return x + y, x @ y.t(), x[-1:].sum(0)

    @torch.jit.export
    def ranked(self, x: torch.Tensor):
        return x.sum().reshape([1] * x.size(0))

    @torch.jit.export
    def taken_apart(self, x: torch.Tensor):
        """Of nothing, or one row, there is no right half whose type is known."""
        parts: List[torch.Tensor] = []
        open_parts = [halve(x)]
        while len(open_parts) > 0:
            half = open_parts.pop(0)
            right = half.right
            if right is None:
                parts.append(half.left)
            else:
                open_parts.append(halve(half.left))
                open_parts.append(halve(right))
        return parts

    @torch.jit.export
    def written(self, x: torch.Tensor, y: torch.Tensor):
        x += 1
        return self.taken_apart(y)


def test_sizes_that_change_just_in_time(tmp_path):
    scripted = torch.jit.script(Sized())
    scripted.save(str(tmp_path / "sized.pt"))
    compiled = wick.compile(str(tmp_path / "sized.pt"))
    torch.testing.assert_close(compiled.taken_apart(torch.ones(1, 2)), scripted.taken_apart(torch.ones(1, 2)))
    x, y = torch.ones(1, 2), torch.ones(1, 2)
    torch.testing.assert_close(compiled.written(x, x), scripted.written(y, y))  # one tensor, twice
    torch.testing.assert_close(x, y)
    for rows, columns, others in (
        (3, 4, 3),
        (2, 4, 2),
        (5, 4, 5),
        (5, 4, 1),
        (1, 4, 3),
        (0, 4, 0),
        (3, 2, 3),
        (3, 0, 3),
    ):
        x, y = torch.randn(rows, columns), torch.randn(others, columns)
        torch.testing.assert_close(compiled(x, y), scripted(x, y))
        torch.testing.assert_close(compiled.ranked(x), scripted.ranked(x))
        torch.testing.assert_close(compiled.taken_apart(x), scripted.taken_apart(x))
    with pytest.raises(RuntimeError, match="must match"):
        compiled(torch.ones(4, 3), torch.ones(2, 3))
