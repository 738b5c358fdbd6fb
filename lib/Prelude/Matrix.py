# Diagonals, triangles and products of matrices as compositions of core operators; see Elementwise.py.


def _diagonal_size(rows: int, columns: int, offset: int) -> int:
    size = min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns)
    return max(size, 0)


def _wrap(dim: int, rank: int) -> int:
    return dim if dim >= 0 else dim + rank


def _other_dims(rank: int, dims: List[int]) -> List[int]:
    others: List[int] = []
    for i in range(rank):
        if i not in dims:
            others.append(i)
    return others


def _diagonal_last(self: Tensor, dim1: int, dim2: int) -> Tensor:
    # The matrices in the last two dims.
    first = _wrap(dim1, self.dim())
    second = _wrap(dim2, self.dim())
    return self.permute(_other_dims(self.dim(), [first, second]) + [first, second])


# In a matrix laid out in rows the elements of a diagonal are one row and one column apart.
def diagonal(self: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    n = self.dim()
    for dim in [dim1, dim2]:
        if dim < -n or dim >= n:
            raise RuntimeError(
                "Dimension out of range (expected to be in range of [{}, {}], but got {})".format(-n, n - 1, dim)
            )
    if (dim1 - dim2) % n == 0:
        raise RuntimeError("diagonal dimensions cannot be identical {}, {}".format(dim1, dim2))
    x = _diagonal_last(self, dim1, dim2)
    rows = x.size(-2)
    columns = x.size(-1)
    count = _diagonal_size(rows, columns, offset)
    start = offset if offset >= 0 else -offset * columns
    # As a view whatever the strides are, so that writes to the diagonal reach the tensor.
    flat = torch._unsafe_view(x, x.size()[:-2] + [rows * columns])
    return torch.slice(flat, -1, start, start + count * (columns + 1), columns + 1)


def linalg_diagonal(A: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    return torch.diagonal(A, offset, dim1, dim2)


def _is_on_diagonal(rows: int, columns: int, offset: int) -> Tensor:
    return torch.arange(rows).unsqueeze(1) + offset == torch.arange(columns)


# In place only. The elements of a diagonal are one place apart in every dim; with `wrap` that of a matrix which is taller
# than wide begins again below an empty row.
def fill_diagonal(self: Tensor, fill_value: number, wrap: bool = False) -> Tensor:
    if self.dim() < 2:
        raise RuntimeError("dimensions must larger than 1")
    rows = self.size(0)
    if self.dim() == 2:
        columns = self.size(1)
        if wrap:
            places = torch.arange(rows).unsqueeze(1) * columns + torch.arange(columns)
            return self.masked_fill(places % (columns + 1) == 0, fill_value)
        return self.masked_fill(_is_on_diagonal(rows, columns, 0), fill_value)
    place = torch.arange(rows)
    chosen = torch.ones([rows], dtype=11)
    for i in range(1, self.dim()):
        if self.size(i) != rows:
            raise RuntimeError("all dimensions of input must be of equal length")
        chosen = chosen.unsqueeze(-1) & (place.reshape([-1] + [1] * i) == place)
    return self.masked_fill(chosen, fill_value)


def diag_embed(self: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    rank = self.dim() + 1
    first = _wrap(dim1, rank)
    second = _wrap(dim2, rank)
    above = max(offset, 0)
    below = max(-offset, 0)
    # Element i stands at row i + below; every column holds the elements, and what is off the diagonal is cleared.
    padded = torch.constant_pad_nd(self, [below, above], 0).unsqueeze(-1)
    size = self.size(-1) + above + below
    matrix = torch.where(_is_on_diagonal(size, size, offset), padded, torch.zeros_like(padded))
    order: List[int] = []
    lead = 0
    for i in range(rank):
        if i == first:
            order.append(rank - 2)
        elif i == second:
            order.append(rank - 1)
        else:
            order.append(lead)
            lead += 1
    return matrix.permute(order)


def diag(self: Tensor, diagonal: int = 0) -> Tensor:
    return torch.diag_embed(self, diagonal) if self.dim() == 1 else torch.diagonal(self, diagonal).clone()


def diagflat(self: Tensor, offset: int = 0) -> Tensor:
    return torch.diag_embed(self.reshape([-1]), offset)


def trace(self: Tensor) -> Tensor:
    return torch.sum(torch.diagonal(self))


def kron(self: Tensor, other: Tensor) -> Tensor:
    rank = max(self.dim(), other.dim())
    a = [1] * (rank - self.dim()) + self.size()
    b = [1] * (rank - other.dim()) + other.size()
    a_shape: List[int] = []
    b_shape: List[int] = []
    size: List[int] = []
    for i in range(rank):
        a_shape += [a[i], 1]
        b_shape += [1, b[i]]
        size.append(a[i] * b[i])
    return (self.reshape(a_shape) * other.reshape(b_shape)).reshape(size)


def vdot(self: Tensor, other: Tensor) -> Tensor:
    return torch.dot(self, other)


def linalg_vecdot(x: Tensor, y: Tensor, dim: int = -1) -> Tensor:
    return torch.sum(x * y, [dim])


def linalg_matmul(self: Tensor, other: Tensor) -> Tensor:
    return torch.matmul(self, other)


def linalg_cross(self: Tensor, other: Tensor, dim: int = -1) -> Tensor:
    if self.size(dim) != 3 or other.size(dim) != 3:
        raise RuntimeError(
            "linalg.cross: inputs dimension {} must have length 3. Got {} and {}".format(
                dim, self.size(dim), other.size(dim)
            )
        )
    a, b = torch.broadcast_tensors([self, other])
    ahead = [1, 2, 0]
    behind = [2, 0, 1]
    a_ahead = torch.stack([a.select(dim, i) for i in ahead], dim)
    a_behind = torch.stack([a.select(dim, i) for i in behind], dim)
    b_ahead = torch.stack([b.select(dim, i) for i in ahead], dim)
    b_behind = torch.stack([b.select(dim, i) for i in behind], dim)
    return a_ahead * b_behind - a_behind * b_ahead


def cross(self: Tensor, other: Tensor, dim: Optional[int] = None) -> Tensor:
    if dim is not None:
        return torch.linalg_cross(self, other, dim=dim)
    size = torch.broadcast_tensors([self, other])[0].size()
    at = len(size)
    for i in range(len(size)):
        if at == len(size) and size[i] == 3:
            at = i
    return torch.linalg_cross(self, other, dim=at)


def tensordot(self: Tensor, other: Tensor, dims_self: List[int], dims_other: List[int]) -> Tensor:
    summed = [_wrap(i, self.dim()) for i in dims_self]
    summed_other = [_wrap(i, other.dim()) for i in dims_other]
    free = _other_dims(self.dim(), summed)
    free_other = _other_dims(other.dim(), summed_other)
    a = self
    b = other
    count = 1
    for i in range(len(summed)):
        n = self.size(summed[i])
        m = other.size(summed_other[i])
        # What is of size one is repeated, which is to sum over the other.
        if n == 1 and m != 1:
            b = torch.sum(b, [summed_other[i]], True)
        elif m == 1 and n != 1:
            a = torch.sum(a, [summed[i]], True)
            n = 1
        elif n != m:
            raise RuntimeError(
                "contracted dimensions need to match, but first has size {} in dim {} and second has size {} in dim "
                "{}".format(n, dims_self[i], m, dims_other[i])
            )
        count *= n
    size = [self.size(i) for i in free]
    size_other = [other.size(i) for i in free_other]
    rows = 1
    for n in size:
        rows *= n
    columns = 1
    for n in size_other:
        columns *= n
    left = a.permute(free + summed).reshape([rows, count])
    right = b.permute(summed_other + free_other).reshape([count, columns])
    return torch.mm(left, right).reshape(size + size_other)


# From the left; vectors at the ends are a row and a column.
def linalg_multi_dot(tensors: List[Tensor]) -> Tensor:
    for i in range(1, len(tensors)):
        a = tensors[i - 1].size()
        b = tensors[i].size()
        if a[-1] != b[0]:
            raise RuntimeError(
                "multi_dot(): tensors {} and {} with shapes {} and {} cannot be multiplied".format(i - 1, i, a, b)
            )
    result = tensors[0]
    for i in range(1, len(tensors)):
        result = torch.matmul(result, tensors[i])
    return result


def chain_matmul(matrices: List[Tensor]) -> Tensor:
    return torch.linalg_multi_dot(matrices)


def linalg_matrix_power(self: Tensor, n: int) -> Tensor:
    if self.size(-1) != self.size(-2):
        raise RuntimeError(
            "linalg.matrix_power: A must be batches of square matrices, but they are {} by {} matrices".format(
                self.size(-2), self.size(-1)
            )
        )
    if n == 0:
        return torch.eye(self.size(-1), dtype=self.dtype).expand(self.size()).clone()
    base = torch.linalg_inv(self) if n < 0 else self
    result = base
    for i in range(abs(n) - 1):
        result = torch.matmul(result, base)
    return result


def matrix_power(self: Tensor, n: int) -> Tensor:
    return torch.linalg_matrix_power(self, n)


def linalg_vander(x: Tensor, N: Optional[int] = None) -> Tensor:
    count = x.size(-1)
    if N is not None:
        if N < 0:
            raise RuntimeError("N must be non-negative.")
        count = N
    return torch.pow(x.unsqueeze(-1), torch.arange(count))


def vander(x: Tensor, N: Optional[int] = None, increasing: bool = False) -> Tensor:
    powers = torch.linalg_vander(x, N=N)
    return powers if increasing else torch.flip(powers, [-1])


def _trilinear(
    i1: Tensor,
    i2: Tensor,
    i3: Tensor,
    expand1: List[int],
    expand2: List[int],
    expand3: List[int],
    sumdim: List[int],
    unroll_dim: int = 1,
) -> Tensor:
    for dim in expand1:
        i1 = i1.unsqueeze(dim)
    for dim in expand2:
        i2 = i2.unsqueeze(dim)
    for dim in expand3:
        i3 = i3.unsqueeze(dim)
    product = i1 * i2 * i3
    return torch.sum(product, sumdim) if len(sumdim) > 0 else product
