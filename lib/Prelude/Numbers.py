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


def range__step(
    start: number,
    end: number,
    step: number = 1,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    result = 6 if dtype is None else dtype
    # Ints are computed with as int64, halves as float32, floats as float64.
    wide = 4 if torch.can_cast(result, 4) else 6 if result == 5 or result == 15 else 7
    if wide == 4:
        first, last, distance = int(start), int(end), int(step)
        if distance == 0:
            raise RuntimeError("step must be nonzero")
        if (distance > 0 and last < first) or (distance < 0 and last > first):
            raise RuntimeError("upper bound and lower bound inconsistent with step sign")
        return (torch.arange((last - first) // distance + 1, dtype=4) * distance + first).to(result)
    low, high, width = float(start), float(end), float(step)
    if width == 0:
        raise RuntimeError("step must be nonzero")
    if low - low != 0 or high - high != 0:
        raise RuntimeError("unsupported range: {} -> {}".format(low, high))
    if (width > 0 and high < low) or (width < 0 and high > low):
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    count = (high - low) / width + 1
    if wide == 6:
        ends = torch.tensor([low, high, width], dtype=6)
        count = float((ends[1] - ends[0]) / ends[2] + 1)
    return (torch.arange(int(count), dtype=wide) * width + low).to(result)


# The dtype that operators on two operands give, found on ones of the same kinds.


def _sample(self: Tensor) -> Tensor:
    return self.new_zeros([]) if self.dim() == 0 else self.new_zeros([0])


def result_type__Tensor(tensor: Tensor, other: Tensor) -> int:
    return (_sample(tensor) * _sample(other)).dtype


def result_type__Scalar(tensor: Tensor, other: number) -> int:
    return (_sample(tensor) * other).dtype


def result_type__Scalar_Tensor(scalar: number, tensor: Tensor) -> int:
    return (_sample(tensor) * scalar).dtype


def result_type__Scalar_Scalar(scalar1: number, scalar2: number) -> int:
    return (torch.zeros([0], dtype=11) * scalar1 * scalar2).dtype
