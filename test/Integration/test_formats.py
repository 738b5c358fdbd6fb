"""Archives of every format that LibTorch reads: what an operator meant in the format of an archive, it means here."""

import zipfile

import pytest
import torch

import wick

# Expressions in the operators that archives of some formats call, and the last format that has them.
EXPRESSIONS = {
    "torch.div(x, y)": 10,  # of integers: truncated until 3
    "torch.div(x, 2)": 10,
    "torch.div_(torch.clone(z), y)": 10,
    "torch.full([2, 3], 5, dtype=None, layout=None, device=None, pin_memory=None)": 10,  # of floats until 4
    "torch.linspace(0, 1, None)": 7,
    "torch.logspace(0, 1, None)": 8,
    "torch.gelu(z)": 10,  # has an argument more since 10
}


class Program(torch.nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return torch.add(x, y)


def write_archive(path, expressions, version):
    """An archive of `version` whose method returns a list of the values of `expressions`."""
    torch.jit.script(Program()).save(path)
    with zipfile.ZipFile(path) as archive:
        records = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in records.items():
            if name.endswith("/version"):
                content = str(version).encode()
            elif name.endswith(".py"):
                assert b"torch.add(x, y)" in content and b"-> Tensor" in content
                content = content.replace(b"torch.add(x, y)", f"[{', '.join(expressions)}]".encode())
                content = content.replace(b"-> Tensor", b"-> List[Tensor]")
            if not name.endswith(".debug_pkl"):  # its offsets are those of other code
                archive.writestr(name, content)


@pytest.mark.parametrize("version", range(1, 11))
def test_operators_mean_what_they_meant(version, tmp_path):
    path = str(tmp_path / "model.pt")
    write_archive(path, [text for text, last in EXPRESSIONS.items() if version <= last], version)
    inputs = [torch.tensor([7, -7, 5]), torch.tensor([2, 2, -3]), torch.tensor([7.0, -7.0, 0.5])]
    expected = torch.jit.load(path)(*inputs)
    assert expected[0].dtype == (torch.int64 if version < 4 else torch.float32)
    actual = wick.compile(path, inputs=inputs, fallback=False)(*inputs)
    torch.testing.assert_close(actual, expected)


def test_what_a_format_lacks_is_located(tmp_path):
    path = str(tmp_path / "model.pt")
    write_archive(path, ["torch.linspace(0, 1, None)"], 8)
    with pytest.raises(wick.CompileError, match=r"Arguments for call are not valid[\s\S]*__torch__"):
        wick.compile(path, inputs=[torch.ones(2)] * 3)
