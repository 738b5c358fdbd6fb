# Products as compositions of core products; see Elementwise.py.


def addmv(self: Tensor, mat: Tensor, vec: Tensor, beta: number = 1, alpha: number = 1) -> Tensor:
    if self.numel() != 1 and self.size(0) != mat.size(0) or mat.size(1) != vec.size(0):
        raise RuntimeError(
            "size mismatch, got input ({}), mat ({}x{}), vec ({})".format(
                self.numel(), mat.size(0), mat.size(1), vec.size(0)
            )
        )
    return self * beta + torch.mv(mat, vec) * alpha


def addr(self: Tensor, vec1: Tensor, vec2: Tensor, beta: number = 1, alpha: number = 1) -> Tensor:
    return self.expand([vec1.size(0), vec2.size(0)]) * beta + torch.outer(vec1, vec2) * alpha


def addbmm(self: Tensor, batch1: Tensor, batch2: Tensor, beta: number = 1, alpha: number = 1) -> Tensor:
    if batch1.size(0) != batch2.size(0):
        raise RuntimeError(
            "batch1 and batch2 must have same number of batches, got {} and {}".format(batch1.size(0), batch2.size(0))
        )
    added = self.expand([batch1.size(1), batch2.size(2)])
    return added * beta + torch.sum(torch.bmm(batch1, batch2), [0]) * alpha


def inner(self: Tensor, other: Tensor) -> Tensor:
    if self.dim() == 0 or other.dim() == 0:
        return self * other
    if self.size(-1) != other.size(-1):
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes {} and {}".format(
                self.size(), other.size()
            )
        )
    return torch.matmul(self, other.transpose(-1, -2)) if other.dim() > 1 else torch.matmul(self, other)


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Optional[Tensor] = None) -> Tensor:
    for i in range(input1.dim() - 1):
        if input1.size(i) != input2.size(i):
            raise RuntimeError(
                "bilinear(): input batch dimensions do not match at dim {}: got {} and {}".format(
                    i, input1.size(i), input2.size(i)
                )
            )
    if input1.size(-1) != weight.size(1):
        raise RuntimeError(
            "bilinear(): input1 size does not match weight size: got {} but expected {}".format(
                input1.size(-1), weight.size(1)
            )
        )
    if input2.size(-1) != weight.size(2):
        raise RuntimeError(
            "bilinear(): input2 size does not match weight size: got {} but expected {}".format(
                input2.size(-1), weight.size(2)
            )
        )
    result = torch.einsum("...i,kij,...j->...k", [input1, weight, input2])
    if bias is not None:
        result = result + bias
    return result
