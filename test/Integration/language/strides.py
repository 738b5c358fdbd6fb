"""What programs ask of the memory of tensors: strides, offsets, whether they are contiguous, and other views of it."""

from typing import List, Optional, Tuple

import torch
from torch import Tensor


class Strides(torch.nn.Module):
    def __init__(self):
        super().__init__()
        base = torch.arange(24.0)
        self.register_buffer("ordered", base.reshape(4, 6))
        self.register_buffer("swapped", base.reshape(4, 6).t())
        self.register_buffer("part", base.reshape(4, 6)[1:, ::2])
        self.register_buffer("pixels", torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last))

    # Views

    @torch.jit.export
    def orders(self, x: Tensor) -> List[List[int]]:
        y = x.permute(2, 0, 1)
        return [
            x.stride(),
            y.stride(),
            x.transpose(-1, 0).stride(),
            x.mT.stride(),
            y.movedim(0, -1).stride(),
            x[0].t().stride(),
            x.swapaxes(0, 1).stride(),
            [y.stride(0), y.stride(-1), y.stride(1)],
        ]

    @torch.jit.export
    def ranks(self, x: Tensor) -> List[List[int]]:
        y = x.transpose(0, 2)
        return [
            x.unsqueeze(0).stride(),
            x.unsqueeze(1).stride(),
            x.unsqueeze(-1).stride(),
            y.unsqueeze(0).stride(),
            y.unsqueeze(2).stride(),
            y.unsqueeze(-1).stride(),
            y.unsqueeze(1).squeeze(1).stride(),
            x.sum().stride(),
            x.sum().unsqueeze(0).stride(),
        ]

    @torch.jit.export
    def shapes(self, x: Tensor) -> List[List[int]]:
        return [
            x.view(-1).stride(),
            x.view(x.size(0), -1).stride(),
            x.reshape(-1, x.size(2)).stride(),
            x.flatten(1).stride(),
            x.flatten(0, 0).stride(),
            x.unflatten(1, [1, -1]).stride(),
            x[1:].view(-1, 1).stride(),
            x[:, 0].unsqueeze(1).stride(),
        ]

    @torch.jit.export
    def repeated(self, x: Tensor, n: int) -> List[List[int]]:
        y = x.select(0, 0)[:1]
        return [
            y.expand(n, -1).stride(),
            y.expand(2, n, x.size(2)).stride(),
            x.expand(n, x.size(0), x.size(1), x.size(2)).stride(),
            x.expand(1, 1, -1, -1, -1).stride(),
            x.sum().expand(n, 2).stride(),
            y.expand_as(x).stride(),
            y.t().expand(x.size(2), n).stride(),
        ]

    @torch.jit.export
    def parts(self, x: Tensor, i: int) -> Tuple[List[List[int]], List[int], List[bool]]:
        views = [x[i], x[:, i], x[..., i], x[i:], x[:, i:], x[::2], x[:, :, 1::2], x[:, i : i + 1], x[-1:], x[:0]]
        narrow = x.narrow(1, i, 1)
        unfold = x.unfold(1, 2, 1)
        apart = x.unfold(2, 2, 2)
        strides = [
            x[i].stride(),
            x[:, i].stride(),
            x[..., i].stride(),
            x[i:].stride(),
            x[:, i:].stride(),
            x[::2].stride(),
            x[:, :, 1::2].stride(),
            narrow.stride(),
            unfold.stride(),
            apart.stride(),
        ]
        offsets = [
            x.storage_offset(),
            x[i].storage_offset(),
            x[:, i].storage_offset(),
            x[..., -i - 1].storage_offset(),
            x[i:].storage_offset(),
            x[i:][:, i:].storage_offset(),
            x[100:].storage_offset(),
            x[-100:].storage_offset(),
            x[-1:].storage_offset(),
            x.narrow(1, -1, 1).storage_offset(),
            narrow.storage_offset(),
            unfold.select(1, 0).storage_offset(),
            x[1:].t().storage_offset() if x.dim() == 2 else x[1:].transpose(0, 1).storage_offset(),
        ]
        contiguous = [
            x.is_contiguous(),
            x[i].is_contiguous(),
            x[:, i].is_contiguous(),
            x[..., i].is_contiguous(),
            x[i:].is_contiguous(),
            x[:, i:].is_contiguous(),
            x[::2].is_contiguous(),
            x[:0].transpose(0, 1).is_contiguous(),
            x.transpose(0, 1).is_contiguous(),
            narrow.is_contiguous(),
            unfold.is_contiguous(),
            apart.is_contiguous(),
            len(views) > 0,
        ]
        return strides, offsets, contiguous

    @torch.jit.export
    def lists(self, x: Tensor) -> List[List[int]]:
        a, b = x.split([1, 3], dim=1)
        c, d = x.chunk(2, dim=1)
        e, f, g, h = x.unbind(1)
        return [
            a.stride(),
            b.stride(),
            c.stride(),
            d.stride(),
            e.stride(),
            h.stride(),
            [d.storage_offset(), h.storage_offset()],
        ]

    @torch.jit.export
    def halves(self, x: Tensor) -> List[List[int]]:
        y = torch.view_as_real(x)
        return [
            y.stride(),
            torch.view_as_real(x.t()).stride(),
            torch.view_as_complex(y).stride(),
            [torch.view_as_real(x[1:]).storage_offset(), torch.view_as_complex(y[1:]).stride(0)],
        ]

    @torch.jit.export
    def dims(self, x: Tensor) -> int:
        return x.stride(3)

    # Copies and what is computed

    @torch.jit.export
    def copies(self, x: Tensor) -> List[List[int]]:
        y, z = x.permute(2, 0, 1), x[:, :2]
        return [
            y.clone().stride(),
            y.clone(memory_format=torch.contiguous_format).stride(),
            y.contiguous().stride(),
            y.to(torch.float64).stride(),
            y.to(torch.float32).stride(),
            torch.empty_like(y).stride(),
            torch.zeros_like(y, memory_format=torch.contiguous_format).stride(),
            torch.ones_like(x).stride(),
            y.detach().stride(),
            z.contiguous().stride(),
            x.contiguous().transpose(0, 1).contiguous().stride(),
        ]

    @torch.jit.export
    def computed(self, x: Tensor, y: Tensor) -> List[List[int]]:
        t = x.transpose(0, 2)
        return [
            (x + 1).stride(),
            (x * x[0]).stride(),
            (x / x.sum()).stride(),
            (t * 2).stride(),
            t.exp().stride(),
            (t > 0).stride(),
            (x[:, 1:] * 2).stride(),
            x[:, 1:].clone().stride(),
            torch.where(x > 0, x, x[0]).stride(),
            x[1:].conj_physical().stride(),
            [x[1:].conj_physical().storage_offset()],
            torch.cat([x, x[:1]], 0).stride(),
            torch.stack([x, x], -1).stride(),
            (x @ y).stride(),
            torch.nn.functional.linear(x, y.sum(1).expand(3, x.size(2)).contiguous()).stride(),
            x.sum(1).stride(),
            x.mean([0, 2], keepdim=True).stride(),
            x.softmax(-1).stride(),
            x.amax(0).stride(),
            x.cumsum(1).stride(),
            x.flip([0]).stride(),
            x.repeat(2, 1, 1).stride(),
            torch.zeros(x.size(0), 4).stride(),
            torch.arange(x.size(0)).stride(),
            x.new_full([2, x.size(1)], 1.0).t().stride(),
            torch.nn.functional.layer_norm(x, [x.size(2)]).stride(),
            torch.nn.functional.pad(x, [1, 2]).stride(),
            torch.nn.functional.pad(x, [1, 1], mode="reflect").stride(),
            torch.nn.functional.pad(x, [1, 2], mode="replicate").stride(),
        ]

    @torch.jit.export
    def written(self, x: Tensor) -> Tuple[Tensor, List[int], bool]:
        y = x.clone()
        z = y.t()
        z.add_(1)
        z[0].zero_()
        return y, z.stride(), z.is_contiguous()

    @torch.jit.export
    def outputs(self, x: Tensor) -> List[List[int]]:
        y, z = torch.empty(3, 2).t(), torch.empty(0)
        torch.add(x, 1, out=y)
        torch.mul(x, 2, out=z)
        return [y.stride(), z.stride()]

    # Memory formats

    @torch.jit.export
    def formats(self, x: Tensor) -> Tuple[List[List[int]], List[bool]]:
        y = x.contiguous(memory_format=torch.channels_last)
        z = x.clone(memory_format=torch.channels_last)
        strides = [
            z.stride(),
            x.to(memory_format=torch.channels_last).stride(),
            torch.empty_like(x, memory_format=torch.channels_last).stride(),
            torch.empty([2, 3, 4, 5], memory_format=torch.channels_last).stride(),
            z.clone().stride(),
            z.contiguous().stride(),
            z.contiguous(memory_format=torch.channels_last).stride(),
            z.to(torch.float64).stride(),
            x.to(torch.float64, copy=True, memory_format=torch.channels_last).stride(),
            x.to(torch.float32, copy=True, memory_format=torch.channels_last).stride(),
            y.stride(),
            z.permute(0, 2, 3, 1).stride(),
        ]
        contiguous = [
            x.is_contiguous(memory_format=torch.channels_last),
            x.is_contiguous(memory_format=torch.contiguous_format),
            x.is_contiguous(memory_format=torch.channels_last_3d),
            y.is_contiguous(memory_format=torch.channels_last),
            y.is_contiguous(),
            z.permute(0, 2, 3, 1).is_contiguous(),
            x.sum().is_contiguous(memory_format=torch.channels_last),
        ]
        return strides, contiguous

    # Weights, branches, tuples

    @torch.jit.export
    def weights(self) -> Tuple[List[List[int]], List[bool], List[int]]:
        strides = [self.ordered.stride(), self.swapped.stride(), self.part.stride(), self.pixels.stride()]
        strides += [self.swapped.t().stride(), self.part[1].stride(), self.part.view(3, 3, 1).stride()]
        strides += [self.swapped.reshape(24).stride(), self.pixels.clone().stride()]
        contiguous = [self.ordered.is_contiguous(), self.swapped.is_contiguous(), self.part.is_contiguous()]
        contiguous += [self.swapped.t().is_contiguous(), self.pixels.is_contiguous(memory_format=torch.channels_last)]
        return strides, contiguous, [self.part.storage_offset(), self.part[1, 1].storage_offset()]

    @torch.jit.export
    def chosen(self, x: Tensor, n: int) -> Tuple[List[int], Tensor]:
        if n > 0:
            y = torch.cat([x, x.flip(0)])
        else:
            y = x * 2 if n < 0 else torch.zeros(x.size(0) + 1)
        if not y.is_contiguous():
            y = y.contiguous()
        return y.stride(), y.as_strided([2, 2], [1, 1])

    @torch.jit.export
    def pairs(self, x: Tuple[Tensor, Tensor], y: Optional[Tensor]) -> List[List[int]]:
        a, b = x
        strides = [a.stride(), b.t().stride()]
        if y is not None:
            strides.append(y.stride())
        return strides

    @torch.jit.export
    def guarded(self, x: Tensor) -> Tensor:
        y = x.t()
        if not y.is_contiguous():
            y = y.contiguous()
        return y.view(-1)

    # Views of the memory itself

    @torch.jit.export
    def strided(self, x: Tensor) -> List[Tensor]:
        return [
            x.t().as_strided([2, 2], [1, 3]),
            x[1:].as_strided([2], [1]),
            x[1:].as_strided([4], [1], 0),
            x[1].as_strided([2, 2], [2, 1]),
            x[:1].expand(3, 3).as_strided([5], [1]),
            (x * 2).t().as_strided([3], [2]),
            x.as_strided([0, 2], [7, 1]),
        ]

    @torch.jit.export
    def overwritten(self, x: Tensor) -> Tensor:
        y = x + 1
        y.t()[1:].as_strided([2], [4], 0).fill_(9.0)
        return y

    @torch.jit.export
    def beyond(self, x: Tensor) -> Tensor:
        return x[1:].as_strided([4], [2])

    @torch.jit.export
    def frames(self, waveform: Tensor, channel: int, size: int, shift: int) -> Tensor:
        """As torchaudio's kaldi functions do it."""
        samples = waveform[max(channel, 0), :]
        count = samples.size(0)
        strides = (shift * samples.stride(0), samples.stride(0))
        if count < size:
            return torch.empty((0, 0), dtype=samples.dtype, device=samples.device)
        sizes = (1 + (count - size) // shift, size)
        return samples.as_strided(sizes, strides)

    @torch.jit.export
    def mirrored(self, waveform: Tensor, size: int, shift: int) -> Tensor:
        samples = waveform[0, :] - waveform.mean()
        strides = (shift * samples.stride(0), samples.stride(0))
        reversed_samples = torch.flip(samples, [0])
        count = (samples.size(0) + shift // 2) // shift
        pad = size // 2 - shift // 2
        if pad > 0:
            samples = torch.cat((reversed_samples[-pad:], samples, reversed_samples), dim=0)
        else:
            samples = torch.cat((samples[-pad:], reversed_samples), dim=0)
        return samples.as_strided((count, size), strides)

    @torch.jit.export
    def framed(self, waveform: Tensor, size: int, shift: int, whole: bool) -> Tensor:
        samples = waveform[0]
        strides = (shift * samples.stride(0), samples.stride(0))
        if whole:
            if samples.size(0) < size:
                return torch.empty((0, 0))
            count = 1 + (samples.size(0) - size) // shift
        else:
            count = (samples.size(0) + shift // 2) // shift
            samples = torch.cat((samples, torch.flip(samples, [0])), dim=0)
        frames = samples.contiguous().as_strided((count, size), strides)
        frames[0, 0] = 7.0
        return frames


JUST_IN_TIME = True

CUBES = [torch.arange(24.0).reshape(2, 3, 4), torch.arange(12.0).reshape(2, 3, 2), torch.arange(60.0).reshape(5, 3, 4)]
THIN = [torch.ones(1, 3, 4), torch.ones(2, 1, 4), torch.ones(2, 3, 1), torch.ones(1, 1, 1)]
EMPTY = [torch.ones(0, 3, 4), torch.ones(2, 0, 4), torch.ones(2, 3, 0)]
MATRIX = torch.arange(6.0).reshape(2, 3)
WAVE = torch.arange(40.0).reshape(2, 20)

CASES = {
    "orders": [(x,) for x in CUBES + THIN + [EMPTY[1], EMPTY[2]]],
    "ranks": [(x,) for x in CUBES + THIN + EMPTY],
    "shapes": [(x,) for x in CUBES + THIN],
    "repeated": [(x, n) for x in CUBES + THIN for n in (1, 3)],
    "parts": [(x, i) for x in CUBES for i in (0, 1)],
    "lists": [(torch.ones(2, 4, 3),), (torch.ones(1, 4, 1),)],
    "halves": [(torch.ones(3, 2, dtype=torch.complex64),), (torch.ones(1, 4, dtype=torch.complex64),)],
    "dims": [(torch.ones(2, 3, 4, 5),), (torch.ones(2, 3),)],
    "copies": [(x,) for x in CUBES + THIN + [EMPTY[1]]],
    "computed": [(x, torch.ones(x.size(2), 3)) for x in CUBES],
    "written": [(MATRIX,)],
    "outputs": [(MATRIX,)],
    "framed": [(WAVE, 5, 2, True), (WAVE, 5, 2, False), (WAVE[:, :4], 5, 2, True), (WAVE, 4, 3, False)],
    "formats": [
        (torch.ones(2, 3, 4, 5),),
        (torch.ones(1, 3, 2, 2),),
        (torch.ones(2, 1, 4, 5),),
        (torch.ones(2, 3, 1, 1),),
    ],
    "weights": [()],
    "chosen": [(torch.arange(4.0), n) for n in (1, 0, -1)],
    "pairs": [((MATRIX, MATRIX), None), ((MATRIX, MATRIX), MATRIX)],
    "guarded": [(MATRIX,), (torch.ones(1, 3),)],
    "strided": [(MATRIX,)],
    "overwritten": [(MATRIX,)],
    "beyond": [(MATRIX,), (torch.ones(4, 3),)],
    "frames": [(WAVE, 1, 5, 2), (WAVE, -1, 4, 4), (WAVE, 0, 30, 2)],
    "mirrored": [(WAVE, 6, 2), (WAVE, 2, 6), (WAVE, 4, 4)],
}
