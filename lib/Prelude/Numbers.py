# Operators on numbers, and of numbers alone, as compositions of others.


def divmod__int(x: int, y: int) -> Tuple[int, int]:
    if y == 0:
        raise RuntimeError("ZeroDivisionError: integer division or modulo by zero")
    return x // y, x % y


def _divide_floats(x: float, y: float) -> Tuple[float, float]:
    if y == 0:
        raise RuntimeError("ZeroDivisionError: float divmod()")
    rest = torch.fmod(x, y)
    if rest != 0 and (x < 0) != (y < 0):
        rest += y
    return (x - rest) / y, rest


def divmod__float(x: float, y: float) -> Tuple[float, float]:
    return _divide_floats(x, y)


def divmod__int_float(x: int, y: float) -> Tuple[float, float]:
    return _divide_floats(float(x), y)


def divmod__float_int(x: float, y: int) -> Tuple[float, float]:
    return _divide_floats(x, float(y))


def gcd__int(a: int, b: int) -> int:
    x, y = abs(a), abs(b)
    while y != 0:
        x, y = y, x % y
    return x


def factorial__int(a: int) -> int:
    if a < 0:
        raise RuntimeError("factorial() not defined for negative values")
    product = 1
    for i in range(2, a + 1):
        product *= i
    return product


def logspace(
    start: number,
    end: number,
    steps: int,
    base: float = 10.0,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    exponents = torch.linspace(start, end, steps)
    result = exponents.dtype if dtype is None else dtype
    if exponents.is_complex():
        return torch.pow(base, torch.linspace(start, end, steps, dtype=10)).to(result)
    return torch.pow(base, torch.linspace(start, end, steps, dtype=7)).to(result)
