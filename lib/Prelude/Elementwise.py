# Elementwise operators as compositions of core operators.
#
# Every function here is the meaning of the operator of its name in PyTorch's registry; an overload stands after two
# underscores (`norm__Scalar`). The text is TorchScript, not Python: only functions, no imports. A name with a leading
# underscore is a helper.


def addcmul(self: Tensor, tensor1: Tensor, tensor2: Tensor, value: number = 1) -> Tensor:
    return self + tensor1 * tensor2 * value


def addcdiv(self: Tensor, tensor1: Tensor, tensor2: Tensor, value: number = 1) -> Tensor:
    return self + tensor1 / tensor2 * value


def glu(self: Tensor, dim: int = -1) -> Tensor:
    if self.size(dim) % 2 != 0:
        raise RuntimeError("Halving dimension must be even, but dimension {} is size {}".format(dim, self.size(dim)))
    a, b = torch.chunk(self, 2, dim)
    return a * torch.sigmoid(b)


def prelu(self: Tensor, weight: Tensor) -> Tensor:
    slope = weight
    channels = self.size(1) if self.dim() > 1 else 1
    if weight.numel() != 1 and weight.numel() != channels:
        raise RuntimeError(
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = {} and channel size = "
            "{}.".format(weight.numel(), channels)
        )
    if self.dim() > 1 and weight.numel() != 1:
        shape = [1] * self.dim()
        shape[1] = weight.numel()
        slope = weight.reshape(shape)
    return torch.where(self > 0, self, self * slope)


def logit(self: Tensor, eps: Optional[float] = None) -> Tensor:
    x = self
    if eps is not None:
        x = torch.clamp(self, eps, 1.0 - eps)
    return torch.log(x / (1 - x))


def sinc(self: Tensor) -> Tensor:
    x = self * 3.141592653589793
    return torch.where(self == 0, torch.ones_like(x), torch.sin(x) / x)


