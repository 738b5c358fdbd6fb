# Rearrangements as compositions of core views; see Elementwise.py.


def pixel_shuffle(self: Tensor, upscale_factor: int) -> Tensor:
    r = upscale_factor
    c = self.size(-3) // (r * r)
    h = self.size(-2)
    w = self.size(-1)
    lead = self.size()[:-3]
    n = len(lead)
    order = [i for i in range(n)] + [n, n + 3, n + 1, n + 4, n + 2]
    return self.reshape(lead + [c, r, r, h, w]).permute(order).reshape(lead + [c, h * r, w * r])


def pixel_unshuffle(self: Tensor, downscale_factor: int) -> Tensor:
    r = downscale_factor
    c = self.size(-3)
    h = self.size(-2) // r
    w = self.size(-1) // r
    lead = self.size()[:-3]
    n = len(lead)
    order = [i for i in range(n)] + [n, n + 2, n + 4, n + 1, n + 3]
    return self.reshape(lead + [c, h, r, w, r]).permute(order).reshape(lead + [c * r * r, h, w])


def channel_shuffle(self: Tensor, groups: int) -> Tensor:
    shape = self.size()
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
    x = self
    if prepend is not None:
        x = torch.cat([prepend, x], dim)
    if append is not None:
        x = torch.cat([x, append], dim)
    for i in range(n):
        size = x.size(dim)
        x = torch.narrow(x, dim, 1, size - 1) - torch.narrow(x, dim, 0, size - 1)
    return x
