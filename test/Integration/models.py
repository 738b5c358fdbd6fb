"""The models that Wick is tested and measured with, as TorchScript archives.

Weights are random and seeded; nothing is downloaded. They are made such that a comparison means something: batch norms
carry the statistics of their inputs, and what networks initialise to zero or nearly so is random too.

    models.py [name…]     makes the archives of these models, all when none are named, and prints their paths

`archive(name, kind)` gives the path of one archive, made on first use in $WICK_MODELS or .cache/models.
"""

import hashlib
import os
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from typing import Callable

import torch
from torch import Tensor, nn

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.environ.get("WICK_MODELS") or os.path.join(ROOT, ".cache", "models")


# --- PyTorch's introduction to TorchScript ----------------------------------------------------------------------------


class MyDecisionGate(nn.Module):
    def forward(self, x):
        if x.sum() > 0:
            return x
        else:
            return -x


class MyCell(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x, h):
        new_h = torch.tanh(self.linear(x) + h)
        return new_h, new_h


class MyGatedCell(nn.Module):
    def __init__(self, gate: nn.Module):
        super().__init__()
        self.dg = gate
        self.linear = nn.Linear(4, 4)

    def forward(self, x, h):
        new_h = torch.tanh(self.dg(self.linear(x)) + h)
        return new_h, new_h


class MyRNNLoop(nn.Module):
    def __init__(self, cell: nn.Module):
        super().__init__()
        self.cell = cell

    def forward(self, xs):
        h, y = torch.zeros(3, 4), torch.zeros(3, 4)
        for i in range(xs.size(0)):
            y, h = self.cell(xs[i], h)
        return y, h


class WrapRNN(nn.Module):
    def __init__(self, loop: nn.Module):
        super().__init__()
        self.loop = loop

    def forward(self, xs):
        y, h = self.loop(xs)
        return torch.relu(y)


class Accumulate(nn.Module):
    """In-place writes, which tracing records."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        y = self.linear(x)
        y[0] = 1.0
        y[:, 2:5] += x[:, :3]
        y.mul_(0.5)
        return y


class MLP(nn.Module):
    def __init__(self, width: int = 1024, layers: int = 3):
        super().__init__()
        modules = []
        for _ in range(layers):
            modules += [nn.Linear(width, width), nn.ReLU()]
        self.net = nn.Sequential(*modules[:-1])

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


# --- torchvision ------------------------------------------------------------------------------------------------------


def calibrate(module: nn.Module, *inputs):
    """Gives every batch norm the statistics of what reaches it, and random affine parameters."""
    norms = [m for m in module.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    module.eval()
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0, 0.1)
        norm.momentum, momentum = 1.0, norm.momentum
        norm.train()
        norm.saved_momentum = momentum
    with torch.no_grad():
        module(*inputs)
    for norm in norms:
        norm.momentum = norm.saved_momentum
        del norm.saved_momentum
    return module.eval()


def vision(name: str, calibration_size: int = 128):
    def make():
        import torchvision

        module = getattr(torchvision.models, name)(weights=None)
        for key, parameter in module.named_parameters():
            if key.endswith("layer_scale"):
                nn.init.uniform_(parameter, 0.1, 0.5)
            elif name == "vit_b_16" and key.startswith("heads"):
                nn.init.normal_(parameter, std=0.02)
        return calibrate(module, torch.randn(2, 3, calibration_size, calibration_size))

    return make


def image(batch: int = 1, size: int = 224):
    return lambda: (torch.randn(batch, 3, size, size),)


# --- Hugging Face -----------------------------------------------------------------------------------------------------


class HiddenState(nn.Module):
    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask, return_dict=False)[0]


class Prefill(nn.Module):
    """GPT-2 over a whole prompt. The causal mask is explicit: transformers' own builder of masks cannot be traced."""

    def __init__(self, model: nn.Module, length: int):
        super().__init__()
        self.model = model
        self.register_buffer("mask", torch.ones(length, length, dtype=torch.bool).tril()[None, None])

    def forward(self, ids):
        return self.model(input_ids=ids, attention_mask=self.mask, use_cache=False, return_dict=False)[0]


def transformer(config: str, model: str, wrap: Callable):
    def make():
        os.environ["HF_HUB_OFFLINE"] = "1"
        import transformers

        module = getattr(transformers, model)(getattr(transformers, config)())
        for key, parameter in module.named_parameters():
            if key.endswith("bias"):
                nn.init.normal_(parameter, std=0.02)
        return wrap(module)

    return make


def tokens(length: int, batch: int = 1):
    return lambda: (torch.randint(0, 30000, (batch, length)), torch.ones(batch, length, dtype=torch.long))


# --- the registry -----------------------------------------------------------------------------------------------------


@dataclass
class Model:
    """How a model and its inputs are made.

    `kinds` are the ways an archive is made: 'trace' and 'script'. `signature` describes arguments whose sizes vary, as
    `wick compile --input` takes them, and `others` makes inputs of other sizes that fit it.
    """

    make: Callable[[], nn.Module]
    inputs: Callable[[], tuple]
    kinds: tuple[str, ...] = ("trace", "script")
    signature: tuple[str, ...] = ()
    others: list[Callable[[], tuple]] = field(default_factory=list)
    big: bool = False


