"""Programs of every kind that an archive can hold, saved as archives.

`python programs.py DIRECTORY [NAME...]` writes one archive per entry; `wick import --verify-roundtrip` must take them all.
"""

import enum
import math
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn

PROGRAMS = {}


def program(function):
    """Registers a function that returns a ScriptModule."""
    PROGRAMS[function.__name__] = function
    return function


def scripted(module):
    """Registers a module class to be scripted as it is."""
    PROGRAMS[module.__name__] = lambda: torch.jit.script(module())
    return module


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Mode(enum.Enum):
    FAST = "fast"
    SLOW = "slow"


class Point(NamedTuple):
    x: Tensor
    y: int


class Pair(NamedTuple):
    first: Point
    second: Optional[Point]


@scripted
class Branches(nn.Module):
    def forward(self, x: Tensor, n: int) -> Tensor:
        if n > 3:
            y = x + 1
        elif n == 3:
            return x
        else:
            y = x * n
        if bool(x.sum() > 0) and n < 10 or n == 12:
            y = -y
        return y if n % 2 == 0 else y / 2


@scripted
class Loops(nn.Module):
    def forward(self, x: Tensor, n: int) -> Tensor:
        total = torch.zeros_like(x)
        for i in range(n):
            if i == 3:
                continue
            if i > 7:
                break
            total = total + x * i
        k = 0
        while k < n and bool(total.sum() < 100):
            total += x
            k += 1
        for i, (a, b) in enumerate(zip(range(2, n, 2), [1.0, 2.0, 3.0])):
            total = total * a + b - i
        return total


@scripted
class EarlyReturn(nn.Module):
    def forward(self, x: Tensor, k: int) -> Tuple[Tensor, int]:
        for i in range(10):
            while True:
                if i == k:
                    return x * i, i
                break
        return x, -1


@scripted
class Containers(nn.Module):
    def forward(self, x: Tensor, names: List[str]) -> Dict[str, List[Tensor]]:
        result: Dict[str, List[Tensor]] = {}
        for name in names:
            if name not in result:
                result[name] = []
            result[name].append(x * len(name))
        ordered = sorted(names)
        first = ordered[0]
        squares = [i * i for i in range(4)]
        table = {i: str(i) for i in squares}
        del table[0]
        squares[1] = 7
        squares.extend([1, 2])
        pieces = first.split("a")
        result[", ".join(pieces)] = [x[squares[0]]]
        for key, values in result.items():
            print(key, len(values), table)
        return result


@scripted
class Strings(nn.Module):
    def forward(self, s: str, n: int) -> str:
        t = f"{s}-{n}" + "%d of %s" % (n, s) + "{} {}".format(n, 1.5)
        if t.startswith("a") or s.isdigit():
            t = t.upper().strip().replace("A", "b")
        return t[1:-1] + s[0] + str(int("12") + n) + str(float("1.5")) + 'h\u00e9\n"\\'


@scripted
class Optionals(nn.Module):
    def forward(
        self,
        x: Tensor,
        y: Optional[Tensor] = None,
        k: Optional[int] = 3,
        names: Optional[List[str]] = None,
    ):
        if y is not None:
            x = x + y
        z = x if k is None else x * k
        assert names is None, "no names"
        return z, k, y


@scripted
class Unions(nn.Module):
    def forward(self, x: Union[int, str, Tensor], a: Any) -> Union[int, Tensor]:
        if isinstance(x, int):
            return x + 1
        if isinstance(x, str):
            return len(x)
        if isinstance(a, (int, float)):
            return x
        if isinstance(a, List[int]):
            return a[0]
        return x


@scripted
class Enums(nn.Module):
    def __init__(self):
        super().__init__()
        self.color = Color.RED

    def forward(self, x: Tensor, mode: Mode) -> Tuple[Color, Tensor, str]:
        if mode == Mode.FAST:
            x = x + Color.GREEN.value
        if self.color is Color.RED:
            return Color.GREEN, x, mode.name
        return self.color, x, mode.value


@scripted
class NamedTuples(nn.Module):
    def forward(self, x: Tensor) -> Pair:
        p = Point(x, 3)
        q = Pair(p, None)
        if p.y > 2:
            q = Pair(p, Point(p.x + 1, q.first.y))
        first, second = q
        return q


