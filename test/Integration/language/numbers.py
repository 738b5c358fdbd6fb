"""Functions of numbers: those of Python's math module."""

import math
from typing import Any, Dict, List, Tuple

import torch


def divide_toward_zero(a: int, b: int) -> int:
    return torch.ops.aten.__round_to_zero_floordiv(a, b)


class Numbers(torch.nn.Module):
    @torch.jit.export
    def floats(self, x: float, y: float) -> List[float]:
        return [
            math.erf(x), math.erfc(x), math.expm1(x), math.fabs(x), math.degrees(x), math.radians(x), math.lgamma(x),
            math.atan2(x, y), math.copysign(x, y), math.remainder(x, y), math.fmod(x, y), math.pow(x, 2.0),
        ]  # fmt: skip

    @torch.jit.export
    def ints(self, a: int, b: int) -> List[float]:
        return [math.erf(a), math.fabs(a), math.degrees(a), math.lgamma(a), math.atan2(a, b), math.copysign(a, b)]

    @torch.jit.export
    def classes(self, x: float) -> Tuple[bool, bool, bool]:
        return math.isnan(x), math.isinf(x), math.isfinite(x)

    @torch.jit.export
    def parts(self, x: float) -> Tuple[float, int, float, float, float]:
        mantissa, exponent = math.frexp(x)
        fraction, whole = math.modf(x)
        return mantissa, exponent, fraction, whole, math.ldexp(mantissa, exponent)

    @torch.jit.export
    def gamma(self, x: float) -> float:
        return math.gamma(x)

    @torch.jit.export
    def divide(self, a: int, b: int, x: float, y: float) -> Tuple[int, int, float, float, float, float]:
        q, r = divmod(a, b)
        s, t = divmod(x, y)
        u, v = divmod(a, y)
        return q, r, s, t, u, v

    @torch.jit.export
    def whole(self, a: int, b: int) -> Tuple[int, int]:
        return math.gcd(a, b), math.factorial(a)

    @torch.jit.export
    def rounded(self, x: float) -> Tuple[int, int]:
        return math.floor(x), math.ceil(x) % 7

    @torch.jit.export
    def power(self, x: float, y: float, a: int) -> Tuple[float, float, float]:
        return x**y, math.pow(x, a), a**y

    @torch.jit.export
    def truncated(self, a: int, b: int) -> int:
        return divide_toward_zero(a, b)


CASES: Dict[str, List[Tuple[Any, ...]]] = {
    "floats": [(0.5, -2.0), (-1.75, 0.0), (1e300, 3.0), (-0.0, 1.0)],
    "ints": [(3, -2), (1, 0)],
    "classes": [(1.5,), (float("nan"),), (float("inf"),), (-float("inf"),)],
    "parts": [(10.75,), (-0.3,), (0.0,), (1e-310,)],
    "gamma": [(5.0,), (-0.5,)],
    "divide": [(7, 2, 7.5, 2.0), (-7, 2, -7.5, 2.0), (7, -2, 7.5, -2.0), (1, 0, 1.0, 1.0), (1, 1, 1.0, 0.0)],
    "rounded": [(x,) for x in (2.5, -0.5, 0.0, 1e18, 9.3e18, -1e20, float("inf"), -float("inf"), float("nan"))],
    "power": [(2.0, -1.0, 3), (0.0, -1.0, 1), (-0.0, 2.0, 0), (1.0, -2.0, 0), (0.0, float("nan"), 2), (-8.0, 0.5, 2)],
    "truncated": [(7, 2), (-7, 2), (7, -2), (-7, -2), (3, 8)],
    "whole": [(12, 18), (0, 5), (20, -8), (-1, 3)],
}
