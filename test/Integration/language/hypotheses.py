"""Greedy transducer decoding of batches into growing lists, with timestamps and partial hypotheses kept between calls."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor


class Hypothesis(NamedTuple):
    tokens: List[int]
    times: List[int]
    score: float
    state: Tensor


class Hypotheses(nn.Module):
    partial: Dict[int, Hypothesis]
    frames: Dict[int, int]

    def __init__(self, vocab: int = 7, dim: int = 5):
        super().__init__()
        self.encoder = nn.Linear(3, dim)
        self.embed = nn.Embedding(vocab, dim)
        self.cell = nn.LSTMCell(dim, dim)
        self.joint = nn.Linear(dim, vocab)
        self.blank = 0
        self.partial: Dict[int, Hypothesis] = {}
        self.frames: Dict[int, int] = {}
        self.letters = "_abcdef"

    def predict(self, token: int, state: Tensor) -> Tuple[Tensor, Tensor]:
        h, c = state.chunk(2, dim=0)
        h2, c2 = self.cell(self.embed(torch.tensor([token])), (h, c))
        return h2, torch.cat([h2, c2])

    def decode(self, encoded: Tensor, hypothesis: Hypothesis, offset: int, max_symbols: int) -> Hypothesis:
        tokens = hypothesis.tokens[:]
        times = hypothesis.times[:]
        score = hypothesis.score
        state = hypothesis.state
        last = tokens[-1] if len(tokens) > 0 else self.blank
        out, next_state = self.predict(last, state)
        for t in range(encoded.size(0)):
            emitted = 0
            while emitted < max_symbols:
                logp = torch.log_softmax(self.joint(torch.relu(encoded[t] + out[0])), 0)
                best = int(logp.argmax())
                score += float(logp[best])
                if best == self.blank:
                    break
                tokens.append(best)
                times.append(offset + t)
                state = next_state
                out, next_state = self.predict(best, state)
                emitted += 1
        return Hypothesis(tokens, times, score, state)

    def forward(self, features: Tensor, ids: List[int], max_symbols: int = 2) -> List[Tuple[str, float]]:
        encoded = torch.tanh(self.encoder(features))
        results: List[Tuple[str, float]] = []
        for b, key in enumerate(ids):
            if key not in self.partial:
                self.partial[key] = Hypothesis([], [], 0.0, torch.zeros(2, 5))
                self.frames[key] = 0
            hypothesis = self.decode(encoded[b], self.partial[key], self.frames[key], max_symbols)
            self.partial[key] = hypothesis
            self.frames[key] += features.size(1)
            results.append(("".join([self.letters[t] for t in hypothesis.tokens]), hypothesis.score))
        return results

    @torch.jit.export
    def finish(self, key: int) -> Hypothesis:
        if key not in self.partial:
            raise KeyError(f"no stream {key}")
        del self.frames[key]
        return self.partial.pop(key)

    @torch.jit.export
    def states(self) -> Optional[Tensor]:
        if len(self.partial) == 0:
            return None
        return torch.stack([h.state for h in self.partial.values()])


def _calls():
    g = torch.Generator().manual_seed(2)
    return [
        ("states",),
        ("forward", 2 * torch.randn(2, 4, 3, generator=g), [1, 2]),
        ("forward", 2 * torch.randn(1, 6, 3, generator=g), [2], 3),
        ("states",),
        ("forward", 2 * torch.randn(3, 2, 3, generator=g), [5, 1, 2]),
        ("finish", 2),
        ("finish", 2),
        ("states",),
    ]


TOLERANCE = dict(atol=1e-5, rtol=1e-5)
SIGNATURE = ["forward:features=?x?x3xf32"]
CALLS = _calls()