@torch.jit.script
class Stack:
    def __init__(self, capacity: int):
        self.items: List[Tensor] = []
        self.capacity = capacity

    def push(self, x: Tensor) -> None:
        if len(self.items) >= self.capacity:
            raise RuntimeError(f"stack of {self.capacity} is full")
        self.items.append(x)

    def pop(self) -> Tensor:
        return self.items.pop()

    def __len__(self) -> int:
        return len(self.items)

    def __add__(self, other: int) -> int:
        return self.capacity + other

    @property
    def top(self) -> Tensor:
        return self.items[-1]


@scripted
class Classes(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        stack = Stack(2)
        stack.push(x)
        stack.push(x + len(stack) + (stack + 4))
        stack.capacity += 1
        return stack.pop() + stack.top


@scripted
class State(nn.Module):
    count: int
    history: List[Tensor]
    cache: Dict[str, Tensor]
    last: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))
        self.register_buffer("scratch", torch.ones(2), persistent=False)
        self.weight = nn.Parameter(torch.randn(3))
        self.count = 0
        self.history = []
        self.cache = {}
        self.last = None
        self.table = {"a": 1, "b": 2}
        self.pair = (1, [1.5, 2.5], "x")
        self.scale = 0.5

    def forward(self, x: Tensor) -> Tensor:
        self.total += x
        self.count = self.count + 1
        self.history.append(x)
        self.cache["x"] = x * self.scale
        self.last = x
        last = self.last
        assert last is not None
        return self.total * self.weight + last + self.table["a"] + self.pair[0]

    @torch.jit.export
    def reset(self) -> int:
        self.total.zero_()
        self.count = 0
        return self.count

    @torch.jit.export
    def describe(self, prefix: str = "n=", scale: float = 1.0, flags: Optional[List[bool]] = None) -> str:
        return prefix + str(self.count)


