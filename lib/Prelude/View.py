# Rearrangements as compositions of core views; see Elementwise.py.


def pixel_shuffle(self: Tensor, upscale_factor: int) -> Tensor:
    r = upscale_factor
    if r <= 0:
        raise RuntimeError("pixel_shuffle expects a positive upscale_factor, but got {}".format(r))
    if self.size(-3) % (r * r) != 0:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            "but input.size(-3)={} is not divisible by {}".format(self.size(-3), r * r)
        )
    c = self.size(-3) // (r * r)
    h = self.size(-2)
    w = self.size(-1)
    lead = self.size()[:-3]
    n = len(lead)
    order = [i for i in range(n)] + [n, n + 3, n + 1, n + 4, n + 2]
    return self.reshape(lead + [c, r, r, h, w]).permute(order).reshape(lead + [c, h * r, w * r])


def pixel_unshuffle(self: Tensor, downscale_factor: int) -> Tensor:
    r = downscale_factor
    if r <= 0:
        raise RuntimeError("pixel_unshuffle expects a positive downscale_factor, but got {}".format(r))
    for dim in [-2, -1]:
        if self.size(dim) % r != 0:
            name = "height" if dim == -2 else "width"
            raise RuntimeError(
                "pixel_unshuffle expects {} to be divisible by downscale_factor, but input.size({})={} is not "
                "divisible by {}".format(name, dim, self.size(dim), r)
            )
    c = self.size(-3)
    h = self.size(-2) // r
    w = self.size(-1) // r
    lead = self.size()[:-3]
    n = len(lead)
    order = [i for i in range(n)] + [n, n + 2, n + 4, n + 1, n + 3]
    return self.reshape(lead + [c, h, r, w, r]).permute(order).reshape(lead + [c * r * r, h, w])


