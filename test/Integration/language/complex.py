"""Programs on complex numbers."""

import cmath
from typing import Any, Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor

inf, nan = float("inf"), float("nan")
NUMBERS = [1 + 2j, -3.5 + 0j, complex(0.0, -0.0), complex(inf, -1), complex(nan, 2), complex(1e300, -1e-300), 0.25j]


class Complex(torch.nn.Module):
    factor: complex
    last: complex

    def __init__(self):
        super().__init__()
        self.factor = 0.5 - 2j
        self.last = 0j
        self.register_buffer("weight", torch.tensor([1.5]))

    @torch.jit.export
    def arithmetic(self, a: complex, b: complex) -> List[complex]:
        return [a + b, a - b, a * b, -a, a * self.factor + 1j]

    @torch.jit.export
    def quotient(self, a: complex, b: complex) -> complex:
        return a / b

    @torch.jit.export
    def mixed(self, z: complex, x: float, n: int) -> List[complex]:
        return [z + x, x + z, z - x, x - z, z * x, x * z, z + n, n + z, z - n, n - z, z * n, n * z]

    @torch.jit.export
    def compared(self, a: complex, b: complex, x: float) -> List[bool]:
        return [a == b, a != b, a == x, x == a, a != x, x != a, a is a, a is not a]

    @torch.jit.export
    def powers(self, a: complex, b: complex, x: float) -> List[complex]:
        return [a**b, a**x, x**a]

    @torch.jit.export
    def functions(self, z: complex) -> List[complex]:
        return [
            cmath.exp(z), cmath.log(z), cmath.log10(z), cmath.sqrt(z), cmath.sin(z), cmath.cos(z), cmath.tan(z),
            cmath.asin(z), cmath.acos(z), cmath.atan(z), cmath.sinh(z), cmath.cosh(z), cmath.tanh(z), cmath.asinh(z),
            cmath.acosh(z), cmath.atanh(z),
        ]  # fmt: skip

    @torch.jit.export
    def logarithms(self, a: complex, b: complex, x: float, n: int) -> List[complex]:
        return [cmath.log(a, b), cmath.log(a, x), cmath.log(a, n), cmath.log(x, a), cmath.log(n, a)]

    @torch.jit.export
    def polar(self, z: complex, r: float, n: int) -> Tuple[float, float, List[complex], List[bool]]:
        forms = [cmath.rect(r, r), cmath.rect(n, r), cmath.rect(r, n), cmath.rect(n, n)]
        return abs(z), cmath.phase(z), forms, [cmath.isnan(z), cmath.isinf(z), cmath.isfinite(z)]

    @torch.jit.export
    def of_floats(self, x: float) -> Tuple[float, float, float, float, float]:
        return cmath.phase(x), cmath.asin(x), cmath.acosh(x), cmath.sinh(x), cmath.atanh(x)

    @torch.jit.export
    def constants(self) -> List[complex]:
        return [cmath.infj, cmath.nanj, cmath.pi * 1j, 2 * 1j - 1, 1e400j, complex(1, 2.5) / 3j]

    @torch.jit.export
    def constructed(self, n: int, x: float, b: bool) -> List[complex]:
        return [complex(n), complex(x), complex(b), complex(n, x), complex(b, n), complex(x, b), complex(x, x)]

    @torch.jit.export
    def from_tensors(self, t: Tensor, n: int) -> List[complex]:
        return [complex(t, t), complex(n, t), complex(t, 0.5), complex(True, t), complex(self.weight, n)]

    @torch.jit.export
    def printed(self, z: complex) -> Tuple[str, str, str, str]:
        return str(z), f"{z} {[z]} {(z, 1)}", "%s" % z, "{} {}".format(1.5 - 2j, {3j: z})

    @torch.jit.export
    def hashed(self, z: complex) -> int:
        return hash(z)

    @torch.jit.export
    def listed(self, values: List[complex]) -> Tuple[List[complex], complex, complex, int]:
        values.append(values[0] * 1j)
        values[1] = self.factor
        values += [values[-1], 2j]
        total = 0j
        for value in values:
            total += value
        return values[::-1], sum(values), total, len(values)

    @torch.jit.export
    def unpacked(self, values: List[complex]) -> complex:
        a, b = values
        return a / b

    @torch.jit.export
    def popped(self, values: List[complex]) -> Tuple[complex, List[complex]]:
        return values.pop(), values

    @torch.jit.export
    def keyed(self, values: List[complex]) -> Dict[complex, int]:
        out: Dict[complex, int] = {}
        for i, value in enumerate(values):
            out[value] = i if value not in out else out[value] + 100
        return out

    @torch.jit.export
    def looked_up(self, table: Dict[complex, str], key: complex) -> Tuple[str, Optional[str], List[complex]]:
        table.setdefault(1j, "one")
        other = table.pop(key)
        table.update({key * 2: "twice"})
        return other, table.get(key), list(table.keys())

    @torch.jit.export
    def literal(self, key: complex) -> int:
        return {0j: 1, 1 + 1j: 2, -1j: 3}[key]

    @torch.jit.export
    def optional(self, z: Optional[complex], d: Dict[str, complex]) -> Tuple[complex, Optional[complex]]:
        if z is None:
            z = 5j
        return z, d.get("z")

    @torch.jit.export
    def union(self, value: Union[complex, str, List[complex]]) -> Union[str, complex]:
        if isinstance(value, complex):
            return value * value
        if isinstance(value, str):
            return value + "!"
        return value[0]

    @torch.jit.export
    def any(self, value: Any) -> str:
        if isinstance(value, complex):
            return f"complex {value}"
        if isinstance(value, float):
            return f"float {value}"
        return "other"

    @torch.jit.export
    def default(self, z: complex = 1 - 1j, w: Optional[complex] = None) -> complex:
        return z if w is None else w + z

    @torch.jit.export
    def kept(self, z: complex) -> Tuple[complex, complex]:
        before = self.last
        self.last = z * self.factor + before
        return before, self.last

    @torch.jit.export
    def mandelbrot(self, c: complex, limit: int) -> Tuple[int, complex]:
        z = 0j
        n = 0
        while n < limit and abs(z) <= 2.0:
            z = z * z + c
            n += 1
        return n, z

    @torch.jit.export
    def transform(self, values: List[float]) -> List[complex]:
        n = len(values)
        out: List[complex] = []
        for k in range(n):
            total = 0j
            for i, value in enumerate(values):
                total += value * cmath.exp(-2j * cmath.pi * float(k * i) / complex(n))
            out.append(total)
        return out


