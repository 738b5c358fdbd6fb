# Resampling of images and volumes as compositions of core operators; see Elementwise.py.


def _read(flat: Tensor, size: List[int], at: List[Tensor], zeros_outside: bool) -> Tensor:
    # The elements of [batch, channels, positions] at coordinates [batch, points] of each dim, limited to the image.
    index = torch.zeros_like(at[0])
    inside = torch.ones_like(at[0], dtype=11)
    for i in range(len(size)):
        index = index * size[i] + torch.clamp(at[i], 0, size[i] - 1)
        inside = inside & (at[i] >= 0) & (at[i] <= size[i] - 1)
    shape = [flat.size(0), flat.size(1), index.size(1)]
    value = torch.gather(flat, 2, index.unsqueeze(1).expand(shape))
    return torch.where(inside.unsqueeze(1), value, torch.zeros_like(value)) if zeros_outside else value


def _reflect(x: Tensor, low: float, high: float) -> Tensor:
    # Back and forth between the bounds.
    span = high - low
    if span <= 0.0:
        return torch.zeros_like(x)
    distance = torch.abs(x - low)
    rest = torch.fmod(distance, span)
    turns = torch.floor(distance / span)
    return torch.where(torch.fmod(turns, 2.0) == 0, rest + low, high - rest)


def _padded_position(x: Tensor, size: int, padding_mode: int, align_corners: bool) -> Tensor:
    if padding_mode == 0:
        return x
    if padding_mode == 2:
        x = _reflect(x, 0.0, float(size - 1)) if align_corners else _reflect(x, -0.5, float(size) - 0.5)
    return torch.clamp(x, 0, size - 1)


def _grid_position(x: Tensor, size: int, align_corners: bool) -> Tensor:
    # From [-1, 1] to elements.
    return (x + 1) * (float(size - 1) / 2) if align_corners else ((x + 1) * float(size) - 1) / 2


def _cubic_weights(t: Tensor) -> List[Tensor]:
    # Of the elements around a position between two of them, at distance t from the first.
    a = -0.75
    near = 1 - t
    far = t + 1
    farther = near + 1
    return [
        ((a * far - 5 * a) * far + 8 * a) * far - 4 * a,
        ((a + 2) * t - (a + 3)) * t * t + 1,
        ((a + 2) * near - (a + 3)) * near * near + 1,
        ((a * farther - 5 * a) * farther + 8 * a) * farther - 4 * a,
    ]


def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    rank = input.dim() - 2
    if input.size(0) != grid.size(0):
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with sizes {} and grid "
            "with sizes {}".format(input.size(), grid.size())
        )
    if grid.size(-1) != rank:
        raise RuntimeError(
            "grid_sampler(): expected grid to have size {} in last dimension, but got grid with sizes {}".format(
                rank, grid.size()
            )
        )
    for i in range(2, input.dim()):
        if input.size(i) == 0:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes {} with "
                "dimension {} being empty".format(input.size(), i)
            )
    size = input.size()[2:]
    out = grid.size()[1:-1]
    flat = torch.flatten(input, 2)
    points = torch.flatten(grid, 1, -2)
    # The last dim comes first in the grid.
    places = [_grid_position(points.select(2, rank - 1 - i), size[i], align_corners) for i in range(rank)]
    if interpolation_mode != 2:
        places = [_padded_position(places[i], size[i], padding_mode, align_corners) for i in range(rank)]
    if interpolation_mode == 1:
        result = _read(flat, size, [torch.round(x).to(4) for x in places], padding_mode == 0)
        return result.reshape([input.size(0), input.size(1)] + out)
    floors = [torch.floor(x) for x in places]
    rests = [places[i] - floors[i] for i in range(rank)]
    result = torch.zeros([input.size(0), input.size(1), points.size(1)], dtype=input.dtype)
    if interpolation_mode == 0:
        for corner in range(1 << rank):
            at: List[Tensor] = []
            weight = torch.ones_like(places[0])
            for i in range(rank):
                upper = (corner >> i) & 1
                at.append((floors[i] + upper).to(4))
                weight = weight * (rests[i] if upper == 1 else 1 - rests[i])
            result = result + _read(flat, size, at, padding_mode == 0) * weight.unsqueeze(1)
    else:
        row_weights = _cubic_weights(rests[0])
        column_weights = _cubic_weights(rests[1])
        for i in range(4):
            row = _padded_position(floors[0] + (i - 1), size[0], padding_mode, align_corners).to(4)
            for j in range(4):
                column = _padded_position(floors[1] + (j - 1), size[1], padding_mode, align_corners).to(4)
                weight = row_weights[i] * column_weights[j]
                result = result + _read(flat, size, [row, column], padding_mode == 0) * weight.unsqueeze(1)
    return result.reshape([input.size(0), input.size(1)] + out)