def channel_shuffle(self: Tensor, groups: int) -> Tensor:
    shape = self.size()
    if groups <= 0:
        raise RuntimeError("Number of groups to divide channels in must be positive. Value of groups:{}".format(groups))
    if shape[1] % groups != 0:
        raise RuntimeError(
            "Number of channels must be divisible by groups. Got {} channels and {} groups.".format(shape[1], groups)
        )
    x = self.reshape([shape[0], groups, shape[1] // groups] + shape[2:])
    return x.transpose(1, 2).reshape(shape)


def tile(self: Tensor, dims: List[int]) -> Tensor:
    missing = self.dim() - len(dims)
    if missing > 0:
        return self.repeat([1] * missing + dims)
    return self.repeat(dims)


def fliplr(self: Tensor) -> Tensor:
    return torch.flip(self, [1])


def flipud(self: Tensor) -> Tensor:
    return torch.flip(self, [0])


def diff(
    self: Tensor, n: int = 1, dim: int = -1, prepend: Optional[Tensor] = None, append: Optional[Tensor] = None
) -> Tensor:
    if n < 0:
        raise RuntimeError("order must be non-negative but got {}".format(n))
    x = self
    if prepend is not None:
        x = torch.cat([prepend, x], dim)
    if append is not None:
        x = torch.cat([x, append], dim)
    for i in range(n):
        size = x.size(dim)
        length = max(size - 1, 0)
        x = torch.narrow(x, dim, size - length, length) - torch.narrow(x, dim, 0, length)
    return x


# Views and copies under other names


def broadcast_to(self: Tensor, size: List[int]) -> Tensor:
    return self.expand(size)


# Calls of these are the operators `wick::memory` and `wick::memory_offset`: all elements of the memory that a tensor is a view
# of, or its own where it is not known of which it is, and where in them it begins.
def _memory(self: Tensor) -> Tensor:
    return self.view([-1])


def _memory_offset(self: Tensor) -> int:
    return self.storage_offset()


# As windows of the tensor's memory, and in each of them windows for the next dim, of steps that are the strides.
def as_strided(self: Tensor, size: List[int], stride: List[int], storage_offset: Optional[int] = None) -> Tensor:
    memory = _memory(self)
    offset = _memory_offset(self)
    if storage_offset is not None:
        offset = storage_offset + offset - self.storage_offset()
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    extent = 1
    is_empty = False
    for i in range(len(size)):
        if stride[i] < 0:
            raise RuntimeError(
                "as_strided: Negative strides are not supported at the moment, got strides: {}".format(stride)
            )
    for i in range(len(size)):
        if size[i] < 0:
            raise RuntimeError("Storage size calculation overflowed with sizes={} and strides={}".format(size, stride))
        is_empty = is_empty or size[i] == 0
        extent = extent + (size[i] - 1) * stride[i]
    if offset < 0:
        raise RuntimeError("Tensor: invalid storage offset {}".format(offset))
    if is_empty:
        return memory.narrow(0, 0, 0).view(size)
    if offset + extent > memory.numel():
        raise RuntimeError(
            "setStorage: sizes {}, strides {}, storage offset {}, and itemsize {} requiring a storage size of {} are out of "
            "bounds for storage of size {}".format(
                size,
                stride,
                offset,
                self.element_size(),
                (offset + extent) * self.element_size(),
                memory.numel() * self.element_size(),
            )
        )
    x = memory.narrow(0, offset, extent)
    for i in range(len(size)):
        extent = extent - (size[i] - 1) * stride[i]
        if stride[i] == 0:
            x = x.unsqueeze(i).expand(size[: i + 1] + [extent])
        else:
            x = x.unfold(i, extent, stride[i])
    return x.select(len(size), 0)


def as_strided_copy(self: Tensor, size: List[int], stride: List[int], storage_offset: Optional[int] = None) -> Tensor:
    return torch.as_strided(self, size, stride, storage_offset).clone()


def ravel(self: Tensor) -> Tensor:
    return self.reshape([-1])


def _reshape_copy(self: Tensor, size: List[int]) -> Tensor:
    return self.reshape(size).clone()


def adjoint(self: Tensor) -> Tensor:
    return torch.conj(self.transpose(-2, -1))


def matrix_H(self: Tensor) -> Tensor:
    return torch.conj(self.transpose(-2, -1) if self.dim() > 0 else self)


def mH(self: Tensor) -> Tensor:
    return torch.conj(self.transpose(-2, -1))


def expand_copy(self: Tensor, size: List[int], implicit: bool = False) -> Tensor:
    return self.expand(size).clone()


def permute_copy(self: Tensor, dims: List[int]) -> Tensor:
    return self.permute(dims).clone()


def t_copy(self: Tensor) -> Tensor:
    return self.t().clone()


def view_copy(self: Tensor, size: List[int]) -> Tensor:
    return self.view(size).clone()


def detach_copy(self: Tensor) -> Tensor:
    return self.clone()


def alias_copy(self: Tensor) -> Tensor:
    return self.clone()


def lift_fresh_copy(self: Tensor) -> Tensor:
    return self.clone()


def squeeze_copy(self: Tensor) -> Tensor:
    return self.squeeze().clone()


def squeeze_copy__dim(self: Tensor, dim: int) -> Tensor:
    return self.squeeze(dim).clone()


def unsqueeze_copy(self: Tensor, dim: int) -> Tensor:
    return self.unsqueeze(dim).clone()


def transpose_copy__int(self: Tensor, dim0: int, dim1: int) -> Tensor:
    return self.transpose(dim0, dim1).clone()


def select_copy__int(self: Tensor, dim: int, index: int) -> Tensor:
    return self.select(dim, index).clone()


def slice_copy__Tensor(
    self: Tensor, dim: int = 0, start: Optional[int] = None, end: Optional[int] = None, step: int = 1
) -> Tensor:
    return torch.slice(self, dim, start, end, step).clone()


def narrow_copy(self: Tensor, dim: int, start: int, length: int) -> Tensor:
    return self.narrow(dim, start, length).clone()


def diagonal_copy(self: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    return self.diagonal(offset, dim1, dim2).clone()


def unfold_copy(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    return self.unfold(dimension, size, step).clone()


def native_channel_shuffle(self: Tensor, groups: int) -> Tensor:
    return torch.channel_shuffle(self, groups)


# Ranks


def atleast_1d(self: Tensor) -> Tensor:
    return self.reshape([1]) if self.dim() == 0 else self


def atleast_2d(self: Tensor) -> Tensor:
    if self.dim() == 0:
        return self.reshape([1, 1])
    return self.unsqueeze(0) if self.dim() == 1 else self


def atleast_3d(self: Tensor) -> Tensor:
    if self.dim() == 0:
        return self.reshape([1, 1, 1])
    if self.dim() == 1:
        return self.unsqueeze(0).unsqueeze(-1)
    return self.unsqueeze(-1) if self.dim() == 2 else self


def atleast_1d__Sequence(tensors: List[Tensor]) -> List[Tensor]:
    return [torch.atleast_1d(x) for x in tensors]


def atleast_2d__Sequence(tensors: List[Tensor]) -> List[Tensor]:
    return [torch.atleast_2d(x) for x in tensors]


def atleast_3d__Sequence(tensors: List[Tensor]) -> List[Tensor]:
    return [torch.atleast_3d(x) for x in tensors]


def hstack(tensors: List[Tensor]) -> Tensor:
    parts = [torch.atleast_1d(x) for x in tensors]
    return torch.cat(parts, 0 if parts[0].dim() == 1 else 1)


def vstack(tensors: List[Tensor]) -> Tensor:
    return torch.cat([torch.atleast_2d(x) for x in tensors], 0)


def row_stack(tensors: List[Tensor]) -> Tensor:
    return torch.vstack(tensors)


def dstack(tensors: List[Tensor]) -> Tensor:
    return torch.cat([torch.atleast_3d(x) for x in tensors], 2)


def _as_column(x: Tensor) -> Tensor:
    return x.reshape([-1, 1]) if x.dim() <= 1 else x


def column_stack(tensors: List[Tensor]) -> Tensor:
    return torch.cat([_as_column(x) for x in tensors], 1)


# Broadcasts


def broadcast_tensors(tensors: List[Tensor]) -> List[Tensor]:
    # Only the shape of this is used.
    joined = tensors[0] == tensors[0]
    for i in range(1, len(tensors)):
        joined = joined & (tensors[i] == tensors[i])
    return [x.expand_as(joined) for x in tensors]


def sum_to_size(self: Tensor, size: List[int]) -> Tensor:
    lead = self.dim() - len(size)
    dims = [i for i in range(lead)]
    for i in range(len(size)):
        if size[i] != 1 and size[i] != self.size(lead + i):
            raise RuntimeError("size {" + str(size) + "} is not expandable to size {" + str(self.size()) + "}.")
        if size[i] == 1 and self.size(lead + i) != 1:
            dims.append(lead + i)
    x = self
    if len(dims) > 0:
        x = torch.sum(self, dims, True)
    return x.reshape(size)


def meshgrid__indexing(tensors: List[Tensor], indexing: str) -> List[Tensor]:
    for x in tensors:
        if x.dim() > 1:
            raise RuntimeError("torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {}".format(x))
    for x in tensors:
        if x.dtype != tensors[0].dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    swaps = indexing == "xy" and len(tensors) > 1
    sizes = [x.numel() for x in tensors]
    order = [i for i in range(len(tensors))]
    if swaps:
        sizes[0], sizes[1] = sizes[1], sizes[0]
        order[0], order[1] = 1, 0
    grids: List[Tensor] = []
    for i in range(len(tensors)):
        shape = [1] * len(tensors)
        shape[order[i]] = tensors[i].numel()
        grids.append(tensors[i].reshape(shape).expand(sizes))
    return grids


def meshgrid(tensors: List[Tensor]) -> List[Tensor]:
    return torch.meshgrid(tensors, indexing="ij")


def cartesian_prod(tensors: List[Tensor]) -> Tensor:
    for x in tensors:
        if x.dim() != 1:
            raise RuntimeError("Expect a 1D vector, but got shape {}".format(x.size()))
    if len(tensors) == 1:
        return tensors[0]
    return torch.stack([x.reshape([-1]) for x in torch.meshgrid(tensors, indexing="ij")], 1)


def block_diag(tensors: List[Tensor]) -> Tensor:
    matrices = [torch.atleast_2d(x) for x in tensors]
    columns = 0
    for x in matrices:
        columns += x.size(1)
    rows: List[Tensor] = []
    before = 0
    for x in matrices:
        rows.append(torch.constant_pad_nd(x, [before, columns - before - x.size(1), 0, 0], 0))
        before += x.size(1)
    return torch.cat(rows, 0)


def repeat_interleave__self_int(
    self: Tensor, repeats: int, dim: Optional[int] = None, output_size: Optional[int] = None
) -> Tensor:
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    x = self
    at = 0
    if dim is None:
        x = self.reshape([-1])
    else:
        at = dim if dim >= 0 else dim + self.dim()
    shape = x.size()
    wide = x.unsqueeze(at + 1).expand(shape[: at + 1] + [repeats] + shape[at + 1 :])
    return wide.reshape(shape[:at] + [shape[at] * repeats] + shape[at + 1 :])


def rot90(self: Tensor, k: int = 1, dims: List[int] = [0, 1]) -> Tensor:
    if dims[0] == dims[1]:
        raise RuntimeError(
            "expected rotation dims to be different, but got dim0 = {} and dim1 = {}".format(dims[0], dims[1])
        )
    turns = k % 4
    if turns == 1:
        return torch.flip(self, [dims[1]]).transpose(dims[0], dims[1])
    if turns == 2:
        return torch.flip(self, dims)
    if turns == 3:
        return torch.flip(self, [dims[0]]).transpose(dims[0], dims[1])
    return self.clone()


# Parts


def tensor_split__sections(self: Tensor, sections: int, dim: int = 0) -> List[Tensor]:
    if sections <= 0:
        raise RuntimeError("number of sections must be larger than 0, got {}".format(sections))
    size = self.size(dim)
    length = size // sections
    longer = size % sections
    parts: List[Tensor] = []
    start = 0
    for i in range(sections):
        count = length + 1 if i < longer else length
        parts.append(torch.slice(self, dim, start, start + count))
        start += count
    return parts


def tensor_split__indices(self: Tensor, indices: List[int], dim: int = 0) -> List[Tensor]:
    parts: List[Tensor] = []
    start = 0
    for end in indices:
        parts.append(torch.slice(self, dim, start, end))
        start = end
    parts.append(torch.slice(self, dim, start))
    return parts


def _check_sections(self: Tensor, name: str, dim: int, sections: int) -> bool:
    if sections == 0 or self.size(dim) % sections != 0:
        raise RuntimeError(
            "torch.{} attempted to split along dimension {}, but the size of the dimension {} is not divisible by the "
            "split_size {}!".format(name, dim, self.size(dim), sections)
        )
    return True


def hsplit__int(self: Tensor, sections: int) -> List[Tensor]:
    dim = 0 if self.dim() == 1 else 1
    _check_sections(self, "hsplit", dim, sections)
    return torch.tensor_split(self, sections, dim)


def hsplit__array(self: Tensor, indices: List[int]) -> List[Tensor]:
    return torch.tensor_split(self, indices, 0 if self.dim() == 1 else 1)


def vsplit__int(self: Tensor, sections: int) -> List[Tensor]:
    _check_sections(self, "vsplit", 0, sections)
    return torch.tensor_split(self, sections, 0)


def vsplit__array(self: Tensor, indices: List[int]) -> List[Tensor]:
    return torch.tensor_split(self, indices, 0)


def dsplit__int(self: Tensor, sections: int) -> List[Tensor]:
    _check_sections(self, "dsplit", 2, sections)
    return torch.tensor_split(self, sections, 2)


def dsplit__array(self: Tensor, indices: List[int]) -> List[Tensor]:
    return torch.tensor_split(self, indices, 2)


# Windows of a dim as a new last dim: a view where they are parts of equal stretches, a copy where they overlap.
def _infer_size(a: List[int], b: List[int]) -> List[int]:
    n = max(len(a), len(b))
    out: List[int] = []
    for i in range(n):
        x = a[i - n] if n - i <= len(a) else 1
        y = b[i - n] if n - i <= len(b) else 1
        assert x == y or x == 1 or y == 1, (
            "The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}".format(
                x, y, i
            )
        )
        out.append(y if x == 1 else x)
    return out
