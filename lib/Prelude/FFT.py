# Discrete Fourier transforms as compositions of the three core ones, `_fft_c2c`, `_fft_r2c` and `_fft_c2r`; see
# Elementwise.py. Those divide the results by nothing, by the root of the number of points or by the number: 0, 1 and 2.


def _fft_norm(norm: Optional[str], forward: bool) -> int:
    if norm is None or norm == "backward":
        return 0 if forward else 2
    if norm == "forward":
        return 2 if forward else 0
    if norm != "ortho":
        raise RuntimeError('Invalid normalization mode: "{}"'.format(norm))
    return 1


def _fft_promoted(x: Tensor, to_complex: bool) -> Tensor:
    if x.is_complex():
        return x
    y = x if x.is_floating_point() else x.to(6)
    if y.dtype != 6 and y.dtype != 7:
        raise RuntimeError("Unsupported dtype {}".format(_dtype_name(y.dtype)))
    return y.to(9 if y.dtype == 6 else 10) if to_complex else y


def _fft_dim(x: Tensor, dim: int) -> int:
    rank = x.dim()
    if rank == 0:
        raise RuntimeError("Dimension specified as {} but tensor has no dimensions".format(dim))
    if dim < -rank or dim >= rank:
        raise RuntimeError(
            "Dimension out of range (expected to be in range of [{}, {}], but got {})".format(-rank, rank - 1, dim)
        )
    return _wrap(dim, rank)


def _fft_check_points(n: int) -> int:
    if n < 1:
        raise RuntimeError("Invalid number of data points ({}) specified".format(n))
    return n


# The first n elements along a dim, with zeros behind those that there are.
def _fft_resized(x: Tensor, dim: int, n: int) -> Tensor:
    size = x.size(dim)
    if size == n:
        return x
    if size < n:
        x = torch.constant_pad_nd(x, [0, 0] * (x.dim() - 1 - dim) + [0, n - size], 0)
    return torch.narrow(x, dim, 0, n)


# A dim that only run time knows is found among all that there are.
def _fft_c2c_along(x: Tensor, n: Optional[int], dim: int, norm: Optional[str], forward: bool) -> Tensor:
    at = _fft_dim(x, dim)
    y = x
    for i in range(x.dim()):
        if i == at:
            points = _fft_check_points(x.size(i) if n is None else n)
            y = torch._fft_c2c(_fft_resized(x, i, points), [i], _fft_norm(norm, forward), forward)
    return y


def _fft_r2c_along(
    name: str, x: Tensor, n: Optional[int], dim: int, norm: Optional[str], forward: bool, onesided: bool
) -> Tensor:
    if x.is_complex():
        raise RuntimeError("{} expects a real input tensor, but got {}".format(name, _dtype_name(x.dtype)))
    x = _fft_promoted(x, False)
    at = _fft_dim(x, dim)
    y = _fft_promoted(x, True)
    for i in range(x.dim()):
        if i == at:
            points = _fft_check_points(x.size(i) if n is None else n)
            y = torch._fft_r2c(_fft_resized(x, i, points), [i], _fft_norm(norm, forward), onesided)
    return y if forward else y.conj()