def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    return torch.grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners)


def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    return torch.grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners)


def _base_positions(size: int, align_corners: bool, dtype: int) -> Tensor:
    steps = torch.linspace(-1, 1, size, dtype=dtype)
    if size <= 1:
        return torch.zeros_like(steps)
    return steps if align_corners else steps * (float(size - 1) / float(size))


def affine_grid_generator(theta: Tensor, size: List[int], align_corners: bool) -> Tensor:
    rank = len(size) - 2
    if theta.size(0) != size[0]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: [{}, {}] but got: [{}, {}].".format(
                size[0], rank + 1, theta.size(0), rank + 1
            )
        )
    out = size[2:]
    # Rows of theta are the coordinates of the result, columns those of the grid and the offset.
    total = theta.select(2, rank).reshape([theta.size(0)] + [1] * rank + [rank])
    for i in range(rank):
        shape = [1] * (rank + 2)
        shape[1 + i] = out[i]
        base = _base_positions(out[i], align_corners, theta.dtype).reshape(shape)
        column = theta.select(2, rank - 1 - i).reshape([theta.size(0)] + [1] * rank + [rank])
        total = total + base * column
    return total


# Upsampling takes each spatial dim on its own.


def _source_step(size: int, out: int, scale: Optional[float], align_corners: bool) -> float:
    if align_corners:
        return float(size - 1) / float(out - 1) if out > 1 else 0.0
    step = float(size) / float(out)
    if scale is not None:
        if scale > 0.0:
            step = 1.0 / scale
    return step


def _source_positions(size: int, out: int, scale: Optional[float], align_corners: bool, dtype: int) -> Tensor:
    position = torch.arange(out, dtype=dtype)
    step = _source_step(size, out, scale, align_corners)
    return position * step if align_corners else (position + 0.5) * step - 0.5


def _along(weight: Tensor, x: Tensor, dim: int) -> Tensor:
    shape = [1] * x.dim()
    shape[dim] = -1
    return weight.reshape(shape)


def _check_space(input: Tensor, size: List[int]) -> bool:
    # LibTorch names the dims of space.
    before = input.size()[2:]
    count = input.dim() - 2
    wrong = False
    for i in range(count):
        wrong = wrong or before[i] <= 0 or size[i] <= 0
    if wrong:
        names = ["D", "H", "W"]
        own = ""
        asked = ""
        for i in range(count):
            name = names[3 - count + i]
            comma = "" if i == 0 else ", "
            own = own + comma + name + ": " + str(before[i])
            asked = asked + comma + name + ": " + str(size[i])
        joint = ") and output (" if count == 1 else ") output ("
        raise RuntimeError(
            "Input and output sizes should be greater than 0, but got input (" + own + joint + asked + ")"
        )
    return True


def _linear_along(x: Tensor, dim: int, out: int, scale: Optional[float], align_corners: bool) -> Tensor:
    size = x.size(dim)
    position = torch.clamp_min(_source_positions(size, out, scale, align_corners, x.dtype), 0)
    low = torch.clamp_max(torch.floor(position).to(4), size - 1)
    high = torch.clamp_max(low + 1, size - 1)
    weight = _along(position - low.to(x.dtype), x, dim)
    return torch.index_select(x, dim, low) * (1 - weight) + torch.index_select(x, dim, high) * weight


def _cubic_along(x: Tensor, dim: int, out: int, scale: Optional[float], align_corners: bool) -> Tensor:
    size = x.size(dim)
    position = _source_positions(size, out, scale, align_corners, x.dtype)
    low = torch.floor(position)
    weights = _cubic_weights(position - low)
    result = torch.zeros_like(torch.index_select(x, dim, torch.zeros([out], dtype=4)))
    for i in range(4):
        at = torch.clamp(low.to(4) + (i - 1), 0, size - 1)
        result = result + torch.index_select(x, dim, at) * _along(weights[i], x, dim)
    return result


# Antialiasing, and images of bytes, are means over windows of elements: for each element of the result a column of the
# elements of its window, of those that count, and of their weights, each [window, out].


def _check_resizable(input: Tensor, kernel: str, takes_half: bool) -> bool:
    is_float = input.is_floating_point() and (takes_half or input.dtype == 6 or input.dtype == 7)
    if not is_float and input.dtype != 0:
        raise RuntimeError("\"{}\" not implemented for '{}'".format(kernel, _dtype_name(input.dtype)))
    return True


