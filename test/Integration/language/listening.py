"""Streaming audio models: a state and a context that are empty before the first call, a detector of speech with a mode."""

from enum import Enum
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Mode(Enum):
    SILENCE = 0
    SPEECH = 1
    CLOSING = 2


class Listening(nn.Module):
    segments: List[Dict[str, int]]

    def __init__(self):
        super().__init__()
        self.encoder = nn.Conv1d(1, 6, 4, stride=2)
        self.cell = nn.LSTMCell(6, 6)
        self.out = nn.Linear(6, 1)
        self._state = torch.zeros(0)
        self._context = torch.zeros(0)
        self._last_rate = 0
        self._last_batch = 0
        self.mode = Mode.SILENCE
        self.position = 0
        self.silent = 0
        self.segments = torch.jit.annotate(List[Dict[str, int]], [])

    @torch.jit.export
    def reset_states(self, batch: int = 1):
        self._state = torch.zeros(2, batch, 6)
        self._context = torch.zeros(0)
        self._last_rate = 0
        self._last_batch = 0

    def checked(self, x: Tensor, rate: int) -> Tuple[Tensor, int]:
        if x.dim() == 1:
            x = x.unsqueeze(0)
        if rate != 16000 and rate % 16000 == 0:
            x = x[:, :: rate // 16000]
            rate = 16000
        if rate not in [8000, 16000]:
            raise ValueError(f"Supported sampling rates: {[8000, 16000]}")
        return x, rate

    def forward(self, x: Tensor, rate: int) -> Tensor:
        x, rate = self.checked(x, rate)
        size = 8 if rate == 16000 else 4
        batch = x.shape[0]
        if self._last_batch == 0 or self._last_batch != batch or self._last_rate != rate:
            self.reset_states(batch)
        if len(self._context) == 0:
            self._context = torch.zeros(batch, size)
        x = torch.cat([self._context, x], dim=1)
        y = torch.relu(self.encoder(x.unsqueeze(1))).mean(-1)
        h, c = self.cell(y, (self._state[0], self._state[1]))
        self._state = torch.stack([h, c])
        self._context = x[..., -size:]
        self._last_rate = rate
        self._last_batch = batch
        return torch.sigmoid(8 * self.out(h)).squeeze(1)

    @torch.jit.export
    def feed(self, chunk: Tensor, threshold: float) -> Optional[Dict[str, int]]:
        p = float(self.forward(chunk, 16000).mean())
        self.position += chunk.size(0)
        if self.mode == Mode.SILENCE and p >= threshold:
            self.mode = Mode.SPEECH
            self.segments.append({"start": self.position - chunk.size(0)})
            return self.segments[-1]
        if self.mode == Mode.SPEECH and p < threshold - 0.01:
            self.mode = Mode.CLOSING
            self.silent = self.position
        elif self.mode == Mode.CLOSING:
            if p >= threshold:
                self.mode = Mode.SPEECH
            elif self.position - self.silent >= 32:
                self.mode = Mode.SILENCE
                self.segments[-1]["end"] = self.silent
                return {"end": self.silent}
        return None

    @torch.jit.export
    def probabilities(self, audio: Tensor, chunk: int) -> Tensor:
        if audio.size(1) % chunk != 0:
            audio = F.pad(audio, (0, chunk - audio.size(1) % chunk), "constant", 0.0)
        self.reset_states(audio.size(0))
        parts: List[Tensor] = []
        for i in range(0, audio.size(1), chunk):
            parts.append(self.forward(audio[:, i : i + chunk], 16000))
        return torch.stack(parts, 1)

    @torch.jit.export
    def held(self) -> Tuple[Tensor, int]:
        return self._state, len(self._context)


torch.manual_seed(5)
SIGNATURE = ["forward:x=BxTxf32", "feed:chunk=Txf32", "probabilities:audio=BxTxf32"]
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}
CHUNKS = [torch.randn(16) * (3 if i in (1, 2, 3, 8) else 0.01) for i in range(10)]
CASES = {
    "held": [()],
    "forward": [
        (torch.randn(1, 16), 16000),
        (torch.randn(1, 20), 16000),
        (torch.randn(2, 12), 8000),
        (torch.randn(2, 32), 32000),
        (torch.randn(2, 32), 11025),
    ],
    "feed": [(chunk, 0.4) for chunk in CHUNKS],
    "probabilities": [(torch.randn(2, 37), 16), (torch.randn(1, 48), 12)],
}