def seeded_cell(cell: Callable[[], nn.Module]):
    def make():
        torch.manual_seed(191009)
        return cell()

    return make


def scripted(module: nn.Module) -> nn.Module:
    return torch.jit.script(module)


def cell_inputs():
    return torch.rand(3, 4), torch.rand(3, 4)


def vision_model(name: str, **options):
    return Model(vision(name, **options), image(), signature=("Bx3x224x224xf32",), others=[image(3)], big=True)


MODELS = {
    "decision_gate": Model(
        MyDecisionGate, lambda: (torch.rand(3, 4),), ("script",), others=[lambda: (-torch.rand(3, 4),)]
    ),
    "cell": Model(seeded_cell(MyCell), cell_inputs, signature=("Nx4xf32", "Nx4xf32")),
    "gated_cell": Model(
        seeded_cell(lambda: MyGatedCell(scripted(MyDecisionGate()))),
        cell_inputs,
        others=[lambda: (-9 * torch.rand(3, 4), torch.rand(3, 4))],
    ),
    "rnn_loop": Model(
        seeded_cell(lambda: WrapRNN(scripted(MyRNNLoop(MyGatedCell(scripted(MyDecisionGate())))))),
        lambda: (torch.randn(10, 3, 4),),
        signature=("Tx3x4xf32",),
        others=[lambda: (torch.randn(1, 3, 4),), lambda: (torch.randn(0, 3, 4),)],
    ),
    "accumulate": Model(Accumulate, lambda: (torch.randn(5, 8),), signature=("Bx8xf32",)),
    "mlp": Model(
        MLP, lambda: (torch.randn(1, 1024),), signature=("Bx1024xf32",), others=[lambda: (torch.randn(7, 1024),)]
    ),
    "resnet18": vision_model("resnet18"),
    "resnet50": vision_model("resnet50"),
    "mobilenet_v3_large": vision_model("mobilenet_v3_large"),
    "efficientnet_b0": vision_model("efficientnet_b0"),
    "vit_b_16": vision_model("vit_b_16", calibration_size=224),
    "convnext_tiny": vision_model("convnext_tiny"),
    "bert_s128": Model(
        transformer("BertConfig", "BertModel", HiddenState),
        tokens(128),
        ("trace",),
        signature=("BxSxi64", "BxSxi64"),
        others=[tokens(37, 2)],
        big=True,
    ),
    "distilbert_s64": Model(
        transformer("DistilBertConfig", "DistilBertModel", HiddenState),
        tokens(64),
        ("trace",),
        signature=("BxSxi64", "BxSxi64"),
        others=[tokens(19, 2)],
        big=True,
    ),
    "gpt2_s64": Model(
        transformer("GPT2Config", "GPT2LMHeadModel", lambda model: Prefill(model, 64)),
        lambda: (torch.randint(0, 50000, (1, 64)),),
        ("trace",),
        big=True,
    ),
}


def build(name: str):
    """The module in eval mode and its inputs."""
    torch.manual_seed(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little"))
    model = MODELS[name]
    module, inputs = model.make().eval().requires_grad_(False), model.inputs()
    return module, inputs


def other_inputs(name: str) -> list[tuple]:
    torch.manual_seed(7)
    return [make() for make in MODELS[name].others]


def version() -> str:
    """What the archives depend on; others of the same name are made anew."""
    with open(__file__, "rb") as file:
        return hashlib.sha256(file.read() + torch.__version__.encode()).hexdigest()[:12]


def make_archives(name: str):
    """Writes <name>.<kind>.pt, and <name>.inputs.pt with the tuple of inputs."""
    os.makedirs(CACHE, exist_ok=True)
    with warnings.catch_warnings(), torch.no_grad(), tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        warnings.simplefilter("ignore")
        module, inputs = build(name)
        torch.save(inputs, os.path.join(scratch, f"{name}.inputs.pt"))
        for kind in MODELS[name].kinds:
            if kind == "trace":
                result = torch.jit.trace(module, inputs, check_trace=False)
            else:
                result = torch.jit.script(module)
            result.save(os.path.join(scratch, f"{name}.{kind}.pt"))
        for file in os.listdir(scratch):
            os.replace(os.path.join(scratch, file), os.path.join(CACHE, file))
    with open(os.path.join(CACHE, f"{name}.version"), "w") as file:
        file.write(version())


def archive(name: str, kind: str) -> str:
    """The path of an archive, which is made unless it is there already."""
    path, stamp = os.path.join(CACHE, f"{name}.{kind}.pt"), os.path.join(CACHE, f"{name}.version")
    if not (os.path.exists(path) and os.path.exists(stamp) and open(stamp).read() == version()):
        make_archives(name)
    return path


def inputs_path(name: str) -> str:
    archive(name, MODELS[name].kinds[0])
    return os.path.join(CACHE, f"{name}.inputs.pt")


def main():
    names = sys.argv[1:] or list(MODELS)
    unknown = [name for name in names if name not in MODELS]
    if unknown:
        sys.exit(f"models.py: unknown model {', '.join(unknown)}, expected {', '.join(MODELS)}")
    for name in names:
        for kind in MODELS[name].kinds:
            print(archive(name, kind), flush=True)


if __name__ == "__main__":
    main()