# A triangle or, with a = -0.5, the cubic of Keys around each result's centre, as wide as the step of a reduction.
def _smooth_windows(
    size: int, out: int, scale: Optional[float], align_corners: bool, is_cubic: bool, dtype: int
) -> Tuple[Tensor, Tensor, Tensor]:
    step = _source_step(size, out, scale, align_corners)
    reach = (2.0 if is_cubic else 1.0) * max(step, 1.0)
    center = (torch.arange(out, dtype=dtype) + 0.5) * step
    first = torch.clamp_min((center - reach + 0.5).to(4), 0)
    end = torch.clamp_max((center + reach + 0.5).to(4), size)
    at = first + torch.arange(min(2 * int(reach) + 3, size)).unsqueeze(1)
    counts = at < end
    t = torch.abs((at.to(dtype) - center + 0.5) * (1.0 / max(step, 1.0)))
    if is_cubic:
        a = -0.5
        near = ((a + 2) * t - (a + 3)) * t * t + 1
        far = (((t - 5) * t + 8) * t - 4) * a
        weight = torch.where(t < 1, near, torch.where(t < 2, far, torch.zeros_like(t)))
    else:
        weight = torch.clamp_min(1 - t, 0)
    weight = torch.where(counts, weight, torch.zeros_like(weight))
    total = weight.sum([0], True)
    return torch.clamp_max(at, size - 1), counts, weight / torch.where(total != 0, total, torch.ones_like(total))


# Weights of elements from `first` behind those at `low` on; their sum counts where several are of one element of the edge.
def _clamped_windows(low: Tensor, weights: List[Tensor], first: int, size: int) -> Tuple[Tensor, Tensor, Tensor]:
    weight = torch.stack(weights)
    n = len(weights)
    at = torch.clamp(low.to(4) + torch.arange(first, first + n).unsqueeze(1), 0, size - 1)
    is_same = at.unsqueeze(0) == at.unsqueeze(1)
    is_again = (is_same & torch.ones([n, n], dtype=11).tril(-1).unsqueeze(2)).any(1)
    return at, ~is_again, (is_same.to(7) * weight).sum(1)


# The weights of `_cubic_along`, and of `_linear_along`.
def _windows_of_bytes(
    size: int, out: int, scale: Optional[float], align_corners: bool, is_cubic: bool
) -> Tuple[Tensor, Tensor, Tensor]:
    position = _source_positions(size, out, scale, align_corners, 7)
    low = torch.floor(position)
    share = position - low
    if is_cubic:
        return _clamped_windows(low, _cubic_weights(share), -1, size)
    return _clamped_windows(low, [1 - share, share], 0, size)


def _mean_along(x: Tensor, dim: int, at: Tensor, counts: Tensor, weight: Tensor) -> Tensor:
    # What does not count may be infinite.
    if dim == 2:
        values = x[:, :, at]
        counts = counts.unsqueeze(2)
        weight = weight.unsqueeze(2)
    else:
        values = x[:, :, :, at]
    return torch.where(counts, values * weight, torch.zeros_like(values)).sum(dim)


# The weights of bytes are integers of 16 bits with as many places after the point as fit.
def _mean_of_bytes(x: Tensor, dim: int, at: Tensor, counts: Tensor, weight: Tensor) -> Tensor:
    powers = torch.pow(2.0, torch.arange(1, 23, dtype=7))
    one = torch.pow(2.0, (torch.floor(weight.max() * powers + 0.5) < 32768).sum().to(7))
    weight = weight * one
    weight = torch.trunc(torch.where(weight < 0, weight - 0.5, weight + 0.5))
    total = _mean_along(x.to(7), dim, at, counts, weight)
    return torch.clamp(torch.floor(total / one + 0.5), 0, 255).to(0)


def _upsample_smooth(
    input: Tensor, size: List[int], align_corners: bool, scales: List[Optional[float]], is_cubic: bool
) -> Tensor:
    _check_space(input, size)
    _check_resizable(input, "compute_index_ranges_weights", False)
    x = input.clone()
    for dim in [3, 2]:
        out = size[dim - 2]
        if x.size(dim) != out:
            dtype = 7 if x.dtype == 0 else x.dtype
            at, counts, weight = _smooth_windows(x.size(dim), out, scales[dim - 2], align_corners, is_cubic, dtype)
            if x.dtype == 0:
                x = _mean_of_bytes(x, dim, at, counts, weight)
            else:
                x = _mean_along(x, dim, at, counts, weight)
    return x