PAIRS = [(a, b) for a in NUMBERS for b in NUMBERS]
CASES = {
    "arithmetic": PAIRS,
    "quotient": PAIRS + [(1 + 2j, 0j), (0j, 0j), (1e308 + 1e308j, 1e308 + 1e308j), (3, 2.0)],
    "mixed": [(z, x, n) for z in NUMBERS for x, n in ((2.5, -3), (-0.0, 0), (inf, 7))],
    "compared": [(a, b, 2.0) for a, b in PAIRS] + [(2 + 0j, 2, 2.0), (2 + 1j, 2 + 1j, nan)],
    "powers": [(a, b, 2.5) for a, b in PAIRS],
    "functions": [(z,) for z in NUMBERS],
    "logarithms": [(a, b, 2.5, 7) for a, b in PAIRS],
    "polar": [(z, 2.5, -3) for z in NUMBERS],
    "of_floats": [(0.5,), (-2.0,), (nan,), (1,)],
    "constants": [()],
    "constructed": [(3, -0.5, True), (-1, inf, False)],
    "from_tensors": [(torch.tensor(2), 3), (torch.tensor([1.5]), -1)],
    "printed": [(z,) for z in NUMBERS],
    "hashed": [(1j,)],
    "listed": [([1 + 1j, 2, 0.5, 3j],), ([1j],), ([],)],
    "unpacked": [([1j, 2 - 3j],), ([1j],)],
    "popped": [([1j, 2],), ([],)],
    "keyed": [
        ([z for z in NUMBERS if z == z] + [1 + 2j, 0j, complex(-0.0, 0.0)] + [complex(i, -i) for i in range(20)] * 2,)
    ],
    "looked_up": [({2j: "two", 1 + 0j: "real"}, 2j), ({2: "two"}, 2), ({}, 3j)],
    "literal": [(0j,), (-0.0 + 0j,), (1 + 1j,), (complex(0, -1),), (2j,)],
    "optional": [(None, {"z": 3}), (2j, {}), (1.5, {"z": 1j})],
    "union": [(2 - 1j,), ("a",), ([1j, 3j],)],
    "any": [(2 - 1j,), (1.5,), (1,)],
    "default": [(), (3j,), (3j, 4)],
    "kept": [(1j,), (2,), (nan,)],
    "mandelbrot": [(0.1 + 0.1j, 50), (-0.75 + 0.2j, 100), (1, 10)],
    "transform": [([1.0, 2.0, 3.0, 4.0, -1.0],), ([],)],
}
JUST_IN_TIME = True
