"""Values that cross the boundary of a call: devices, sequences passed by reference, methods of any name."""

from typing import Any, Dict, List, Optional

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")


class Devices(torch.nn.Module):
    def forward(self, device: torch.device, other: Optional[torch.device]):
        return (
            device,
            device.type,
            device.index,
            other,
            f"{device}",
            device == torch.device("cpu"),
            [device],
            {"a": other},
        )

    @torch.jit.export
    def named(self, text: str):
        device = torch.device(text)
        return device, device.index, hash(device)

    @torch.jit.export
    def kind(self, value: Any) -> str:
        if isinstance(value, torch.device):
            return value.type
        return "other"

    @torch.jit.export
    def state_dict(self, x: int) -> int:
        return x + 1


class Shared(torch.nn.Module):
    def forward(self, numbers: List[int], named: Dict[str, torch.Tensor], tensors: List[torch.Tensor], x: torch.Tensor):
        numbers.append(3)
        numbers[0] = 9
        named["n"] = x + 1
        tensors.append(x)
        tensors[0] = tensors[0] * 2
        return len(numbers), tensors[-1]

    @torch.jit.export
    def fail(self, numbers: List[int]) -> int:
        numbers.append(1)
        if len(numbers) > 0:
            raise ValueError("too many")
        return 1

    @torch.jit.export
    def both(self, first: List[int], second: List[int]) -> List[int]:
        first.append(1)
        second.append(2)
        return first


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The compiled and the original model of a class."""
    made = {}

    def get(cls):
        if cls not in made:
            path = str(tmp_path_factory.mktemp("values") / f"{cls.__name__}.pt")
            torch.jit.save(torch.jit.script(cls()), path)
            made[cls] = (wick.compile(path), torch.jit.load(path))
        return made[cls]

    return get


def test_devices(models):
    compiled, original = models(Devices)
    cpu, second = torch.device("cpu"), torch.device("cuda:1")
    for arguments in [(cpu, None), (second, cpu), (cpu, cpu), ("cuda", second)]:
        assert compiled(*arguments) == original(*arguments)
    assert compiled(wick.Device("cuda:1"), None)[:3] == (second, "cuda", 1)
    assert wick.Device("cuda:1") == "cuda:1" and wick.Device("cuda:1").index == 1 and wick.Device("cpu").index is None
    for text in ["cpu", "cuda", "cuda:3", "hip:0"]:
        assert compiled.named(text) == original.named(text)
    with pytest.raises(wick.Error, match="Expected one of cpu, cuda, .* at start of device string: foo"):
        compiled.named("foo")
    with pytest.raises(wick.Error, match="Invalid device string: 'cpu:01'"):
        compiled.named("cpu:01")
    assert compiled.kind(second) == "cuda" and compiled.kind(3) == "other"


def test_methods_of_any_name(models):
    compiled, _ = models(Devices)
    assert compiled.method("state_dict")(4) == 5
    assert compiled.session().method("state_dict")(5) == 6


def test_sequences_by_reference(models):
    results = []
    for model in models(Shared):
        numbers, x = torch.jit.script([1, 2]), torch.zeros(2)
        named, tensors = torch.jit.script({"a": torch.ones(2)}), torch.jit.script([torch.ones(2)])
        result = model(numbers, named, tensors, x)
        with pytest.raises(Exception, match="too many"):
            model.fail(numbers)
        results.append([result, list(numbers), dict(named.items()), list(tensors), model.both(numbers, numbers)])
        results[-1].append(list(numbers))
        plain = [1]
        model.both(plain, [2])
        assert plain == [1]  # Python's own are copied
    torch.testing.assert_close(*results)