def _upsample_bytes(
    input: Tensor, size: List[int], align_corners: bool, scales: List[Optional[float]], is_cubic: bool
) -> Tensor:
    x = input.clone()
    for dim in [3, 2]:
        out = size[dim - 2]
        if x.size(dim) != out:
            at, counts, weight = _windows_of_bytes(x.size(dim), out, scales[dim - 2], align_corners, is_cubic)
            x = _mean_of_bytes(x, dim, at, counts, weight)
    return x


def _upsample_cubic(input: Tensor, size: List[int], align_corners: bool, scales: List[Optional[float]]) -> Tensor:
    _check_space(input, size)
    _check_resizable(input, "compute_indices_weights_cubic", True)
    if input.dtype == 0:
        return _upsample_bytes(input, size, align_corners, scales, True)
    x = _cubic_along(input, 2, size[0], scales[0], align_corners)
    return _cubic_along(x, 3, size[1], scales[1], align_corners)


def _nearest_exact_along(x: Tensor, dim: int, out: int, scale: Optional[float]) -> Tensor:
    size = x.size(dim)
    step = _source_step(size, out, scale, False)
    position = torch.floor((torch.arange(out, dtype=6) + 0.5) * step).to(4)
    return torch.index_select(x, dim, torch.clamp_max(position, size - 1))


def _upsampled_size(input: Tensor, output_size: Optional[List[int]], scales: Optional[List[float]]) -> List[int]:
    if output_size is not None:
        return output_size
    assert scales is not None, "upsampling needs a size or scales"
    return [int(float(input.size(i + 2)) * scales[i]) for i in range(input.dim() - 2)]


def _scale_of(scales: Optional[List[float]], i: int) -> Optional[float]:
    scale: Optional[float] = None
    if scales is not None:
        scale = scales[i]
    return scale


