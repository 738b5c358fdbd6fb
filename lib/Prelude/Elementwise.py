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
    a, b = torch.chunk(self, 2, dim)
    return a * torch.sigmoid(b)


def prelu(self: Tensor, weight: Tensor) -> Tensor:
    slope = weight
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
    return torch.where(self == 0, values, (self > 0).to(self.dtype))