def _fft_c2r_along(x: Tensor, n: Optional[int], dim: int, norm: Optional[str], forward: bool) -> Tensor:
    x = _fft_promoted(x, True)
    at = _fft_dim(x, dim)
    y = x.real
    for i in range(x.dim()):
        if i == at:
            points = _fft_check_points(2 * (x.size(i) - 1) if n is None else n)
            if n is not None:
                x = _fft_resized(x, i, points // 2 + 1)
            y = torch._fft_c2r(x.conj() if forward else x, [i], _fft_norm(norm, forward), points)
    return y


def fft_fft(self: Tensor, n: Optional[int] = None, dim: int = -1, norm: Optional[str] = None) -> Tensor:
    if self.is_complex():
        return _fft_c2c_along(self, n, dim, norm, True)
    return _fft_r2c_along("fft", self, n, dim, norm, True, False)


def fft_ifft(self: Tensor, n: Optional[int] = None, dim: int = -1, norm: Optional[str] = None) -> Tensor:
    if self.is_complex():
        return _fft_c2c_along(self, n, dim, norm, False)
    return _fft_r2c_along("ifft", self, n, dim, norm, False, False)


def fft_rfft(self: Tensor, n: Optional[int] = None, dim: int = -1, norm: Optional[str] = None) -> Tensor:
    return _fft_r2c_along("rfft", self, n, dim, norm, True, True)


def fft_irfft(self: Tensor, n: Optional[int] = None, dim: int = -1, norm: Optional[str] = None) -> Tensor:
    return _fft_c2r_along(self, n, dim, norm, False)


def fft_hfft(self: Tensor, n: Optional[int] = None, dim: int = -1, norm: Optional[str] = None) -> Tensor:
    return _fft_c2r_along(self, n, dim, norm, True)


def fft_ihfft(self: Tensor, n: Optional[int] = None, dim: int = -1, norm: Optional[str] = None) -> Tensor:
    return _fft_r2c_along("ihfft", self, n, dim, norm, False, True)


# Along several dims.


def _fft_dims(x: Tensor, s: Optional[List[int]], dim: Optional[List[int]]) -> List[int]:
    dims: List[int] = []
    if dim is not None:
        for d in dim:
            at = _fft_dim(x, d)
            if at in dims:
                raise RuntimeError("FFT dims must be unique")
            dims.append(at)
        if s is not None and len(s) != len(dim):
            raise RuntimeError("When given, dim and shape arguments must have the same length")
        return dims
    rank = x.dim()
    count = rank if s is None else len(s)
    if count > rank:
        raise RuntimeError("Got shape with {} values but input tensor only has {} dimensions.".format(count, rank))
    for i in range(rank - count, rank):
        dims.append(i)
    return dims


def _fft_sizes(x: Tensor, s: Optional[List[int]], dims: List[int]) -> List[int]:
    sizes: List[int] = []
    if s is None:
        for dim in dims:
            sizes.append(_fft_check_points(x.size(dim)))
    else:
        for i in range(len(s)):
            sizes.append(_fft_check_points(x.size(dims[i]) if s[i] == -1 else s[i]))
    return sizes


def _fft_all_resized(x: Tensor, dims: List[int], sizes: List[int]) -> Tensor:
    for i in range(len(dims)):
        x = _fft_resized(x, dims[i], sizes[i])
    return x


def _fft_check_dims(name: str, dims: List[int]) -> int:
    if len(dims) == 0:
        raise RuntimeError("{} must transform at least one axis".format(name))
    return len(dims)


def _fft_c2c_all(
    x: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str], forward: bool
) -> Tensor:
    dims = _fft_dims(x, s, dim)
    sizes = _fft_sizes(x, s, dims)
    x = _fft_all_resized(_fft_promoted(x, True), dims, sizes)
    return torch._fft_c2c(x, dims, _fft_norm(norm, forward), forward)


# The sizes of what is transformed to real numbers, with the number of these in place of the last.
def _fft_c2r_sizes(name: str, x: Tensor, s: Optional[List[int]], dims: List[int]) -> List[int]:
    sizes = _fft_sizes(x, s, dims)
    last = _fft_check_dims(name, dims) - 1
    is_default = s is None
    if s is not None:
        is_default = s[last] == -1
    if is_default:
        sizes[last] = 2 * (x.size(dims[last]) - 1)
    _fft_check_points(sizes[last])
    return sizes