def isclose(self: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    near = torch.isfinite(self) & (torch.abs(self - other) <= atol + torch.abs(other) * rtol)
    close = (self == other) | (near & torch.isfinite(other))
    if equal_nan:
        close = close | (torch.isnan(self) & torch.isnan(other))
    return close


def heaviside(self: Tensor, values: Tensor) -> Tensor:
    if self.dtype != values.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    return torch.where(self == 0, values, (self > 0).to(self.dtype))


def _float_of(x: Tensor) -> Tensor:
    # Integers become the default dtype.
    return x if torch.is_floating_point(x) else x.to(6)


def float_power__Tensor_Tensor(self: Tensor, exponent: Tensor) -> Tensor:
    return torch.pow(self.to(7), exponent.to(7))


def float_power__Tensor_Scalar(self: Tensor, exponent: number) -> Tensor:
    return torch.pow(self.to(7), exponent)


def float_power__Scalar(self: number, exponent: Tensor) -> Tensor:
    return torch.pow(self, exponent.to(7))


def ldexp__Tensor(self: Tensor, other: Tensor) -> Tensor:
    return self * torch.pow(2.0, other)


def logaddexp2(self: Tensor, other: Tensor) -> Tensor:
    larger = torch.maximum(self, other)
    total = larger + torch.log1p(torch.exp2(-torch.abs(self - other))) * 1.4426950408889634
    return torch.where(torch.isinf(larger) & (self == other), larger, total)


def round__decimals(self: Tensor, decimals: int) -> Tensor:
    if decimals == 0 or not torch.is_floating_point(self):
        return torch.round(self)
    if decimals < 0:
        scale = 10.0 ** (-decimals)
        return torch.round(self / scale) * scale
    scale = 10.0**decimals
    return torch.round(self * scale) / scale


def special_round(self: Tensor, decimals: int = 0) -> Tensor:
    return torch.round(self, decimals=decimals)


def isreal(self: Tensor) -> Tensor:
    if self.is_complex():
        return torch.imag(self) == 0
    return torch.ones_like(self, dtype=11)


def real(self: Tensor) -> Tensor:
    return torch.view_as_real(self).select(-1, 0) if self.is_complex() else self


def imag(self: Tensor) -> Tensor:
    return torch.view_as_real(self).select(-1, 1)


def conj(self: Tensor) -> Tensor:
    return torch.conj_physical(self) if self.is_complex() else self


def polar(abs: Tensor, angle: Tensor) -> Tensor:
    return torch.complex(abs * torch.cos(angle), abs * torch.sin(angle))


def resolve_conj(self: Tensor) -> Tensor:
    return self


def resolve_neg(self: Tensor) -> Tensor:
    return self


def angle(self: Tensor) -> Tensor:
    if self.is_complex():
        return torch.atan2(torch.imag(self), torch.real(self))
    x = _float_of(self)
    return torch.where(torch.isnan(x), x, (x < 0).to(x.dtype) * 3.141592653589793)


def isin__Tensor_Tensor(
    elements: Tensor, test_elements: Tensor, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    found = torch.any(elements.unsqueeze(-1) == test_elements.flatten(), -1)
    return torch.logical_not(found) if invert else found


def isin__Tensor_Scalar(
    elements: Tensor, test_element: number, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    return elements != test_element if invert else elements == test_element


def isin__Scalar_Tensor(
    element: number, test_elements: Tensor, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    found = torch.any(test_elements == element)
    return torch.logical_not(found) if invert else found


def allclose(self: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    return bool(torch.all(torch.isclose(self, other, rtol, atol, equal_nan)))


def equal(self: Tensor, other: Tensor) -> bool:
    if self.size() != other.size():
        return False
    return bool(torch.all(self == other))


def rrelu(
    self: Tensor,
    lower: number = 0.125,
    upper: number = 0.33333333333333331,
    training: bool = False,
    generator: Optional[Generator] = None,
) -> Tensor:
    if training:
        # LibTorch draws for elements that are not positive only, one after the other.
        x = self.reshape([-1])
        leaking = torch.nonzero(x <= 0).reshape([-1])
        low = float(lower)
        slopes = torch.rand([leaking.size(0)], generator=generator, dtype=7) * (float(upper) - low) + low
        leaked = torch.index_select(x, 0, leaking) * slopes.to(self.dtype)
        return torch.index_copy(x, 0, leaking, leaked).reshape(self.size())
    return torch.leaky_relu(self, (float(lower) + float(upper)) / 2)


def _prelu_kernel(self: Tensor, weight: Tensor) -> Tensor:
    return torch.where(self > 0, self, self * weight)


# Special functions


def special_entr(self: Tensor) -> Tensor:
    x = _float_of(self)
    inside = torch.where(x == 0, torch.zeros_like(x), -x * torch.log(x))
    return torch.where(x < 0, torch.full_like(x, float("-inf")), inside)


def special_ndtr(self: Tensor) -> Tensor:
    return torch.erfc(_float_of(self) * -0.7071067811865476) * 0.5


def special_xlog1py(self: Tensor, other: Tensor) -> Tensor:
    product = self * torch.log1p(other)
    return torch.where((self == 0) & torch.logical_not(torch.isnan(other)), torch.zeros_like(product), product)


def special_xlog1py__other_scalar(self: Tensor, other: number) -> Tensor:
    return torch.special_xlog1py(self, torch.scalar_tensor(other, dtype=_float_of(self).dtype))


def special_xlog1py__self_scalar(self: number, other: Tensor) -> Tensor:
    return torch.special_xlog1py(torch.scalar_tensor(self, dtype=_float_of(other).dtype), other)


def special_xlogy(self: Tensor, other: Tensor) -> Tensor:
    return torch.xlogy(self, other)


def special_logit(self: Tensor, eps: Optional[float] = None) -> Tensor:
    return torch.logit(self, eps)


def special_sinc(self: Tensor) -> Tensor:
    return torch.sinc(self)


# Newton's steps in double precision, from an estimate of Giles: erfinv(x) = x p(-log(1 - x²)).
def erfinv(self: Tensor) -> Tensor:
    x = _float_of(self)
    y = x.to(7)
    w = -torch.log((1 - y) * (1 + y))
    near = w - 2.5
    central = 1.50140941 + near * (
        0.246640727
        + near
        * (
            -0.00417768164
            + near
            * (
                -0.00125372503
                + near * (0.000218580870 + near * (-4.39150654e-06 + near * (-3.5233877e-06 + near * 3.43273939e-07)))
            )
        )
    )
    far = torch.sqrt(torch.clamp_min(w, 5.0)) - 3
    tail = 2.83297682 + far * (
        1.00167406
        + far
        * (
            0.00943887047
            + far
            * (
                -0.0076224613
                + far * (0.00573950773 + far * (-0.00367342844 + far * (0.00134934322 + far * 0.000100950558)))
            )
        )
    )
    root = torch.where(w < 5, central, tail) * y
    # In the tails the complement is what has digits.
    sign = torch.sign(y)
    for step in range(2):
        error = sign * ((1 - torch.abs(y)) - torch.erfc(torch.abs(root)))
        root = root - error / (1.1283791670955126 * torch.exp(-root * root))
    edge = torch.where(torch.abs(y) == 1, y * float("inf"), root)
    return torch.where(torch.abs(y) > 1, y * float("nan"), edge).to(x.dtype)


def special_erfinv(self: Tensor) -> Tensor:
    return torch.erfinv(self)


# Both of the gamma function's are moved to arguments above ten, where Stirling's series is exact to double precision,
# and reflected below one half.
def digamma(self: Tensor) -> Tensor:
    x = _float_of(self)
    y = x.to(7)
    reflects = y < 0.5
    z = torch.where(reflects, 1 - y, y)
    moved = torch.zeros_like(z)
    for i in range(10):
        moved = moved + 1 / (z + i)
    w = z + 10
    r = 1 / (w * w)
    series = r * (
        1 / 12.0 - r * (1 / 120.0 - r * (1 / 252.0 - r * (1 / 240.0 - r * (5 / 660.0 - r * (691 / 32760.0)))))
    )
    value = torch.log(w) - 0.5 / w - series - moved
    turn = 3.141592653589793 * (y - torch.floor(y))
    value = torch.where(reflects, value - 3.141592653589793 / torch.tan(turn), value)
    # The poles: at zero the sign decides, below there is none.
    value = torch.where(y == 0, torch.copysign(torch.full_like(y, float("inf")), -y), value)
    return torch.where((y < 0) & (torch.floor(y) == y), torch.full_like(y, float("nan")), value).to(x.dtype)


def special_digamma(self: Tensor) -> Tensor:
    return torch.digamma(self)


def special_psi(self: Tensor) -> Tensor:
    return torch.digamma(self)


def lgamma(self: Tensor) -> Tensor:
    x = _float_of(self)
    y = x.to(7)
    reflects = y < 0.5
    z = torch.where(reflects, 1 - y, y)
    product = torch.ones_like(z)
    for i in range(10):
        product = product * (z + i)
    # The product of large numbers would overflow, and they need not move.
    stays = z > 1e20
    w = torch.where(stays, z, z + 10)
    r = 1 / (w * w)
    series = (1 / 12.0 - r * (1 / 360.0 - r * (1 / 1260.0 - r * (1 / 1680.0 - r * (1 / 1188.0))))) / w
    value = (w - 0.5) * torch.log(w) - w + 0.9189385332046728 + series
    value = torch.where(stays, value, value - torch.log(product))
    turn = torch.sin(3.141592653589793 * (y - torch.floor(y)))
    value = torch.where(reflects, 1.1447298858494002 - torch.log(torch.abs(turn)) - value, value)
    is_pole = (y <= 0) & (torch.floor(y) == y)
    return torch.where(is_pole | torch.isinf(y), torch.full_like(y, float("inf")), value).to(x.dtype)


def special_gammaln(self: Tensor) -> Tensor:
    return torch.lgamma(self)


def mvlgamma(self: Tensor, p: int) -> Tensor:
    x = _float_of(self)
    total = torch.full_like(x, p * (p - 1) * 0.28618247146235004)
    for i in range(p):
        total = total + torch.lgamma(x - i * 0.5)
    return total


def special_multigammaln(self: Tensor, p: int) -> Tensor:
    return torch.mvlgamma(self, p)


# e^-|x| I(|x|) of the modified Bessel function of an order, in double precision. The terms of its power series are all positive;
# beyond 18 those of Hankel's expansion fall below the last place before they grow again.
def _scaled_bessel(self: Tensor, order: int) -> Tensor:
    y = torch.abs(self.to(7))
    near = torch.clamp(y, max=18.0)
    quarter = near * near * 0.25
    series = torch.ones_like(y)
    for i in range(34):
        k = 34 - i
        series = series * (quarter * (1.0 / float(k * (k + order)))) + 1
    series = series * torch.exp(-near)
    if order == 1:
        series = series * (near * 0.5)
    far = torch.clamp(y, min=18.0)
    step = 0.125 / far
    tail = torch.ones_like(y)
    for i in range(25):
        k = 25 - i
        odd = 2 * k - 1
        tail = 1 - tail * step * (float(4 * order * order - odd * odd) / float(k))
    return torch.where(y < 18, series, tail / torch.sqrt(far * 6.283185307179586))


# LibTorch multiplies by a power that may be infinite in the type of the elements.
def _bessel(self: Tensor, order: int, is_scaled: bool) -> Tensor:
    x = _float_of(self)
    scaled = _scaled_bessel(x, order)
    if order == 1:
        scaled = torch.copysign(scaled, x)
    if is_scaled:
        return scaled.to(x.dtype)
    wide = x if x.dtype == 7 else x.to(6)
    return (torch.exp(torch.abs(wide)) * scaled.to(wide.dtype)).to(x.dtype)


def i0(self: Tensor) -> Tensor:
    return _bessel(self, 0, False)


def special_i0(self: Tensor) -> Tensor:
    return _bessel(self, 0, False)


def special_i0e(self: Tensor) -> Tensor:
    return _bessel(self, 0, True)


def special_i1(self: Tensor) -> Tensor:
    return _bessel(self, 1, False)


def special_i1e(self: Tensor) -> Tensor:
    return _bessel(self, 1, True)
