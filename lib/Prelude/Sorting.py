# Selections by order, and counts of values, as compositions of sorting; see Elementwise.py.


def argsort(self: Tensor, dim: int = -1, descending: bool = False) -> Tensor:
    return torch.sort(self, dim, descending)[1]


def argsort__stable(self: Tensor, stable: bool, dim: int = -1, descending: bool = False) -> Tensor:
    return torch.sort(self, dim, descending)[1]


def msort(self: Tensor) -> Tensor:
    return torch.sort(self, 0)[0]


def kthvalue(self: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> Tuple[Tensor, Tensor]:
    if self.dim() > 0:
        if self.size(dim) == 0:
            at = dim if dim >= 0 else dim + self.dim()
            raise RuntimeError("kthvalue(): Expected reduction dim {} to have non-zero size.".format(at))
    if self.dim() > 0 and (k <= 0 or k > self.size(dim)):
        wrapped = dim if dim >= 0 else dim + self.dim()
        raise RuntimeError("kthvalue(): selected number k out of range for dimension {}".format(wrapped))
    values, indices = torch.topk(self, k, dim, False, True)
    if self.dim() == 0:
        return values, indices
    value = torch.select(values, dim, -1)
    index = torch.select(indices, dim, -1)
    return (value.unsqueeze(dim), index.unsqueeze(dim)) if keepdim else (value, index)


def median(self: Tensor) -> Tensor:
    if self.numel() == 0:
        return torch.full([], float("nan")).to(self.dtype)
    return torch.median(self.reshape([-1]), 0)[0]


def nanmedian(self: Tensor) -> Tensor:
    if self.numel() == 0:
        return torch.full([], float("nan")).to(self.dtype)
    return torch.nanmedian(self.reshape([-1]), 0)[0]


# The most frequent value, the smallest of several: the longest run of equal ones in order.
def mode(self: Tensor, dim: int = -1, keepdim: bool = False) -> Tuple[Tensor, Tensor]:
    if self.dim() > 0:
        if self.size(dim) == 0:
            at = dim if dim >= 0 else dim + self.dim()
            raise RuntimeError("mode(): Expected reduction dim {} to have non-zero size.".format(at))
    values, indices = torch.sort(torch.atleast_1d(self), dim)
    first = torch.ones_like(torch.slice(values, dim, 0, 1), dtype=11)
    starts = torch.cat([first, torch.slice(values, dim, 1) != torch.slice(values, dim, 0, -1)], dim)
    position = torch.cumsum(torch.ones_like(indices), dim)
    length = position - torch.cummax(torch.where(starts, position, 0), dim)[0]
    end = torch.argmax(length, dim, True)
    value = torch.gather(values, dim, end)
    index = torch.gather(indices, dim, end)
    return (value, index) if keepdim and self.dim() > 0 else (value.squeeze(dim), index.squeeze(dim))


def _quantile(
    self: Tensor, q: Tensor, dim: Optional[int], keepdim: bool, interpolation: str, skips_nan: bool
) -> Tensor:
    if self.dtype != 6 and self.dtype != 7:
        raise RuntimeError("quantile() input tensor must be either float or double dtype")
    if self.numel() == 0:
        raise RuntimeError("quantile() input tensor must be non-empty")
    rank = self.dim()
    at = 0
    x = self.reshape([-1])
    if dim is not None and rank > 0:
        at = dim if dim >= 0 else dim + rank
        x = torch.movedim(self, at, -1)
    values = torch.sort(x, -1)[0]
    last = values.size(-1) - 1
    # NaN stands at the end: it is the result, unless it does not count.
    numbers = torch.sum(values == values, [-1], True)
    position = q.reshape([-1]) * torch.clamp_min(numbers - 1, 0)
    if not skips_nan:
        position = torch.where(numbers <= last, float(last), position)
    below = torch.floor(position)
    above = torch.ceil(position)
    if interpolation == "lower":
        above = below
    elif interpolation == "higher":
        below = above
    elif interpolation == "nearest":
        below = torch.round(position)
        above = below
    weight = position - below
    if interpolation == "midpoint":
        weight = torch.full_like(position, 0.5)
    result = torch.lerp(torch.gather(values, -1, below.to(4)), torch.gather(values, -1, above.to(4)), weight)
    if q.dim() == 0:
        result = result.squeeze(-1)
    else:
        result = torch.movedim(result, -1, 0)
    if keepdim and dim is not None:
        return result.unsqueeze(at + q.dim())
    if keepdim:
        return result.reshape(q.size() + [1] * rank)
    return result


def quantile(
    self: Tensor, q: Tensor, dim: Optional[int] = None, keepdim: bool = False, interpolation: str = "linear"
) -> Tensor:
    if not bool(torch.all((q >= 0) & (q <= 1))):
        raise RuntimeError("quantile() q values must be in the range [0, 1]")
    return _quantile(self, q, dim, keepdim, interpolation, False)


def quantile__scalar(
    self: Tensor, q: float, dim: Optional[int] = None, keepdim: bool = False, interpolation: str = "linear"
) -> Tensor:
    if not (q >= 0.0 and q <= 1.0):
        raise RuntimeError("quantile() q must be in the range [0, 1] but got {}".format(q))
    return _quantile(self, torch.scalar_tensor(q, dtype=self.dtype), dim, keepdim, interpolation, False)


def nanquantile(
    self: Tensor, q: Tensor, dim: Optional[int] = None, keepdim: bool = False, interpolation: str = "linear"
) -> Tensor:
    return _quantile(self, q, dim, keepdim, interpolation, True)


def nanquantile__scalar(
    self: Tensor, q: float, dim: Optional[int] = None, keepdim: bool = False, interpolation: str = "linear"
) -> Tensor:
    return _quantile(self, torch.scalar_tensor(q, dtype=self.dtype), dim, keepdim, interpolation, True)


# Counts of values.


def bincount(self: Tensor, weights: Optional[Tensor] = None, minlength: int = 0) -> Tensor:
    if self.dim() != 1:
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    length = minlength
    if self.size(0) > 0:
        if int(torch.min(self)) < 0:
            raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
        length = max(int(torch.max(self)) + 1, minlength)
    index = self.to(4)
    if weights is not None:
        if weights.size() != self.size():
            raise RuntimeError("weights should be 1-d and have the same length as input")
        added = weights if weights.dtype == 6 else weights.to(7)
        return torch.scatter_add(torch.zeros([length], dtype=added.dtype), 0, index, added)
    return torch.scatter_add(torch.zeros([length], dtype=4), 0, index, torch.ones_like(index))


# What lies outside of the bounds is counted in one more bin, which is left out.
def histc(self: Tensor, bins: int = 100, min: number = 0, max: number = 0) -> Tensor:
    x = self.reshape([-1])
    if bins <= 0:
        raise RuntimeError("torch.histogram(): bins must be > 0, but got {} for dimension 0".format(bins))
    low = torch.scalar_tensor(min, dtype=x.dtype)
    high = torch.scalar_tensor(max, dtype=x.dtype)
    if float(low) == float(high) and x.size(0) > 0:
        low = torch.amin(x)
        high = torch.amax(x)
    if not bool(torch.isfinite(low)) or not bool(torch.isfinite(high)):
        raise RuntimeError("torch.histc: range of [{}, {}] is not finite".format(float(low), float(high)))
    if float(low) > float(high):
        raise RuntimeError("torch.histc: max must be larger than min")
    if float(low) == float(high):
        low = low - 1
        high = high + 1
    index = torch.clamp_max(torch.floor((x - low) * bins / (high - low)), bins - 1)
    index = torch.where((x >= low) & (x <= high), index, torch.full_like(index, bins)).to(4)
    return torch.scatter_add(torch.zeros([bins + 1], dtype=x.dtype), 0, index, torch.ones_like(x))[:bins]


# Distinct elements: the starts of runs of equal ones in order.


def _starts(values: Tensor) -> Tensor:
    # Where a run of equal elements starts.
    before = torch.slice(values, 0, 0, -1)
    changes = torch.slice(values, 0, 1) != before
    return torch.cat([torch.ones([1], dtype=11), changes])[: values.size(0)]


def _run_lengths(starts: Tensor) -> Tensor:
    positions = torch.nonzero(starts).select(1, 0)
    ends = torch.cat([torch.slice(positions, 0, 1), torch.full([1], starts.size(0))])[: positions.size(0)]
    return ends - positions


def _unique2(
    self: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False
) -> Tuple[Tensor, Tensor, Tensor]:
    values, order = torch.sort(self.reshape([-1]))
    starts = _starts(values)
    inverse = torch.zeros([0], dtype=4)
    if return_inverse:
        group = torch.cumsum(starts, 0) - 1
        inverse = torch.scatter(torch.zeros_like(order), 0, order, group).reshape(self.size())
    counts = torch.zeros([0], dtype=4)
    if return_counts:
        counts = _run_lengths(starts)
    return torch.masked_select(values, starts), inverse, counts


def _unique(self: Tensor, sorted: bool = True, return_inverse: bool = False) -> Tuple[Tensor, Tensor]:
    values, inverse, counts = torch._unique2(self, sorted, return_inverse)
    return values, inverse


def unique_consecutive(
    self: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: Optional[int] = None
) -> Tuple[Tensor, Tensor, Tensor]:
    inverse = torch.zeros([0], dtype=4)
    counts = torch.zeros([0], dtype=4)
    if dim is not None:
        starts = _row_starts(_as_rows(self, dim))
        if return_inverse:
            inverse = torch.cumsum(starts, 0) - 1
        if return_counts:
            counts = _run_lengths(starts)
        return torch.index_select(self, dim, torch.nonzero(starts).select(1, 0)), inverse, counts
    values = self.reshape([-1])
    starts = _starts(values)
    if return_inverse:
        inverse = (torch.cumsum(starts, 0) - 1).reshape(self.size())
    if return_counts:
        counts = _run_lengths(starts)
    return torch.masked_select(values, starts), inverse, counts


def _as_rows(self: Tensor, dim: int) -> Tensor:
    # The parts along a dim, each a row.
    return torch.movedim(self, dim, 0).reshape([self.size(dim), -1])


def _row_starts(rows: Tensor) -> Tensor:
    changes = torch.any(torch.slice(rows, 0, 1) != torch.slice(rows, 0, 0, -1), 1)
    return torch.cat([torch.ones([1], dtype=11), changes])[: rows.size(0)]


# Rows are ordered by their last column, then, in a stable order, by the one before it.
def unique_dim(
    self: Tensor, dim: int, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False
) -> Tuple[Tensor, Tensor, Tensor]:
    rows = _as_rows(self, dim)
    order = torch.arange(rows.size(0))
    for i in range(rows.size(1)):
        column = torch.index_select(rows, 0, order).select(1, rows.size(1) - 1 - i)
        order = torch.index_select(order, 0, torch.sort(column)[1])
    starts = _row_starts(torch.index_select(rows, 0, order))
    inverse = torch.zeros([0], dtype=4)
    if return_inverse:
        inverse = torch.scatter(torch.zeros_like(order), 0, order, torch.cumsum(starts, 0) - 1)
    counts = torch.zeros([0], dtype=4)
    if return_counts:
        counts = _run_lengths(starts)
    first = torch.index_select(order, 0, torch.nonzero(starts).select(1, 0))
    return torch.index_select(self, dim, first), inverse, counts


# Each position as often as is asked for: positions where the next one starts are counted up.
def repeat_interleave__Tensor(repeats: Tensor, output_size: Optional[int] = None) -> Tensor:
    ends = torch.cumsum(repeats, 0)
    total = 0
    if repeats.size(0) > 0:
        if int(torch.min(repeats)) < 0:
            raise RuntimeError("repeats can not be negative")
        total = int(ends[-1])
    marks = torch.scatter_add(torch.zeros([total + 1], dtype=4), 0, ends, torch.ones_like(ends))
    return torch.cumsum(marks[:total], 0).to(repeats.dtype)


def repeat_interleave__self_Tensor(
    self: Tensor, repeats: Tensor, dim: Optional[int] = None, output_size: Optional[int] = None
) -> Tensor:
    x = self
    at = 0
    if dim is None:
        x = self.reshape([-1])
    else:
        at = dim
    times = repeats.reshape([-1])
    if times.size(0) == 1:
        times = times.expand([x.size(at)])
    if times.size(0) != x.size(at):
        raise RuntimeError(
            "repeats must have the same size as input along dim, but got repeats.size(0) = {} and input.size({}) = {}".format(
                times.size(0), at, x.size(at)
            )
        )
    return torch.index_select(x, at, torch.repeat_interleave(times))


def combinations(self: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    if r < 0:
        raise RuntimeError("Expect a non-negative number, but got {}".format(r))
    if r == 0:
        return torch.zeros([0], dtype=self.dtype)
    places = torch.meshgrid([torch.arange(self.size(0))] * r, indexing="ij")
    grids = torch.meshgrid([self] * r, indexing="ij")
    chosen = torch.ones_like(places[0], dtype=11)
    for i in range(r - 1):
        rises = places[i] <= places[i + 1] if with_replacement else places[i] < places[i + 1]
        chosen = chosen & rises
    columns: List[Tensor] = []
    for i in range(r):
        columns.append(torch.masked_select(grids[i], chosen))
    return torch.stack(columns, 1)


def _check_triangle(row: int, col: int) -> bool:
    if row < 0:
        raise RuntimeError("row must be non-negative, got{}".format(row))
    if col < 0:
        raise RuntimeError("col must be non-negative, got{}".format(col))
    return True


def tril_indices(
    row: int,
    col: int,
    offset: int = 0,
    dtype: Optional[int] = 4,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    _check_triangle(row, col)
    below = torch.arange(row).unsqueeze(1) + offset >= torch.arange(col)
    return torch.nonzero(below).t().to(4 if dtype is None else dtype)


def triu_indices(
    row: int,
    col: int,
    offset: int = 0,
    dtype: Optional[int] = 4,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    _check_triangle(row, col)
    above = torch.arange(row).unsqueeze(1) + offset <= torch.arange(col)
    return torch.nonzero(above).t().to(4 if dtype is None else dtype)


# Euclid's algorithm, as often as the slowest element needs.
def gcd(self: Tensor, other: Tensor) -> Tensor:
    a, b = torch.broadcast_tensors([torch.abs(self), torch.abs(other)])
    while bool(torch.any(b != 0)):
        rest = torch.where(b == 0, b, torch.remainder(a, torch.where(b == 0, 1, b)))
        a = torch.where(b == 0, a, b)
        b = rest
    return a


def lcm(self: Tensor, other: Tensor) -> Tensor:
    divisor = torch.gcd(self, other)
    quotient = torch.div(self, torch.where(divisor == 0, 1, divisor), rounding_mode="trunc")
    return torch.abs(quotient * other)


# Lists of objects, which strings stand for here: `<` is the objects' `__lt__`. A merge sort from below, which is stable.
def _sort_objects(self: List[str], reverse: bool) -> None:
    count = len(self)
    items = self
    width = 1
    while width < count:
        merged: List[str] = []
        start = 0
        while start < count:
            middle = min(start + width, count)
            end = min(middle + width, count)
            left, right = start, middle
            while left < middle or right < end:
                takes_right = left >= middle
                if left < middle and right < end:
                    takes_right = items[left] < items[right] if reverse else items[right] < items[left]
                if takes_right:
                    merged.append(items[right])
                    right += 1
                else:
                    merged.append(items[left])
                    left += 1
            start = end
        items = merged
        width *= 2
    for i in range(count):
        self[i] = items[i]


def sort__any(self: List[str], reverse: bool = False) -> None:
    _sort_objects(self, reverse)


def sorted__any(self: List[str]) -> List[str]:
    items = self.copy()
    _sort_objects(items, False)
    return items
