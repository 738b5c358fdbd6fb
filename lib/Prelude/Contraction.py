# Products as compositions of core products; see Elementwise.py.


def addmv(self: Tensor, mat: Tensor, vec: Tensor, beta: number = 1, alpha: number = 1) -> Tensor:
    return self * beta + torch.mv(mat, vec) * alpha


def addr(self: Tensor, vec1: Tensor, vec2: Tensor, beta: number = 1, alpha: number = 1) -> Tensor:
    return self * beta + torch.outer(vec1, vec2) * alpha


def addbmm(self: Tensor, batch1: Tensor, batch2: Tensor, beta: number = 1, alpha: number = 1) -> Tensor:
    return self * beta + torch.sum(torch.bmm(batch1, batch2), [0]) * alpha


def inner(self: Tensor, other: Tensor) -> Tensor:
    if self.dim() == 0 or other.dim() == 0:
        return self * other
    return torch.matmul(self, other.transpose(-1, -2)) if other.dim() > 1 else torch.matmul(self, other)


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Optional[Tensor] = None) -> Tensor:
    result = torch.einsum("...i,kij,...j->...k", [input1, weight, input2])
    if bias is not None:
        result = result + bias
    return result
