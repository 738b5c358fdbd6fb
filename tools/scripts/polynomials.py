#!/usr/bin/env python3
"""Prints the coefficients of the polynomials in lib/Conversion/PlanToLLVM/Math*.cpp, lowest power first.

Each interpolates a smooth part of a function at Chebyshev nodes, which is within a bit of the best polynomial. With each stands the
error that it leaves in the function, as a power of two. Needs mpmath, which comes with PyTorch.

    python tools/scripts/polynomials.py [name]
"""

import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 60


def of_square(function):
    """A function of a number as one of its square."""
    return lambda z: function(mpmath.sqrt(z))


def scaled_erfc(t):
    """(1 + 2x) exp(x^2) erfc(x), where t = (x - 3) / (x + 3)."""
    x = 3 * (1 + t) / (1 - t)
    return (1 + 2 * x) * mpmath.exp(x * x) * mpmath.erfc(x)


LN2_HALF = mpmath.log(2) / 2 * mpf("1.0001")
SQRT2_LESS_1 = mpmath.sqrt(2) - 1
ONE_THIRD_LESS = (mpf("0.5") - 3) / (mpf("0.5") + 3)

# (e^r - 1 - r) / r^2 is a hypergeometric function.
# name: smooth part, from, to, what an error of it counts for in the function, degrees for f32 and f64
FUNCTIONS = {
    "exponential": (lambda r: mpmath.hyp1f1(1, 3, r) / 2, -LN2_HALF, LN2_HALF, abs, 5, 10),
    "logarithm": (
        of_square(lambda s: (2 * mpmath.atanh(s) / s - 2) / s**2),
        0,
        (SQRT2_LESS_1 / (SQRT2_LESS_1 + 2)) ** 2 * mpf("1.0001"),
        lambda z: z,
        2,
        6,
    ),
    "sine": (
        of_square(lambda r: (mpmath.sin(r) / r - 1) / r**2),
        0,
        (mpmath.pi / 4) ** 2 * mpf("1.0001"),
        lambda z: z,
        3,
        5,
    ),
    "cosine": (
        of_square(lambda r: (mpmath.cos(r) - 1 + r**2 / 2) / r**4),
        0,
        (mpmath.pi / 4) ** 2 * mpf("1.0001"),
        lambda z: 1.5 * z**2,
        2,
        5,
    ),
    "arctangent": (
        of_square(lambda r: (mpmath.atan(r) / r - 1) / r**2),
        0,
        SQRT2_LESS_1**2 * mpf("1.0001"),
        lambda z: z,
        4,
        10,
    ),
    "arcsine": (of_square(lambda r: (mpmath.asin(r) / r - 1) / r**2), 0, mpf("0.25"), lambda z: z, 5, 12),
    "error function": (of_square(lambda x: mpmath.erf(x) / x - 1), 0, mpf("0.25"), lambda z: 1, 4, 8),
    "scaled erfc": (scaled_erfc, ONE_THIRD_LESS, (mpf("27.3") - 3) / (mpf("27.3") + 3), lambda t: 1, 10, 21),
}


def interpolate(function, low, high, degree):
    count = degree + 1
    nodes = [
        (low + high) / 2 + (high - low) / 2 * mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * count)) for i in range(count)
    ]
    powers = mpmath.matrix(count, count)
    for i, node in enumerate(nodes):
        for j in range(count):
            powers[i, j] = node**j
    return list(mpmath.lu_solve(powers, mpmath.matrix([function(node) for node in nodes])))


def measure(function, coefficients, low, high, weight):
    points = [low + (high - low) * (i + mpf(1) / 3) / 300 for i in range(300)]
    return max(abs(mpmath.polyval(coefficients[::-1], x) - function(x)) * weight(x) for x in points)


for name, (function, low, high, weight, *degrees) in FUNCTIONS.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    for degree, digits, kind in zip(degrees, (9, 17), ("f32", "f64")):
        coefficients = interpolate(function, mpf(low), mpf(high), degree)
        error = mpmath.nstr(mpmath.log(measure(function, coefficients, mpf(low), mpf(high), weight), 2), 4)
        print(f"{name}, {kind}: error 2^{error}")
        print("  {" + ", ".join(mpmath.nstr(c, digits) for c in coefficients) + "}")
