# Reductions, scans and statistics as compositions of core operators; see Elementwise.py.


def aminmax(self: Tensor, dim: Optional[int] = None, keepdim: bool = False) -> Tuple[Tensor, Tensor]:
    dims: List[int] = []
    if dim is not None:
        dims = [dim]
        if self.dim() > 0:
            if self.size(dim) == 0:
                at = dim if dim >= 0 else dim + self.dim()
                raise RuntimeError("aminmax: Expected reduction dim {} to have non-zero size.".format(at))
    elif self.numel() == 0:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    least = torch.amin(self, dims, keepdim)
    greatest = torch.amax(self, dims, keepdim)
    if dim is None and keepdim:
        ones = [1] * self.dim()
        return least.reshape(ones), greatest.reshape(ones)
    return least, greatest


def count_nonzero(self: Tensor, dim: Optional[int] = None) -> Tensor:
    ones = (self != 0).to(4)
    if dim is None:
        return torch.sum(ones)
    return torch.sum(ones, [dim])


def count_nonzero__dim_IntList(self: Tensor, dim: List[int]) -> Tensor:
    return torch.sum((self != 0).to(4), dim)


def nansum(self: Tensor, dim: Optional[List[int]] = None, keepdim: bool = False, dtype: Optional[int] = None) -> Tensor:
    x = self
    if torch.is_floating_point(self):
        x = torch.where(torch.isnan(self), torch.zeros_like(self), self)
    return torch.sum(x, dim, keepdim, dtype=dtype)


def nanmean(
    self: Tensor, dim: Optional[List[int]] = None, keepdim: bool = False, dtype: Optional[int] = None
) -> Tensor:
    count = torch.sum(torch.logical_not(torch.isnan(self)), dim, keepdim)
    return torch.nansum(self, dim, keepdim, dtype=dtype) / count


def var_mean(self: Tensor, unbiased: bool = True) -> Tuple[Tensor, Tensor]:
    return torch.var(self, unbiased), torch.mean(self)


def var_mean__dim(
    self: Tensor, dim: Optional[List[int]], unbiased: bool = True, keepdim: bool = False
) -> Tuple[Tensor, Tensor]:
    return torch.var(self, dim, unbiased, keepdim), torch.mean(self, dim, keepdim)


def var_mean__correction(
    self: Tensor, dim: Optional[List[int]] = None, correction: Optional[number] = None, keepdim: bool = False
) -> Tuple[Tensor, Tensor]:
    return torch.var(self, dim, correction=correction, keepdim=keepdim), torch.mean(self, dim, keepdim)


def std_mean(self: Tensor, unbiased: bool = True) -> Tuple[Tensor, Tensor]:
    return torch.std(self, unbiased), torch.mean(self)


def std_mean__dim(
    self: Tensor, dim: Optional[List[int]], unbiased: bool = True, keepdim: bool = False
) -> Tuple[Tensor, Tensor]:
    return torch.std(self, dim, unbiased, keepdim), torch.mean(self, dim, keepdim)


def std_mean__correction(
    self: Tensor, dim: Optional[List[int]] = None, correction: Optional[number] = None, keepdim: bool = False
) -> Tuple[Tensor, Tensor]:
    return torch.std(self, dim, correction=correction, keepdim=keepdim), torch.mean(self, dim, keepdim)


def cov(
    self: Tensor, correction: int = 1, fweights: Optional[Tensor] = None, aweights: Optional[Tensor] = None
) -> Tensor:
    x = self.reshape([1, -1]) if self.dim() < 2 else self
    x = x if torch.is_floating_point(x) else x.to(6)
    weights = torch.ones([x.size(1)], dtype=x.dtype)
    if fweights is not None:
        weights = weights * fweights.to(x.dtype)
    if aweights is not None:
        weights = weights * aweights.to(x.dtype)
    total = torch.sum(weights)
    centred = x - torch.sum(x * weights, [1], True) / total
    count = total - correction
    if aweights is not None:
        count = total - torch.sum(weights * aweights.to(x.dtype)) * correction / total
    product = torch.mm(centred * weights, centred.t()) / torch.clamp_min(count, 0)
    return product.squeeze() if self.dim() < 2 else product