def _fft_c2r_resized(x: Tensor, dims: List[int], sizes: List[int]) -> Tensor:
    x = _fft_all_resized(_fft_promoted(x, True), dims[:-1], sizes[:-1])
    return _fft_resized(x, dims[-1], sizes[-1] // 2 + 1)


def fft_fftn(
    self: Tensor, s: Optional[List[int]] = None, dim: Optional[List[int]] = None, norm: Optional[str] = None
) -> Tensor:
    return _fft_c2c_all(self, s, dim, norm, True)


def fft_ifftn(
    self: Tensor, s: Optional[List[int]] = None, dim: Optional[List[int]] = None, norm: Optional[str] = None
) -> Tensor:
    return _fft_c2c_all(self, s, dim, norm, False)


def fft_rfftn(
    self: Tensor, s: Optional[List[int]] = None, dim: Optional[List[int]] = None, norm: Optional[str] = None
) -> Tensor:
    if self.is_complex():
        raise RuntimeError("rfftn expects a real-valued input tensor, but got {}".format(_dtype_name(self.dtype)))
    dims = _fft_dims(self, s, dim)
    sizes = _fft_sizes(self, s, dims)
    _fft_check_dims("rfftn", dims)
    x = _fft_all_resized(_fft_promoted(self, False), dims, sizes)
    return torch._fft_r2c(x, dims, _fft_norm(norm, True), True)


def fft_irfftn(
    self: Tensor, s: Optional[List[int]] = None, dim: Optional[List[int]] = None, norm: Optional[str] = None
) -> Tensor:
    dims = _fft_dims(self, s, dim)
    sizes = _fft_c2r_sizes("irfftn", self, s, dims)
    x = _fft_c2r_resized(self, dims, sizes)
    return torch._fft_c2r(x, dims, _fft_norm(norm, False), sizes[-1])


def fft_hfftn(
    self: Tensor, s: Optional[List[int]] = None, dim: Optional[List[int]] = None, norm: Optional[str] = None
) -> Tensor:
    dims = _fft_dims(self, s, dim)
    sizes = _fft_c2r_sizes("hfftn", self, s, dims)
    x = _fft_c2r_resized(self, dims, sizes)
    mode = _fft_norm(norm, True)
    x = torch._fft_c2c(x, dims[:-1], mode, True)
    return torch._fft_c2r(x.conj(), dims[-1:], mode, sizes[-1])


def fft_ihfftn(
    self: Tensor, s: Optional[List[int]] = None, dim: Optional[List[int]] = None, norm: Optional[str] = None
) -> Tensor:
    dims = _fft_dims(self, s, dim)
    sizes = _fft_sizes(self, s, dims)
    _fft_check_dims("ihfftn", dims)
    x = _fft_all_resized(_fft_promoted(self, False), dims, sizes)
    mode = _fft_norm(norm, False)
    x = torch._fft_r2c(x, dims[-1:], mode, True)
    return torch._fft_c2c(x.conj(), dims[:-1], mode, False)


def fft_fft2(
    self: Tensor, s: Optional[List[int]] = None, dim: List[int] = [-2, -1], norm: Optional[str] = None
) -> Tensor:
    return torch.fft_fftn(self, s, dim, norm)


def fft_ifft2(
    self: Tensor, s: Optional[List[int]] = None, dim: List[int] = [-2, -1], norm: Optional[str] = None
) -> Tensor:
    return torch.fft_ifftn(self, s, dim, norm)


def fft_rfft2(
    self: Tensor, s: Optional[List[int]] = None, dim: List[int] = [-2, -1], norm: Optional[str] = None
) -> Tensor:
    return torch.fft_rfftn(self, s, dim, norm)


def fft_irfft2(
    self: Tensor, s: Optional[List[int]] = None, dim: List[int] = [-2, -1], norm: Optional[str] = None
) -> Tensor:
    return torch.fft_irfftn(self, s, dim, norm)


def fft_hfft2(
    self: Tensor, s: Optional[List[int]] = None, dim: List[int] = [-2, -1], norm: Optional[str] = None
) -> Tensor:
    return torch.fft_hfftn(self, s, dim, norm)


def fft_ihfft2(
    self: Tensor, s: Optional[List[int]] = None, dim: List[int] = [-2, -1], norm: Optional[str] = None
) -> Tensor:
    return torch.fft_ihfftn(self, s, dim, norm)


# Frequencies, and their order.


def _fft_scaled(name: str, counts: Tensor, n: int, d: float) -> Tensor:
    if not counts.is_floating_point():
        raise RuntimeError("{} requires a floating point or complex dtype".format(name))
    width = float(n) * d
    return counts * (float("inf") if width == 0.0 else 1.0 / width)


def fft_fftfreq(
    n: int,
    d: float = 1.0,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    if n < 0:
        raise RuntimeError("Trying to create tensor with negative dimension {}: [{}]".format(n, n))
    kind = 6 if dtype is None else dtype
    counts = torch.cat([torch.arange(0, (n + 1) // 2, dtype=kind), torch.arange(-(n // 2), 0, dtype=kind)])
    return _fft_scaled("fftfreq", counts, n, d)


def fft_rfftfreq(
    n: int,
    d: float = 1.0,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    if n < 0:
        raise RuntimeError("Trying to create tensor with negative dimension {}: [{}]".format(n, n))
    return _fft_scaled("rfftfreq", torch.arange(n // 2 + 1, dtype=6 if dtype is None else dtype), n, d)


def _fft_rolled(x: Tensor, dim: Optional[List[int]], is_back: bool) -> Tensor:
    dims: List[int] = []
    if dim is None:
        for i in range(x.dim()):
            dims.append(i)
    else:
        for d in dim:
            dims.append(_fft_dim(x, d))
    if len(dims) == 0:
        raise RuntimeError("`shifts` required")
    shifts: List[int] = []
    for d in dims:
        shifts.append((x.size(d) + 1) // 2 if is_back else x.size(d) // 2)
    return torch.roll(x, shifts, dims)


def fft_fftshift(self: Tensor, dim: Optional[List[int]] = None) -> Tensor:
    return _fft_rolled(self, dim, False)


def fft_ifftshift(self: Tensor, dim: Optional[List[int]] = None) -> Tensor:
    return _fft_rolled(self, dim, True)
