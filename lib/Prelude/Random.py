# Random numbers as compositions of operators that fill a tensor; see Elementwise.py. How many numbers an operator takes
# of the stream, and in which order, is as much its meaning as what it makes of them.


def _new(size: List[int], dtype: Optional[int]) -> Tensor:
    return torch.empty(size, dtype=6 if dtype is None else dtype)


def _new_like(self: Tensor, dtype: Optional[int]) -> Tensor:
    return torch.empty_like(self, dtype=self.dtype if dtype is None else dtype)


def rand(
    size: List[int],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.uniform(_new(size, dtype), 0.0, 1.0)


def rand__generator(
    size: List[int],
    generator: Optional[Generator],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.uniform(_new(size, dtype), 0.0, 1.0, generator=generator)


def rand_like(
    self: Tensor,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.uniform(_new_like(self, dtype), 0.0, 1.0)


def rand_like__generator(
    self: Tensor,
    generator: Optional[Generator],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.uniform(_new_like(self, dtype), 0.0, 1.0, generator=generator)


def randn(
    size: List[int],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.normal_functional(_new(size, dtype), 0.0, 1.0)


def randn__generator(
    size: List[int],
    generator: Optional[Generator],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.normal_functional(_new(size, dtype), 0.0, 1.0, generator=generator)


def randn_like(
    self: Tensor,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.normal_functional(_new_like(self, dtype), 0.0, 1.0)


def randn_like__generator(
    self: Tensor,
    generator: Optional[Generator],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.normal_functional(_new_like(self, dtype), 0.0, 1.0, generator=generator)


def randint(
    high: int,
    size: List[int],
    dtype: Optional[int] = 4,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.random(_new(size, dtype), 0, high)


def randint__generator(
    high: int,
    size: List[int],
    generator: Optional[Generator],
    dtype: Optional[int] = 4,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.random(_new(size, dtype), 0, high, generator=generator)


def randint__low(
    low: int,
    high: int,
    size: List[int],
    dtype: Optional[int] = 4,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.random(_new(size, dtype), low, high)


def randint__low_generator(
    low: int,
    high: int,
    size: List[int],
    generator: Optional[Generator],
    dtype: Optional[int] = 4,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.random(_new(size, dtype), low, high, generator=generator)


def randint_like(
    self: Tensor,
    high: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.random(_new_like(self, dtype), 0, high)


def randint_like__generator(
    self: Tensor,
    high: int,
    generator: Optional[Generator],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.random(_new_like(self, dtype), 0, high, generator=generator)


def randint_like__low_dtype(
    self: Tensor,
    low: int,
    high: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.random(_new_like(self, dtype), low, high)


def randint_like__low_generator_dtype(
    self: Tensor,
    low: int,
    high: int,
    generator: Optional[Generator],
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
    memory_format: Optional[int] = None,
) -> Tensor:
    return torch.random(_new_like(self, dtype), low, high, generator=generator)


def random__to(self: Tensor, to: int, generator: Optional[Generator] = None) -> Tensor:
    return torch.random(self, 0, to, generator=generator)


def normal__float_float(
    mean: float,
    std: float,
    size: List[int],
    generator: Optional[Generator] = None,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return torch.normal_functional(_new(size, dtype), mean, std, generator=generator)


def normal__Tensor_float(mean: Tensor, std: float = 1.0, generator: Optional[Generator] = None) -> Tensor:
    return torch.normal_functional(torch.empty_like(mean), 0.0, std, generator=generator) + mean


def normal__float_Tensor(mean: float, std: Tensor, generator: Optional[Generator] = None) -> Tensor:
    return torch.normal_functional(torch.empty_like(std), 0.0, 1.0, generator=generator) * std + mean


def normal__Tensor_Tensor(mean: Tensor, std: Tensor, generator: Optional[Generator] = None) -> Tensor:
    shape = torch.empty_like(mean + std)
    return torch.normal_functional(shape, 0.0, 1.0, generator=generator) * std + mean


def bernoulli(self: Tensor, generator: Optional[Generator] = None) -> Tensor:
    return torch.bernoulli(self, self, generator=generator)


# Dropout


def _scale(noise: Tensor, p: float) -> Tensor:
    return noise / (1 - p)


def _channel_noise(input: Tensor, p: float) -> Tensor:
    assert input.dim() >= 2, "feature dropout requires at least 2 dimensions in the input"
    shape = [input.size(0), input.size(1)] + [1 for _ in range(input.dim() - 2)]
    return torch.bernoulli(torch.empty(shape, dtype=input.dtype), 1 - p)


def _alpha(input: Tensor, noise: Tensor, p: float) -> Tensor:
    alpha = 1.7580993408473766
    a = ((alpha * alpha * p + 1) * (1 - p)) ** -0.5
    return input * (noise * a) + ((noise - 1) * (alpha * a) + alpha * a * p)


def _check_probability(p: float) -> float:
    assert p >= 0.0 and p <= 1.0, "dropout probability has to be between 0 and 1"
    return p


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    _check_probability(p)
    if not train or p == 0.0:
        return input
    if p == 1.0:
        return input * 0
    return input * _scale(torch.bernoulli(input, 1 - p), p)


def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    _check_probability(p)
    if not train or p == 0.0:
        return input
    if p == 1.0:
        return input * 0
    return input * _scale(_channel_noise(input, p), p)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    _check_probability(p)
    if not train or p == 0.0:
        return input
    if p == 1.0:
        return input * 0
    return _alpha(input, torch.bernoulli(input, 1 - p), p)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    _check_probability(p)
    if not train or p == 0.0:
        return input
    if p == 1.0:
        return input * 0
    return _alpha(input, _channel_noise(input, p), p)


# What torch.nn.init calls without gradients.


def _no_grad_fill(tensor: Tensor, val: float) -> Tensor:
    return torch.full_like(tensor, val)


def _no_grad_zero(tensor: Tensor) -> Tensor:
    return torch.zeros_like(tensor)


def _no_grad_uniform(tensor: Tensor, a: float, b: float, generator: Optional[Generator] = None) -> Tensor:
    return torch.uniform(tensor, a, b, generator=generator)


def _no_grad_normal(tensor: Tensor, mean: float, std: float, generator: Optional[Generator] = None) -> Tensor:
    return torch.normal_functional(tensor, mean, std, generator=generator)
