"""Attention of any length in heads of any width: rows of scores that are no whole number of vectors."""

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")


@pytest.mark.parametrize("width", [1, 2, 4, 5, 8, 16])
def test_lengths(width, tmp_path):
    class Attention(torch.nn.Module):
        def forward(self, q, k, v):
            return torch.nn.functional.scaled_dot_product_attention(q, k, v)

    path = str(tmp_path / "model.pt")
    torch.jit.script(Attention()).save(path)
    signature = [f"q=1x2xSx{width}xf32", f"k=1x2xTx{width}xf32", f"v=1x2xTx{width}xf32"]
    compiled, original = wick.compile(path, signature=signature), torch.jit.load(path)
    random = torch.Generator().manual_seed(width)
    for length in [*range(1, 20), 33]:
        for rows in (1, 3, length):
            q = torch.randn(1, 2, rows, width, generator=random)
            k, v = torch.randn(2, 1, 2, length, width, generator=random)
            torch.testing.assert_close(compiled(q, k, v), original(q, k, v), msg=lambda text: f"{length}: {text}")
