"""RNN-T greedy decoding with predictor state in a NamedTuple, streaming over chunks."""

from typing import List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn


class PredictorState(NamedTuple):
    h: Tensor
    c: Tensor
    last: int


class Predictor(nn.Module):
    def __init__(self, vocab: int, dim: int, layers: int):
        super().__init__()
        self.embed = nn.Embedding(vocab + 1, dim)
        self.cells = nn.ModuleList([nn.LSTMCell(dim, dim) for _ in range(layers)])
        self.dim = dim

    @torch.jit.export
    def initial(self) -> PredictorState:
        z = torch.zeros(len(self.cells), 1, self.dim)
        return PredictorState(z, z.clone(), 0)

    def forward(self, token: int, state: PredictorState) -> Tuple[Tensor, PredictorState]:
        x = self.embed(torch.tensor([token]))
        hs: List[Tensor] = []
        cs: List[Tensor] = []
        for i, cell in enumerate(self.cells):
            h, c = cell(x, (state.h[i], state.c[i]))
            hs.append(h)
            cs.append(c)
            x = h
        return x, PredictorState(torch.stack(hs), torch.stack(cs), token)


class Joiner(nn.Module):
    def __init__(self, dim: int, vocab: int):
        super().__init__()
        self.a, self.b = nn.Linear(dim, dim), nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, vocab + 1)

    def forward(self, enc: Tensor, pred: Tensor) -> Tensor:
        return self.out(torch.tanh(self.a(enc) + self.b(pred)))


class Transducer(nn.Module):
    state: Optional[PredictorState]
    encoder_state: Optional[Tuple[Tensor, Tensor]]
    hypothesis: List[int]
    times: List[int]

    def __init__(self, vocab: int = 9, dim: int = 8, max_symbols: int = 3):
        super().__init__()
        self.encoder = nn.LSTM(5, dim, batch_first=True)
        self.predictor = Predictor(vocab, dim, 2)
        self.joiner = Joiner(dim, vocab)
        self.max_symbols = max_symbols
        self.state = None
        self.encoder_state: Optional[Tuple[Tensor, Tensor]] = None
        self.hypothesis: List[int] = []
        self.times: List[int] = []
        self.register_buffer("frames", torch.zeros(1, dtype=torch.long))

    @torch.jit.export
    def reset(self) -> None:
        self.state = None
        self.encoder_state = None
        self.hypothesis.clear()
        self.times = torch.jit.annotate(List[int], [])
        self.frames.zero_()

    def forward(self, chunk: Tensor) -> Tuple[List[int], List[int], float]:
        enc, self.encoder_state = self.encoder(chunk.unsqueeze(0), self.encoder_state)
        current = self.state
        if current is None:
            current = self.predictor.initial()
        pred, following = self.predictor(current.last, current)
        score = 0.0
        for t in range(enc.size(1)):
            for s in range(self.max_symbols):
                logits = self.joiner(enc[:, t], pred).squeeze(0)
                logp = torch.log_softmax(logits * 4.0, 0)
                value, token = logp.max(0)
                score += value.item()
                k = int(token)
                if k == 0:
                    break
                self.hypothesis.append(k)
                self.times.append(int(self.frames.item()) + t)
                current = PredictorState(following.h, following.c, k)
                pred, following = self.predictor(k, following)
        self.frames += enc.size(1)
        self.state = current
        return self.hypothesis, self.times, score

    @torch.jit.export
    def tail(self, n: int) -> Tuple[List[int], Optional[int]]:
        s = self.state
        return self.hypothesis[-n:], None if s is None else s.last


torch.manual_seed(4)
X = torch.randn(12, 5) * 2
TOLERANCE = dict(atol=1e-4, rtol=1e-4)
SIGNATURE = ["forward:chunk=?x5xf32"]
CALLS = [
    ("tail", 2),
    ("forward", X[:4]),
    ("forward", X[4:5]),
    ("tail", 2),
    ("forward", X[5:]),
    ("tail", 4),
    ("reset",),
    ("tail", 4),
    ("forward", X),
    ("forward", X[:0]),
]
