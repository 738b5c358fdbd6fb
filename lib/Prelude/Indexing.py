# Gathers and scatters by index as compositions of core operators; see Elementwise.py.


def _index_like(index: Tensor, tensor: Tensor, dim: int) -> Tensor:
    # The index of a dim for every element of a tensor.
    shape = [1] * tensor.dim()
    shape[dim] = -1
    return index.reshape(shape).expand(tensor.size())


def _from_front(index: Tensor, size: int) -> Tensor:
    return torch.where(index < 0, index + size, index)


def _check_flat(index: Tensor, count: int) -> bool:
    wrong = (index < -count) | (index >= count)
    if bool(torch.any(wrong)):
        first = int(torch.argmax(wrong.reshape([-1]).to(4)))
        raise RuntimeError(
            "out of range: tried to access index {} on a tensor of {} elements.".format(
                int(index.reshape([-1])[first]), count
            )
        )
    return True


def take(self: Tensor, index: Tensor) -> Tensor:
    _check_flat(index, self.numel())
    return torch.index(self.reshape([-1]), [index])


def put(self: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    if source.numel() != index.numel():
        raise RuntimeError(
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = {}, "
            "index.numel() = {}".format(source.numel(), index.numel())
        )
    _check_flat(index, self.numel())
    flat = torch.index_put(self.reshape([-1]), [index.reshape([-1])], source.reshape([-1]), accumulate)
    return flat.reshape(self.size())


def index_add(self: Tensor, dim: int, index: Tensor, source: Tensor, alpha: number = 1) -> Tensor:
    target = torch.atleast_1d(self)
    added = torch.atleast_1d(source) * alpha
    if index.numel() != added.size(dim):
        raise RuntimeError(
            "index_add_(): Number of indices ({}) should be equal to source.size(dim): ({}), for dim: {}".format(
                index.numel(), added.size(dim), dim
            )
        )
    for i in range(target.dim()):
        if i != dim and i != dim + target.dim() and target.size(i) != added.size(i):
            raise RuntimeError(
                "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
                "{} source.shape = {}".format(self.size(), source.size())
            )
    return torch.scatter_add(target, dim, _index_like(index, added, dim), added).reshape(self.size())


def index_copy(self: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    target = torch.atleast_1d(self)
    copied = torch.atleast_1d(source)
    own: List[int] = []
    given: List[int] = []
    differ = False
    for i in range(target.dim()):
        if i != dim and i != dim + target.dim():
            own.append(target.size(i))
            given.append(copied.size(i))
            differ = differ or target.size(i) != copied.size(i)
    if differ:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: {} at "
            "dimension {} and source slice shape: {} at dimension {}.".format(
                " ".join([str(n) for n in own]), dim, " ".join([str(n) for n in given]), dim
            )
        )
    if index.numel() != copied.size(dim):
        raise RuntimeError(
            "index_copy_(): Number of indices ({}) should be equal to source.size(dim) ({})".format(
                index.numel(), copied.size(dim)
            )
        )
    return torch.scatter(target, dim, _index_like(index, copied, dim), copied).reshape(self.size())


def _check_positions(index: Tensor, dim: int, size: int) -> bool:
    wrong = (index < -size) | (index >= size)
    if bool(torch.any(wrong)):
        if size == 0:
            raise RuntimeError("index is out of bounds for dimension with size 0")
        first = int(torch.argmax(wrong.reshape([-1]).to(4)))
        raise RuntimeError(
            "index {} is out of bounds for dimension {} with size {}".format(int(index.reshape([-1])[first]), dim, size)
        )
    return True


def index_fill__int_Scalar(self: Tensor, dim: int, index: Tensor, value: number) -> Tensor:
    target = torch.atleast_1d(self)
    shape = target.size()
    shape[dim] = index.numel()
    at = [1] * target.dim()
    at[dim] = -1
    _check_positions(index, dim, target.size(dim))
    positions = _from_front(index, target.size(dim)).reshape(at).expand(shape)
    return torch.scatter(target, dim, positions, value).reshape(self.size())


def index_fill__int_Tensor(self: Tensor, dim: int, index: Tensor, value: Tensor) -> Tensor:
    target = torch.atleast_1d(self)
    shape = target.size()
    shape[dim] = index.numel()
    at = [1] * target.dim()
    at[dim] = -1
    _check_positions(index, dim, target.size(dim))
    positions = _from_front(index, target.size(dim)).reshape(at).expand(shape)
    return torch.scatter(target, dim, positions, value.to(self.dtype).expand(shape)).reshape(self.size())


def _unsafe_index__Tensor(self: Tensor, indices: List[Optional[Tensor]]) -> Tensor:
    return torch.index(self, indices)


def _unsafe_index_put(
    self: Tensor, indices: List[Optional[Tensor]], values: Tensor, accumulate: bool = False
) -> Tensor:
    return torch.index_put(self, indices, values, accumulate)


# The elements of the source in order, one for each that the mask has.
def masked_scatter(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    chosen, target = torch.broadcast_tensors([mask, self])
    if int(torch.sum(chosen)) > source.numel():
        raise RuntimeError("Number of elements of source < number of ones in mask")
    order = torch.cumsum(chosen.reshape([-1]), 0) - 1
    values = torch.index_select(source.reshape([-1]), 0, torch.clamp_min(order, 0)).reshape(target.size())
    return torch.where(chosen, values, target)


def one_hot(self: Tensor, num_classes: int = -1) -> Tensor:
    if self.dtype != 4:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    classes = num_classes
    if self.numel() == 0:
        if classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
    else:
        if int(torch.min(self)) < 0:
            raise RuntimeError("Class values must be non-negative.")
        largest = int(torch.max(self))
        if classes == -1:
            classes = largest + 1
        elif classes <= largest:
            raise RuntimeError("Class values must be smaller than num_classes.")
    return (self.unsqueeze(-1) == torch.arange(classes)).to(4)


# Sums, means or maxima of rows of a table, bag by bag.
def _sum_bags(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    mode: int,
    per_sample_weights: Optional[Tensor],
    include_last_offset: bool,
    padding_idx: int,
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    starts = offsets[:-1] if include_last_offset else offsets
    bags = starts.size(0)
    position = torch.arange(indices.size(0))
    bag = torch.sum(position.unsqueeze(1) >= starts, [1]) - 1
    kept = indices != padding_idx
    if offsets.numel() > 0:
        if int(offsets[0]) != 0:
            raise RuntimeError(
                "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
                "However, got {}".format(int(offsets[0]))
            )
        if int(offsets[-1]) > indices.numel():
            raise RuntimeError(
                "offsets[-1] can not be greater than input's length {} but got offsets[-1] of {}".format(
                    indices.numel(), int(offsets[-1])
                )
            )
    rows = torch.index_select(weight, 0, indices)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.unsqueeze(1)
    size = torch.scatter_add(torch.zeros([bags], dtype=4), 0, bag, kept.to(4))
    largest = torch.zeros([bags], dtype=4)
    if mode == 2:
        rows = torch.where(kept.unsqueeze(1), rows, torch.full_like(rows, float("-inf")))
        empty = torch.full([bags, weight.size(1)], float("-inf"), dtype=rows.dtype)
        at = bag.unsqueeze(1).expand(rows.size())
        output = torch.scatter_reduce(empty, 0, at, rows, "amax")
        output = torch.where((size == 0).unsqueeze(1), torch.zeros_like(output), output)
    else:
        rows = torch.where(kept.unsqueeze(1), rows, torch.zeros_like(rows))
        output = torch.index_add(torch.zeros([bags, weight.size(1)], dtype=rows.dtype), 0, bag, rows)
        if mode == 1:
            output = output / torch.clamp_min(size, 1).unsqueeze(1)
    return output, bag, size, largest


def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Optional[Tensor] = None,
    include_last_offset: bool = False,
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    return _sum_bags(weight, indices, offsets, mode, per_sample_weights, include_last_offset, -1)


def embedding_bag__padding_idx(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: bool,
    mode: int,
    sparse: bool,
    per_sample_weights: Optional[Tensor],
    include_last_offset: bool,
    padding_idx: Optional[int],
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    padding = -1
    if padding_idx is not None:
        padding = padding_idx if padding_idx >= 0 else padding_idx + weight.size(0)
    return _sum_bags(weight, indices, offsets, mode, per_sample_weights, include_last_offset, padding)


# Where a value would stand in a sorted sequence: the number of elements before it. NaN comes last.
def searchsorted__Tensor(
    sorted_sequence: Tensor,
    self: Tensor,
    out_int32: bool = False,
    right: bool = False,
    side: Optional[str] = None,
    sorter: Optional[Tensor] = None,
) -> Tensor:
    sequence = sorted_sequence
    fits = sequence.dim() == 1 or sequence.dim() == self.dim()
    if fits and sequence.dim() > 1:
        for i in range(self.dim() - 1):
            fits = fits and self.size(i) == sequence.size(i)
    if not fits:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
            "tensor and input value tensor must match, but we got boundaries tensor {} and input value tensor {}".format(
                sequence.size(), self.size()
            )
        )
    if sorter is not None:
        if sorter.size() != sequence.size():
            raise RuntimeError(
                "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor {}and got "
                "sorter tensor {}".format(sequence.size(), sorter.size())
            )
        sequence = torch.gather(sequence, -1, sorter)
    after = right
    if side is not None:
        after = side == "right"
    if sequence.dim() > 1:
        sequence = sequence.unsqueeze(-2)
    value = self.unsqueeze(-1)
    before = torch.logical_not(sequence > value) if after else torch.logical_not(sequence >= value)
    return torch.sum(before, [-1], dtype=3 if out_int32 else 4)


def searchsorted__Scalar(
    sorted_sequence: Tensor,
    self: number,
    out_int32: bool = False,
    right: bool = False,
    side: Optional[str] = None,
    sorter: Optional[Tensor] = None,
) -> Tensor:
    value = torch.scalar_tensor(self, dtype=sorted_sequence.dtype)
    return torch.searchsorted(sorted_sequence, value, out_int32=out_int32, right=right, side=side, sorter=sorter)


def bucketize__Tensor(self: Tensor, boundaries: Tensor, out_int32: bool = False, right: bool = False) -> Tensor:
    if boundaries.dim() != 1:
        raise RuntimeError("boundaries tensor must be 1 dimension, but got dim({})".format(boundaries.dim()))
    return torch.searchsorted(boundaries, self, out_int32=out_int32, right=right)


def bucketize__Scalar(self: number, boundaries: Tensor, out_int32: bool = False, right: bool = False) -> Tensor:
    if boundaries.dim() != 1:
        raise RuntimeError("boundaries tensor must be 1 dimension, but got dim({})".format(boundaries.dim()))
    return torch.searchsorted(boundaries, self, out_int32=out_int32, right=right)


# Sliding windows of images as columns: each offset in the window is one strided part of the padded image.


def _pair(list: List[int]) -> str:
    return "({}, {})".format(list[0], list[1])


def _check_windows(kernel_size: List[int], dilation: List[int], padding: List[int], stride: List[int]) -> bool:
    if kernel_size[0] <= 0 or kernel_size[1] <= 0:
        raise RuntimeError(
            "kernel size should be greater than zero, but got kernel_height: {} kernel_width: {}".format(
                kernel_size[0], kernel_size[1]
            )
        )
    if dilation[0] <= 0 or dilation[1] <= 0:
        raise RuntimeError(
            "dilation should be greater than zero, but got dilation_height: {} dilation_width: {}".format(
                dilation[0], dilation[1]
            )
        )
    if padding[0] < 0 or padding[1] < 0:
        raise RuntimeError(
            "padding should be non-negative, but got pad_height: {} pad_width: {}".format(padding[0], padding[1])
        )
    if stride[0] <= 0 or stride[1] <= 0:
        raise RuntimeError(
            "stride should be greater than zero, but got stride_height: {} stride_width: {}".format(
                stride[0], stride[1]
            )
        )
    return True


# The windows of the last two dims of four, as dims of their own behind these.
def _sliding(x: Tensor, kernel_size: List[int], dilation: List[int], stride: List[int]) -> Tensor:
    for i in range(2):
        x = x.unfold(2 + i, dilation[i] * (kernel_size[i] - 1) + 1, stride[i])
        x = torch.slice(x, 4 + i, None, None, dilation[i])
    return x


def im2col(self: Tensor, kernel_size: List[int], dilation: List[int], padding: List[int], stride: List[int]) -> Tensor:
    _check_windows(kernel_size, dilation, padding, stride)
    blocks = [
        (self.size(i - 2) + 2 * padding[i] - dilation[i] * (kernel_size[i] - 1) - 1) // stride[i] + 1 for i in range(2)
    ]
    if blocks[0] < 1 or blocks[1] < 1:
        raise RuntimeError(
            "Given input with spatial size {}, kernel_size={}, dilation={}, padding={}, calculated shape of the array "
            "of sliding blocks as {}, but its components must be at least one.".format(
                _pair([self.size(-2), self.size(-1)]),
                _pair(kernel_size),
                _pair(dilation),
                _pair(padding),
                _pair(blocks),
            )
        )
    x = self if self.dim() == 4 else self.unsqueeze(0)
    x = torch.constant_pad_nd(x, [padding[1], padding[1], padding[0], padding[0]], 0)
    windows = _sliding(x, kernel_size, dilation, stride).permute([0, 1, 4, 5, 2, 3])
    result = windows.reshape(
        [x.size(0), x.size(1) * kernel_size[0] * kernel_size[1], windows.size(4) * windows.size(5)]
    )
    return result if self.dim() == 4 else result.squeeze(0)


def col2im(
    self: Tensor,
    output_size: List[int],
    kernel_size: List[int],
    dilation: List[int],
    padding: List[int],
    stride: List[int],
) -> Tensor:
    _check_windows(kernel_size, dilation, padding, stride)
    x = self if self.dim() == 3 else self.unsqueeze(0)
    height = output_size[0] + 2 * padding[0]
    width = output_size[1] + 2 * padding[1]
    rows = (height - dilation[0] * (kernel_size[0] - 1) - 1) // stride[0] + 1
    columns = (width - dilation[1] * (kernel_size[1] - 1) - 1) // stride[1] + 1
    count = kernel_size[0] * kernel_size[1]
    if x.size(1) % count != 0:
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            "input.size(1)={} and kernel_size={}.".format(x.size(1), _pair(kernel_size))
        )
    if x.size(2) != rows * columns or rows < 1 or columns < 1:
        raise RuntimeError(
            "Given output_size={}, kernel_size={}, dilation={}, padding={}, stride={}, expected size of input's "
            "dimension 2 to match the calculated number of sliding blocks {} * {} = {}, but got input.size(2)={}.".format(
                _pair(output_size),
                _pair(kernel_size),
                _pair(dilation),
                _pair(padding),
                _pair(stride),
                rows,
                columns,
                rows * columns,
                x.size(2),
            )
        )
    channels = x.size(1) // count
    # Where the elements of each window lie in the image.
    positions = torch.arange(height * width).reshape([1, 1, height, width])
    index = _sliding(positions, kernel_size, dilation, stride).permute([0, 1, 4, 5, 2, 3]).reshape([1, 1, -1])
    parts = x.reshape([x.size(0), channels, index.size(2)])
    image = torch.zeros([x.size(0), channels, height * width], dtype=x.dtype)
    image = torch.scatter_add(image, 2, index.expand(parts.size()), parts)
    image = image.reshape([x.size(0), channels, height, width])
    image = torch.slice(image, 2, padding[0], padding[0] + output_size[0])
    image = torch.slice(image, 3, padding[1], padding[1] + output_size[1])
    return image if self.dim() == 3 else image.squeeze(0)


def fill__Scalar(self: Tensor, value: number) -> Tensor:
    return torch.full_like(self, value)


def fill__Tensor(self: Tensor, value: Tensor) -> Tensor:
    return value.to(self.dtype).expand(self.size()).clone()


def _reduction_name(reduce: str) -> str:
    name = reduce
    if reduce == "add":
        name = "sum"
    elif reduce == "multiply":
        name = "prod"
    return name


def scatter__reduce(self: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str) -> Tensor:
    return torch.scatter_reduce(self, dim, index, src, _reduction_name(reduce))


def scatter__value_reduce(self: Tensor, dim: int, index: Tensor, value: number, reduce: str) -> Tensor:
    source = torch.full_like(index, value, dtype=self.dtype)
    return torch.scatter_reduce(self, dim, index, source, _reduction_name(reduce))


def index_reduce(
    self: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, include_self: bool = True
) -> Tensor:
    if index.numel() != source.size(dim):
        raise RuntimeError(
            "index_reduce_(): Number of indices ({}) should be equal to self.size(dim): ({}), for dim: {}".format(
                index.numel(), source.size(dim), dim
            )
        )
    positions = _index_like(index, source, dim)
    return torch.scatter_reduce(self, dim, positions, source, reduce, include_self=include_self)
