"""Fourier transforms whose lengths follow from arguments, and what they refuse: spectrograms, filters, pitches."""

from typing import List, Optional, Tuple

import torch
from torch import Tensor


class FFT(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("window", torch.hann_window(16))
        self.register_buffer("tail", torch.zeros(0))

    @torch.jit.export
    def spectrogram(self, x: Tensor, center: bool) -> Tensor:
        y = torch.stft(x, 16, 8, window=self.window, center=center, return_complex=True)
        return (y.real.square() + y.imag.square()).log1p()

    @torch.jit.export
    def restored(self, x: Tensor, length: Optional[int]) -> Tensor:
        y = torch.stft(x, 16, 4, window=self.window, return_complex=True)
        return torch.istft(y * 0.5, 16, 4, window=self.window, length=length)

    @torch.jit.export
    def streamed(self, x: Tensor) -> Tensor:
        signal = torch.cat([self.tail, x])
        if signal.size(0) < 16:
            self.tail = signal
            return torch.zeros(0, 9)
        frames = signal.unfold(0, 16, 8)
        self.tail = signal[frames.size(0) * 8 :].clone()
        return torch.fft.rfft(frames * self.window).abs()

    @torch.jit.export
    def convolved(self, x: Tensor, filter: Tensor) -> Tensor:
        n = x.size(-1) + filter.size(-1) - 1
        points = 1
        while points < n:
            points *= 2
        y = torch.fft.rfft(x, points) * torch.fft.rfft(filter, points)
        return torch.fft.irfft(y, points)[..., :n]

    @torch.jit.export
    def autocorrelation(self, x: Tensor) -> Tuple[Tensor, int]:
        y = torch.fft.rfft(x - x.mean(), 2 * x.size(0))
        z = torch.fft.irfft(y * y.conj(), 2 * x.size(0))[: x.size(0)]
        return z / z[0], int(z[1:].argmax()) + 1

    @torch.jit.export
    def loudest(self, x: Tensor, rate: float) -> float:
        spectrum = torch.fft.rfft(x * torch.hamming_window(x.size(0)))
        return float(torch.fft.rfftfreq(x.size(0), 1 / rate)[spectrum.abs().argmax()])

    @torch.jit.export
    def transformed(self, x: Tensor, n: Optional[int], norm: Optional[str]) -> Tensor:
        return torch.fft.fft(x, n, -2, norm)

    @torch.jit.export
    def back(self, x: Tensor, n: int) -> Tensor:
        return torch.fft.irfft(x, n, norm="ortho")

    @torch.jit.export
    def several(self, x: Tensor, rows: int, columns: int) -> Tensor:
        return torch.fft.rfftn(x, [rows, columns])

    @torch.jit.export
    def refused(self, x: Tensor, what: int) -> Tensor:
        z = torch.fft.fft(x)
        if what == 0:
            return torch.fft.rfft(z)
        if what == 1:
            return torch.fft.fft(x.half())
        if what == 2:
            return torch.fft.fftn(x, dim=[0, -2])
        if what == 3:
            return torch.fft.fft(x, dim=2)
        if what == 4:
            return torch.fft.irfft(z[:, :1])
        if what == 5:
            return torch.fft.rfftn(x, s=[2, 3, 4])
        if what == 6:
            return torch.fft.ihfftn(z)
        if what == 7:
            return torch.fft.fft2(x[0])
        if what == 8:
            return torch.fft.fftn(x, s=[2], dim=[0, 1])
        if what == 9:
            return torch.fft.fftfreq(5, dtype=torch.int)
        if what == 10:
            return torch.hann_window(5, dtype=torch.int)
        return torch.fft.irfftn(z, dim=torch.jit.annotate(List[int], []))

    @torch.jit.export
    def refused_windows(self, x: Tensor, n: int, hop: int, width: int) -> Tensor:
        return torch.stft(x, n, hop, width, center=False, return_complex=True)

    @torch.jit.export
    def refused_signal(self, x: Tensor, what: int) -> Tensor:
        if what == 0:
            return torch.stft(x, 16, window=self.window)
        if what == 1:
            return torch.stft(x, 16, 4, 8, window=self.window, return_complex=True)
        if what == 2:
            return torch.stft(x > 0, 16, center=False, return_complex=True)
        if what == 3:
            return torch.stft(x.unsqueeze(0).unsqueeze(0), 16, return_complex=True)
        if what == 4:
            return torch.stft(x, 16, window=self.window, align_to_window=True, return_complex=True)
        if what == 5:
            return torch.stft(x.to(torch.complex64), 16, onesided=True)
        if what == 6:
            return torch.stft(x.half(), 16, center=False, return_complex=True)
        y = torch.stft(x, 16, window=self.window, return_complex=True)
        if what == 7:
            return torch.istft(y, 16, 4, 8, window=self.window)
        if what == 8:
            return torch.istft(y, 15, normalized=True, length=3)
        if what == 9:
            return torch.istft(y, 16, onesided=False)
        if what == 10:
            return torch.istft(y.real, 16)
        if what == 11:
            return torch.istft(y, 16, 20)
        return torch.istft(y, 16, return_complex=True)


X = torch.sin(torch.arange(60.0) * 0.7) + torch.cos(torch.arange(60.0) ** 2 * 0.1)
SIGNATURE = [
    "spectrogram:x=BxTxf32",
    "restored:x=Txf32",
    "streamed:x=?xf32",
    "convolved:x=BxTxf32",
    "convolved:filter=Kxf32",
    "autocorrelation:x=Txf32",
    "loudest:x=Txf32",
    "transformed:x=BxTxf32",
    "back:x=BxTxf32",
    "several:x=BxTxf32",
    "refused:x=BxTxf32",
    "refused_windows:x=Txf32",
    "refused_signal:x=Txf32",
]
ROWS = X.reshape(3, 20)
CASES = {
    "spectrogram": [(ROWS, True), (ROWS, False), (ROWS[:1, :16], True), (ROWS[:, :8], True), (ROWS[:, :15], False)],
    "restored": [(X, None), (X, 30), (X, 70), (X, 0), (X[:20], None)],
    "streamed": [(X[:7],), (X[7:40],), (X[40:47],)],
    "convolved": [(ROWS, X[:5]), (ROWS[:, :3], X[:20]), (ROWS[:1, :1], X[:1])],
    "autocorrelation": [(X,), (X[:17],)],
    "loudest": [(X, 800.0), (X[:37], 1.0)],
    "transformed": [
        (ROWS, None, None),
        (ROWS, 2, "ortho"),
        (ROWS, 25, "forward"),
        (ROWS, 0, None),
        (ROWS, -3, None),
        (ROWS, None, "loud"),
        (ROWS[:0], None, None),
        (ROWS, None, "backward"),
    ],
    "back": [(ROWS, 20), (ROWS, 7), (ROWS, 50), (ROWS, 0)],
    "several": [(ROWS, 2, 7), (ROWS, -1, -1), (ROWS, 4, 25), (ROWS, 0, 3), (ROWS, 3, -2)],
    "refused": [(ROWS, what) for what in range(12)],
    "refused_windows": [(X, 16, 8, 10), (X, 61, 8, 10), (X, 0, 8, 0), (X, 16, 0, 10), (X, 16, 4, 17), (X, 16, 4, 0)],
    "refused_signal": [(X, what) for what in range(13)],
}
