# Normalisations and distances as compositions of core operators; see Elementwise.py.


def rms_norm(
    input: Tensor, normalized_shape: List[int], weight: Optional[Tensor] = None, eps: Optional[float] = None
) -> Tensor:
    dims = [i - len(normalized_shape) for i in range(len(normalized_shape))]
    if len(normalized_shape) == 0:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
    if weight is not None:
        if weight.size() != normalized_shape:
            raise RuntimeError(
                "Expected weight to be of same shape as normalized_shape, but got weight of shape {} and "
                "normalized_shape = {}".format(weight.size(), normalized_shape)
            )
    if input.dim() < len(normalized_shape):
        raise RuntimeError(
            "Input tensor must have at least {} dimensions, but got {}".format(len(normalized_shape), input.dim())
        )
    for i in range(len(normalized_shape)):
        if input.size(dims[i]) != normalized_shape[i]:
            raise RuntimeError(
                "Given normalized_shape={}, expected input with shape [*{}, but got input of size{}".format(
                    normalized_shape, str(normalized_shape)[1:], input.size()
                )
            )
    epsilon = 1.1920928955078125e-07
    if input.dtype == 7:
        epsilon = 2.220446049250313e-16
    if eps is not None:
        epsilon = eps
    x = input
    if input.dtype == 5 or input.dtype == 15:
        x = input.to(6)
    scaled = x * torch.rsqrt(torch.mean(x * x, dims, True) + epsilon)
    if weight is not None:
        scaled = scaled * weight
    return scaled.to(input.dtype)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08) -> Tensor:
    a = torch.sqrt(torch.sum(x1 * x1, [dim], True))
    b = torch.sqrt(torch.sum(x2 * x2, [dim], True))
    return torch.sum((x1 / torch.clamp_min(a, eps)) * (x2 / torch.clamp_min(b, eps)), [dim])


def _power_norm(x: Tensor, p: float, dims: List[int], keepdim: bool) -> Tensor:
    if p == 2.0:
        return torch.sqrt(torch.sum(x * x, dims, keepdim))
    a = torch.abs(x)
    if p == 1.0:
        return torch.sum(a, dims, keepdim)
    if p > 1e300:
        return torch.amax(a, dims, keepdim)
    if p < -1e300:
        return torch.amin(a, dims, keepdim)
    if p == 0.0:
        return torch.sum((a != 0).to(x.dtype), dims, keepdim)
    return torch.pow(torch.sum(torch.pow(a, p), dims, keepdim), 1.0 / p)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False) -> Tensor:
    return _power_norm(x1 - x2 + eps, p, [-1], keepdim)


def norm__ScalarOpt_dim(self: Tensor, p: Optional[number], dim: List[int], keepdim: bool = False) -> Tensor:
    power = 2.0
    if p is not None:
        power = float(p)
    return _power_norm(self, power, dim, keepdim)


# What batch norm in training makes of the running mean and variance; instance norm, which looks at each sample alone,
# the average over samples of what it would make of each.
def _running_statistics(
    input: Tensor, mean: Tensor, variance: Tensor, momentum: float, per_sample: bool
) -> Tuple[Tensor, Tensor]:
    if mean.size(0) != input.size(1) and not per_sample:
        raise RuntimeError("running_mean should contain {} elements not {}".format(input.size(1), mean.size(0)))
    if variance.size(0) != input.size(1) and not per_sample:
        raise RuntimeError("running_var should contain {} elements not {}".format(input.size(1), variance.size(0)))
    if input.numel() == 0 and not (per_sample and input.size(0) == 0):
        return mean, variance
    x = input.to(mean.dtype)
    dims = [i + 2 for i in range(x.dim() - 2)]
    if not per_sample:
        dims = [0] + dims
    new_mean = torch.mean(x, dims)
    new_variance = torch.var(x, dims)
    if per_sample:
        new_mean = torch.mean(new_mean, [0])
        new_variance = torch.mean(new_variance, [0])
    return (1 - momentum) * mean + momentum * new_mean, (1 - momentum) * variance + momentum * new_variance