def _upsample_linear(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    size = _upsampled_size(input, output_size, scale_factors)
    _check_space(input, size)
    x = input
    for i in range(input.dim() - 2):
        x = _linear_along(x, i + 2, size[i], _scale_of(scale_factors, i), align_corners)
    return x


def _upsample_nearest_exact(
    input: Tensor, output_size: Optional[List[int]], scale_factors: Optional[List[float]]
) -> Tensor:
    size = _upsampled_size(input, output_size, scale_factors)
    _check_space(input, size)
    x = input
    for i in range(input.dim() - 2):
        x = _nearest_exact_along(x, i + 2, size[i], _scale_of(scale_factors, i))
    return x


def upsample_linear1d__vec(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    return _upsample_linear(input, output_size, align_corners, scale_factors)


def upsample_linear1d(
    self: Tensor, output_size: List[int], align_corners: bool, scales: Optional[float] = None
) -> Tensor:
    _check_space(self, output_size)
    return _linear_along(self, 2, output_size[0], scales, align_corners)


def upsample_bilinear2d(
    self: Tensor,
    output_size: List[int],
    align_corners: bool,
    scales_h: Optional[float] = None,
    scales_w: Optional[float] = None,
) -> Tensor:
    _check_space(self, output_size)
    if self.dtype == 0:
        return _upsample_bytes(self, output_size, align_corners, [scales_h, scales_w], False)
    x = _linear_along(self, 2, output_size[0], scales_h, align_corners)
    return _linear_along(x, 3, output_size[1], scales_w, align_corners)


# Of floats an op of the core.
def upsample_bilinear2d__vec(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    if input.dtype == 0:
        size = _upsampled_size(input, output_size, scale_factors)
        _check_space(input, size)
        scales = [_scale_of(scale_factors, 0), _scale_of(scale_factors, 1)]
        return _upsample_bytes(input, size, align_corners, scales, False)
    return torch.upsample_bilinear2d(input, output_size, align_corners, scale_factors)


def upsample_trilinear3d__vec(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    return _upsample_linear(input, output_size, align_corners, scale_factors)


def upsample_trilinear3d(
    self: Tensor,
    output_size: List[int],
    align_corners: bool,
    scales_d: Optional[float] = None,
    scales_h: Optional[float] = None,
    scales_w: Optional[float] = None,
) -> Tensor:
    _check_space(self, output_size)
    x = _linear_along(self, 2, output_size[0], scales_d, align_corners)
    x = _linear_along(x, 3, output_size[1], scales_h, align_corners)
    return _linear_along(x, 4, output_size[2], scales_w, align_corners)


def upsample_bicubic2d__vec(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    size = _upsampled_size(input, output_size, scale_factors)
    scales = [_scale_of(scale_factors, 0), _scale_of(scale_factors, 1)]
    return _upsample_cubic(input, size, align_corners, scales)


def upsample_bicubic2d(
    self: Tensor,
    output_size: List[int],
    align_corners: bool,
    scales_h: Optional[float] = None,
    scales_w: Optional[float] = None,
) -> Tensor:
    return _upsample_cubic(self, output_size, align_corners, [scales_h, scales_w])


def _upsample_bilinear2d_aa__vec(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    size = _upsampled_size(input, output_size, scale_factors)
    scales = [_scale_of(scale_factors, 0), _scale_of(scale_factors, 1)]
    return _upsample_smooth(input, size, align_corners, scales, False)


def _upsample_bilinear2d_aa(
    self: Tensor,
    output_size: List[int],
    align_corners: bool,
    scales_h: Optional[float] = None,
    scales_w: Optional[float] = None,
) -> Tensor:
    return _upsample_smooth(self, output_size, align_corners, [scales_h, scales_w], False)


def _upsample_bicubic2d_aa__vec(
    input: Tensor, output_size: Optional[List[int]], align_corners: bool, scale_factors: Optional[List[float]]
) -> Tensor:
    size = _upsampled_size(input, output_size, scale_factors)
    scales = [_scale_of(scale_factors, 0), _scale_of(scale_factors, 1)]
    return _upsample_smooth(input, size, align_corners, scales, True)


def _upsample_bicubic2d_aa(
    self: Tensor,
    output_size: List[int],
    align_corners: bool,
    scales_h: Optional[float] = None,
    scales_w: Optional[float] = None,
) -> Tensor:
    return _upsample_smooth(self, output_size, align_corners, [scales_h, scales_w], True)


def _upsample_nearest_exact1d__vec(
    input: Tensor, output_size: Optional[List[int]], scale_factors: Optional[List[float]]
) -> Tensor:
    return _upsample_nearest_exact(input, output_size, scale_factors)


def _upsample_nearest_exact2d__vec(
    input: Tensor, output_size: Optional[List[int]], scale_factors: Optional[List[float]]
) -> Tensor:
    return _upsample_nearest_exact(input, output_size, scale_factors)


def _upsample_nearest_exact3d__vec(
    input: Tensor, output_size: Optional[List[int]], scale_factors: Optional[List[float]]
) -> Tensor:
    return _upsample_nearest_exact(input, output_size, scale_factors)


def _upsample_nearest_exact1d(self: Tensor, output_size: List[int], scales: Optional[float] = None) -> Tensor:
    _check_space(self, output_size)
    return _nearest_exact_along(self, 2, output_size[0], scales)


def _upsample_nearest_exact2d(
    self: Tensor, output_size: List[int], scales_h: Optional[float] = None, scales_w: Optional[float] = None
) -> Tensor:
    _check_space(self, output_size)
    x = _nearest_exact_along(self, 2, output_size[0], scales_h)
    return _nearest_exact_along(x, 3, output_size[1], scales_w)


def upsample_nearest1d(self: Tensor, output_size: List[int], scales: Optional[float] = None) -> Tensor:
    factors: Optional[List[float]] = None
    if scales is not None:
        factors = [scales]
    return torch.upsample_nearest1d(self, output_size, factors)


def upsample_nearest2d(
    self: Tensor, output_size: List[int], scales_h: Optional[float] = None, scales_w: Optional[float] = None
) -> Tensor:
    factors: Optional[List[float]] = None
    if scales_h is not None and scales_w is not None:
        factors = [scales_h, scales_w]
    return torch.upsample_nearest2d(self, output_size, factors)


def upsample_nearest3d(
    self: Tensor,
    output_size: List[int],
    scales_d: Optional[float] = None,
    scales_h: Optional[float] = None,
    scales_w: Optional[float] = None,
) -> Tensor:
    factors: Optional[List[float]] = None
    if scales_d is not None and scales_h is not None and scales_w is not None:
        factors = [scales_d, scales_h, scales_w]
    return torch.upsample_nearest3d(self, output_size, factors)


# Values back at the positions that max_pool2d took them from.
def max_unpool2d(self: Tensor, indices: Tensor, output_size: List[int]) -> Tensor:
    lead = self.size()[:-2]
    flat = torch.zeros(lead + [output_size[0] * output_size[1]], dtype=self.dtype)
    return torch.scatter(flat, -1, indices.flatten(-2), self.flatten(-2)).reshape(lead + output_size)