def corrcoef(self: Tensor) -> Tensor:
    c = torch.cov(self)
    if self.dim() < 2:
        return c / c
    deviation = torch.sqrt(torch.diagonal(c))
    return torch.clamp(c / deviation.unsqueeze(1) / deviation.unsqueeze(0), -1.0, 1.0)


# Norms and distances


def dist(self: Tensor, other: Tensor, p: number = 2) -> Tensor:
    return torch.linalg_vector_norm(self - other, p)


def _singular_values(matrices: Tensor, dim: List[int]) -> Tensor:
    return torch.linalg_svdvals(torch.movedim(matrices, dim, [-2, -1]))


# What was computed from the matrices in `dim`, with these dims again, of size 1.
def _keep_matrix(computed: Tensor, rank: int, dim: List[int], keepdim: bool) -> Tensor:
    if not keepdim:
        return computed
    first = dim[0] if dim[0] >= 0 else dim[0] + rank
    second = dim[1] if dim[1] >= 0 else dim[1] + rank
    return computed.unsqueeze(min(first, second)).unsqueeze(max(first, second))


def linalg_matrix_norm(
    self: Tensor, ord: number, dim: List[int] = [-2, -1], keepdim: bool = False, dtype: Optional[int] = None
) -> Tensor:
    power = float(ord)
    size = abs(power)
    x = self
    if dtype is not None:
        x = self.to(dtype)
    if size == 2.0:
        values = _singular_values(x, dim)
        return _keep_matrix(
            torch.amax(values, [-1]) if power > 0.0 else torch.amin(values, [-1]), self.dim(), dim, keepdim
        )
    assert size == 1.0 or size == float("inf"), "linalg.matrix_norm: Order not supported"
    rows = dim[0] if dim[0] >= 0 else dim[0] + self.dim()
    columns = dim[1] if dim[1] >= 0 else dim[1] + self.dim()
    summed = rows if size == 1.0 else columns
    compared = columns if size == 1.0 else rows
    sums = torch.sum(torch.abs(x), [summed], keepdim)
    if not keepdim and summed < compared:
        compared -= 1
    return torch.amax(sums, [compared], keepdim) if power > 0.0 else torch.amin(sums, [compared], keepdim)


def linalg_matrix_norm__str_ord(
    self: Tensor, ord: str = "fro", dim: List[int] = [-2, -1], keepdim: bool = False, dtype: Optional[int] = None
) -> Tensor:
    if ord == "nuc":
        x = self
        if dtype is not None:
            x = self.to(dtype)
        return _keep_matrix(torch.sum(_singular_values(x, dim), [-1]), self.dim(), dim, keepdim)
    assert ord == "fro", "linalg.matrix_norm: Order not supported"
    return torch.linalg_vector_norm(self, 2, dim, keepdim, dtype=dtype)


def linalg_norm(
    self: Tensor,
    ord: Optional[number] = None,
    dim: Optional[List[int]] = None,
    keepdim: bool = False,
    dtype: Optional[int] = None,
) -> Tensor:
    if ord is None:
        if dim is None and keepdim:
            return torch.linalg_vector_norm(self, 2, [i for i in range(self.dim())], True, dtype=dtype)
        return torch.linalg_vector_norm(self, 2, dim, keepdim, dtype=dtype)
    rank = self.dim()
    dims = [i for i in range(rank)]
    if dim is not None:
        dims = dim
    if len(dims) == 2:
        return torch.linalg_matrix_norm(self, ord, dims, keepdim, dtype=dtype)
    return torch.linalg_vector_norm(self, ord, dims, keepdim, dtype=dtype)


def linalg_norm__ord_str(
    self: Tensor, ord: str, dim: Optional[List[int]] = None, keepdim: bool = False, dtype: Optional[int] = None
) -> Tensor:
    dims = [-2, -1]
    if dim is not None:
        dims = dim
    return torch.linalg_matrix_norm(self, ord, dims, keepdim, dtype=dtype)


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: Optional[int] = None) -> Tensor:
    if x1.size(-1) != x2.size(-1):
        raise RuntimeError(
            "X1 and X2 must have the same number of columns. X1: {} X2: {}".format(x1.size(-1), x2.size(-1))
        )
    return torch.linalg_vector_norm(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, [-1])


def norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0) -> Tensor:
    if dim == -1:
        return torch.linalg_vector_norm(v, pow)
    kept = dim if dim >= 0 else dim + v.dim()
    dims: List[int] = []
    for i in range(v.dim()):
        if i != kept:
            dims.append(i)
    return torch.linalg_vector_norm(v, pow, dims, True) if len(dims) > 0 else torch.abs(v)


def _weight_norm(v: Tensor, g: Tensor, dim: int = 0) -> Tensor:
    return v * (g / torch.norm_except_dim(v, 2, dim))


def pdist(self: Tensor, p: float = 2.0) -> Tensor:
    pairs = torch.triu_indices(self.size(0), self.size(0), 1)
    first = torch.index_select(self, 0, pairs.select(0, 0))
    second = torch.index_select(self, 0, pairs.select(0, 1))
    return torch.linalg_vector_norm(first - second, p, [1])


def renorm(self: Tensor, p: number, dim: int, maxnorm: number) -> Tensor:
    at = dim if dim >= 0 else dim + self.dim()
    dims: List[int] = []
    for i in range(self.dim()):
        if i != at:
            dims.append(i)
    norms = torch.linalg_vector_norm(self, p, dims, True)
    return self * torch.where(norms > maxnorm, torch.reciprocal(norms + 1e-07) * maxnorm, torch.ones_like(norms))


# Integrals


def trapezoid__x(y: Tensor, x: Tensor, dim: int = -1) -> Tensor:
    if x.dim() == 1:
        if x.size(0) != y.size(dim):
            raise RuntimeError("trapezoid: There must be one `x` value for each sample point")
    return torch.sum(_trapezoids(y, x, dim), [dim])


def trapezoid__dx(y: Tensor, dx: number = 1, dim: int = -1) -> Tensor:
    return torch.sum(_pair_sums(y, dim), [dim]) * (dx / 2.0)


def trapz__x(y: Tensor, x: Tensor, dim: int = -1) -> Tensor:
    return torch.trapezoid(y, x, dim=dim)


def trapz__dx(y: Tensor, dx: float = 1.0, dim: int = -1) -> Tensor:
    return torch.trapezoid(y, dx=dx, dim=dim)


def cumulative_trapezoid__x(y: Tensor, x: Tensor, dim: int = -1) -> Tensor:
    return torch.cumsum(_trapezoids(y, x, dim), dim)


def cumulative_trapezoid__dx(y: Tensor, dx: number = 1, dim: int = -1) -> Tensor:
    return torch.cumsum(_pair_sums(y, dim), dim) * (dx / 2.0)


def _pair_sums(y: Tensor, dim: int) -> Tensor:
    return torch.slice(y, dim, 1) + torch.slice(y, dim, 0, -1)


def _trapezoids(y: Tensor, x: Tensor, dim: int) -> Tensor:
    steps = torch.diff(x, 1, dim if x.dim() == y.dim() else -1)
    if x.dim() != y.dim():
        at = dim if dim >= 0 else dim + y.dim()
        steps = steps.reshape([-1] + [1] * (y.dim() - 1 - at))
    return _pair_sums(y, dim) * steps / 2.0


# Forms under other names


def _softmax(self: Tensor, dim: int, half_to_float: bool) -> Tensor:
    return torch.softmax(self.to(6) if half_to_float else self, dim)


def _log_softmax(self: Tensor, dim: int, half_to_float: bool) -> Tensor:
    return torch.log_softmax(self.to(6) if half_to_float else self, dim)


def special_softmax(self: Tensor, dim: int, dtype: Optional[int] = None) -> Tensor:
    return torch.softmax(self, dim, dtype)


def special_log_softmax(self: Tensor, dim: int, dtype: Optional[int] = None) -> Tensor:
    return torch.log_softmax(self, dim, dtype)


def special_logsumexp(self: Tensor, dim: List[int], keepdim: bool = False) -> Tensor:
    return torch.logsumexp(self, dim, keepdim)


def _is_all_true(self: Tensor) -> Tensor:
    return torch.all(self)


def _is_any_true(self: Tensor) -> Tensor:
    return torch.any(self)