@scripted
class Mutations(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        x[0] = 1
        x[:, 1] += y[0]
        x[y > 0] = 0.5
        z = x.view(-1)
        z.mul_(2)
        torch.add(x, 1, out=y)
        a, b = x.chunk(2)
        a.copy_(b)
        return x[..., None, 1:2].transpose(0, 1)


@torch.jit.interface
class Unary(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class Double(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(0.5))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


@scripted
class Interfaces(nn.Module):
    current: Unary

    def __init__(self):
        super().__init__()
        self.current = Double()
        self.many = nn.ModuleList([Double(), Halve(), Double()])
        self.named = nn.ModuleDict({"a": Double(), "b": Halve()})

    def forward(self, x: Tensor, k: int) -> Tensor:
        chosen: Unary = self.many[k]
        other: Unary = self.named["b"]
        x = self.current.forward(chosen.forward(other.forward(x)))
        for module in self.many:
            x = module(x)
        for name, module in self.named.items():
            x = module(x) + len(name)
        return x


@scripted
class Forks(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)

    def part(self, x: Tensor, k: int = 2) -> Tensor:
        return self.layer(x) * k

    def forward(self, x: Tensor) -> Tensor:
        futures: List[torch.jit.Future[Tensor]] = []
        for i in range(3):
            futures.append(torch.jit.fork(self.part, x, i))
        results = [torch.jit.wait(f) for f in futures]
        return torch.stack(results).sum(0)


@scripted
class Raises(nn.Module):
    def forward(self, x: Tensor, k: int) -> Tensor:
        if k == 0:
            raise ValueError("k is zero")
        if k < 0:
            raise NotImplementedError
        torch._assert(x.dim() == 2, "two dims")
        return x / k


@scripted
class NoGrad(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            y = x * 2
            with torch.autograd.profiler.record_function("part"):
                y = y + 1
        return y


@scripted
class Scalars(nn.Module):
    def forward(self, a: int, b: float, c: bool, z: complex, x: Tensor):
        n = (a // 3) * 2 + (a % 5 << 2 | 1) & 0xFF ^ (a >> 1)
        f = math_part(b, a)
        t = int(x.sum()) + float(x[0, 0])
        m = max(a, 3) + min([1, 2, a]) + abs(-a) + round(b)
        return (
            n,
            f,
            not c,
            z * 2 + 1,
            t,
            m,
            x.item() if x.numel() == 1 else 0,
            divmod(a, 2),
            ord("a"),
            chr(a),
        )


def math_part(b: float, a: int) -> float:
    return math.sqrt(b) + math.exp(b) + math.floor(b) + math.pow(b, a) + math.inf + math.pi + math.atan2(b, b)


@scripted
class ToList(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tuple[List[int], List[List[float]]]:
        a: List[int] = x.tolist()
        b: List[List[float]] = y.tolist()
        return a, b


@scripted
class Devices(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        y = torch.zeros([2, 3], dtype=x.dtype, device=x.device)
        z = torch.rand(2, 3, device=torch.device("cpu")).to(torch.float64)
        if x.device.type == "cpu" and x.is_floating_point() and not x.requires_grad:
            y = torch.full((2, 3), 1.5, dtype=torch.float16).to(x)
        return y + z.to(y.device, torch.int32) + torch.tensor([[1, 2, 3]]) + torch.arange(3)


@program
def shared_tensors():
    class Shared(nn.Module):
        def __init__(self):
            super().__init__()
            base = torch.randn(4, 4)
            self.a = nn.Parameter(base)
            self.register_buffer("row", base[1])
            self.register_buffer("turned", base.t())
            self.register_buffer("same", self.row)
            self.one = nn.Linear(4, 4)
            self.two = self.one
            self.list = [1, 2, 3]
            self.alias = self.list
            self.nested = {"l": [base[0], self.row]}

        def forward(self, x):
            self.list.append(4)
            return self.two(self.one(x)) + self.a + self.row + self.turned + len(self.alias)

    return torch.jit.script(Shared())


@program
def dtypes():
    class Dtypes(nn.Module):
        def __init__(self):
            super().__init__()
            names = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 complex32"
            more = "float8_e4m3fn float8_e5m2 uint16 uint32 uint64 float8_e8m0fnu float8_e4m3fnuz float8_e5m2fnuz"
            for name in (names + " " + more).split():
                self.register_buffer(
                    "b_" + name,
                    torch.zeros(2, 3, dtype=torch.float32).to(getattr(torch, name)),
                )
            self.register_buffer("empty", torch.zeros(0, 3))
            self.register_buffer("scalar", torch.tensor(2.5))
            self.register_buffer("strided", torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last))
            self.register_buffer("conj", torch.randn(2, dtype=torch.complex64).conj())
            self.register_buffer("sparse", torch.eye(3).to_sparse())
            self.register_buffer("csr", torch.eye(3).to_sparse_csr())
            self.register_buffer(
                "quantized",
                torch.quantize_per_tensor(torch.randn(3), 0.1, 2, torch.qint8),
            )
            self.register_buffer(
                "per_channel",
                torch.quantize_per_channel(torch.randn(3, 2), torch.ones(3), torch.zeros(3), 0, torch.quint8),
            )

        def forward(self, x):
            return x + self.b_float32 + self.scalar

    return torch.jit.script(Dtypes())


@program
def attributes():
    class Attributes(nn.Module):
        def __init__(self):
            super().__init__()
            self.none = None
            self.device = torch.device("cpu")
            self.empty = torch.jit.Attribute([], List[int])
            self.ints = torch.jit.Attribute([1, 2], List[int])
            self.optional = torch.jit.Attribute(None, Optional[Tensor])
            self.tuple = torch.jit.Attribute((1, "a", [torch.ones(1)]), Tuple[int, str, List[Tensor]])
            self.nested = torch.jit.Attribute({"a": {1: [(2, 3.0)]}}, Dict[str, Dict[int, List[Tuple[int, float]]]])
            self.number = float("inf")
            self.nan = float("nan")
            self.complex = 1 + 2j
            self.bytes = "h\u00e9"
            self.any = torch.jit.Attribute(3, Any)
            self.generator_free = True

        def forward(self, x):
            return (
                x + self.ints[0],
                self.none,
                self.device,
                self.optional,
                self.tuple,
                self.nested,
            )

    return torch.jit.script(Attributes())


@program
def hooks():
    class Inner(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x + 1

    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def forward(self, x: Tensor) -> Tensor:
            return self.inner(x)

    def pre(self, input: Tuple[Tensor]) -> Tuple[Tensor]:
        return (input[0] * 2,)

    def post(self, input: Tuple[Tensor], output: Tensor) -> Tensor:
        return output * 3

    def quiet(self, input: Tuple[Tensor], output: Tensor):
        print("quiet")

    module = Outer()
    module.inner.register_forward_pre_hook(pre)
    module.inner.register_forward_hook(post)
    module.register_forward_pre_hook(pre)
    module.register_forward_hook(post)
    module.register_forward_hook(quiet)
    return torch.jit.script(module)


@program
def set_state():
    class Packed(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.randn(3, 3)
            self.scale = 2.0

        @torch.jit.export
        def __getstate__(self):
            return self.weight, self.scale, self.training

        @torch.jit.export
        def __setstate__(self, state: Tuple[Tensor, float, bool]):
            self.weight = state[0] * state[1]
            self.scale = state[1]
            self.training = state[2]

        def forward(self, x):
            return x @ self.weight

    return torch.jit.script(Packed())


@program
def quantized():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 4)

        def forward(self, x):
            return self.linear(x)

    torch.backends.quantized.engine = "fbgemm"
    model = torch.ao.quantization.quantize_dynamic(Model(), {nn.Linear}, dtype=torch.qint8)
    return torch.jit.script(model)


@program
def traced_sizes():
    def f(x, y):
        b, s, h = x.shape
        z = x.reshape(b, s, 2, h // 2).permute(0, 2, 1, 3)
        z[0] = 1
        z[:, 0] += y
        mask = torch.arange(s).expand(b, s) < x.size(1) - 1
        return z.sum(-1), mask, {"out": z}

    return torch.jit.trace(f, (torch.randn(2, 3, 4), torch.randn(3, 2)), strict=False)


@program
def traced_and_scripted():
    @torch.jit.script
    def gate(x: Tensor) -> Tensor:
        if x.sum() > 0:
            return x
        return -x

    class Cell(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 4)

        def forward(self, x, h):
            h = torch.tanh(gate(self.linear(x)) + h)
            return h, h

    return torch.jit.trace(Cell(), (torch.randn(2, 4), torch.randn(2, 4)))


@program
def traced_methods():
    class Methods(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3)

        def forward(self, x):
            return self.conv(x)

        def weighted(self, w):
            return self.conv.weight * w

    m = Methods()
    return torch.jit.trace_module(m, {"forward": torch.rand(1, 1, 5, 5), "weighted": torch.rand(1)})


@program
def constants():
    @torch.jit.script
    def f(x: Tensor):
        a = torch.tensor([1.0, 2.0])
        b = torch.tensor(3)
        s = "\xff raw"
        return (
            x + a + b,
            s,
            (1, 2.5, "c"),
            [1, 2],
            {"k": None},
            1j,
            float("-inf"),
            torch.float32,
            torch.strided,
        )

    class Wrap(nn.Module):
        def forward(self, x):
            return f(x)

    return torch.jit.script(Wrap())


@program
def frozen():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, x):
            self.calls += 1
            return self.net(x) + self.calls

    return torch.jit.freeze(torch.jit.script(Model().eval()))


@program
def odd_names():
    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.add_module("0", nn.ReLU())
            self.root = nn.Parameter(torch.ones(1))
            self.forward_ = nn.Parameter(torch.ones(1))
            self.storage0 = nn.Parameter(torch.ones(1))

        def forward(self, self_: Tensor, lambda_: int = 3):
            return self_ + self.root * self.forward_ + self.storage0 * lambda_

    return torch.jit.script(Odd())


@program
def training_state():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.3), nn.RReLU())
    return torch.jit.script(model)


def main(directory, *names):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(191009)
    for name, make in PROGRAMS.items():
        if names and name not in names:
            continue
        torch.jit.save(make(), str(directory / f"{name}.pt"))


if __name__ == "__main__":
    main(*sys.argv[1:])
