"""Quantised archives: tensors and objects of LibTorch's own classes, which only the fallback can compute with."""

import subprocess
import warnings
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
import wick  # noqa: E402

warnings.filterwarnings("ignore", module="torch")
BIN = Path(wick._wick.__file__).parents[2] / "bin"
quantization = torch.ao.quantization


@pytest.fixture(autouse=True)
def with_fallback(monkeypatch, tmp_path):
    monkeypatch.delenv("WICK_NO_FALLBACK", raising=False)
    monkeypatch.setenv("WICK_CACHE", str(tmp_path / "cache"))


class Tagger(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Linear(32, 64)
        self.cell = torch.nn.LSTM(64, 16)
        self.head = torch.nn.Linear(16, 4)

    def forward(self, x):
        y, _ = self.cell(torch.relu(self.embed(x)))
        return torch.softmax(self.head(y), -1)


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.quant, self.dequant = quantization.QuantStub(), quantization.DeQuantStub()
        self.conv, self.relu, self.head = torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.Linear(8, 4)

    def forward(self, x):
        y = self.relu(self.conv(self.quant(x))).mean([2, 3])
        return self.dequant(self.head(y))


def dynamic():
    """Weights are objects, activations plain tensors."""
    torch.manual_seed(3)
    layers = {torch.nn.Linear, torch.nn.LSTM}
    return quantization.quantize_dynamic(Tagger().eval(), layers, dtype=torch.qint8)


def static():
    """Activations are quantised tensors too."""
    torch.manual_seed(4)
    model = Classifier().eval()
    model.qconfig = quantization.get_default_qconfig(torch.backends.quantized.engine)
    quantization.fuse_modules(model, [["conv", "relu"]], inplace=True)
    quantization.prepare(model, inplace=True)
    model(torch.randn(4, 3, 8, 8))
    return quantization.convert(model)


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quantized")
    made = {
        "dynamic": torch.jit.script(dynamic()),
        "static": torch.jit.script(static()),
        "traced": torch.jit.trace(static(), torch.randn(2, 3, 8, 8)),
    }
    for name, model in made.items():
        model.save(str(folder / f"{name}.pt"))
    return folder


INPUTS = {"dynamic": [(5, 2, 32), (3, 1, 32)], "static": [(2, 3, 8, 8), (1, 3, 6, 9)], "traced": [(2, 3, 8, 8)]}


@pytest.mark.parametrize("name", INPUTS)
def test_agrees_with_libtorch(name, archives):
    path = str(archives / f"{name}.pt")
    compiled, reference = wick.compile(path), torch.jit.load(path)
    for sizes in INPUTS[name] * 2:
        x = torch.randn(*sizes)
        torch.testing.assert_close(compiled(x), reference(x), rtol=0, atol=0)


def test_ahead_of_time_with_sessions(archives, tmp_path):
    """The artifact holds the objects, and each session makes them for itself."""
    path, artifact = str(archives / "static.pt"), str(tmp_path / "static.wick")
    command = [BIN / "wick", "compile", path, "--input", "?x3xHxWxf32", "-o", artifact]
    subprocess.run(command, check=True)
    module, reference = wick.load(artifact), torch.jit.load(path)
    first = module.session()
    x = torch.randn(2, 3, 7, 7)
    assert torch.equal(first(x), reference(x))
    second = first.copy()
    del first
    for session in (second, module.session(), module):
        assert torch.equal(session(x), reference(x))


def test_types_of_results_are_known(archives):
    """What follows a layer with weights of LibTorch's is native: LibTorch is asked with the very weights."""
    command = [
        BIN / "wick",
        "compile",
        str(archives / "dynamic.pt"),
        "--input",
        "5x2x32xf32",
        "--emit",
        "typed",
        "-o",
        "-",
    ]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "-> !ts.tensor<[5, 2, 64], f32>" in text
    assert "aten.relu" in text and "aten::relu" not in text


def test_refused_without_fallback(archives):
    with pytest.raises(wick.CompileError, match=r"quantized::linear_dynamic"):
        wick.compile(str(archives / "dynamic.pt"), fallback=False)(torch.randn(5, 2, 32))


class Quantizes(torch.nn.Module):
    def forward(self, x):
        return torch.quantize_per_tensor(x, 0.1, 2, torch.quint8)


class Dequantizes(torch.nn.Module):
    def forward(self, q):
        return torch.dequantize(q)


def test_calls_take_and_return_none():
    """No interface carries scales across a call; that is said, and the module works on."""
    model = wick.compile(torch.jit.script(Quantizes()))
    with pytest.raises(TypeError, match="a quantized tensor"):
        model(torch.randn(3))
    q = torch.quantize_per_tensor(torch.randn(3), 0.1, 2, torch.quint8)
    with pytest.raises(TypeError, match="argument 'of the call': QUInt/QInt types are not supported by dlpack$"):
        wick.compile(torch.jit.script(Dequantizes()))(q)
