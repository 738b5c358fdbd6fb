"""A CRF tagger: forward algorithm, Viterbi with backpointers, spans from BIO tags."""

from typing import List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn


class Span(NamedTuple):
    label: str
    start: int
    end: int
    score: float


class CRF(nn.Module):
    __constants__ = ["num_tags"]

    def __init__(self, num_tags: int):
        super().__init__()
        self.num_tags = num_tags
        self.start = nn.Parameter(torch.randn(num_tags))
        self.end = nn.Parameter(torch.randn(num_tags))
        self.transitions = nn.Parameter(torch.randn(num_tags, num_tags))

    def normalizer(self, emissions: Tensor, mask: Tensor) -> Tensor:
        score = self.start + emissions[0]
        for i in range(1, emissions.size(0)):
            nxt = torch.logsumexp(score.unsqueeze(2) + self.transitions + emissions[i].unsqueeze(1), dim=1)
            score = torch.where(mask[i].unsqueeze(1), nxt, score)
        return torch.logsumexp(score + self.end, dim=1)

    def numerator(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        length, batch = tags.shape
        mask_f = mask.type_as(emissions)
        score = self.start[tags[0]]
        score = score + emissions[0, torch.arange(batch), tags[0]]
        for i in range(1, length):
            score += self.transitions[tags[i - 1], tags[i]] * mask_f[i]
            score += emissions[i, torch.arange(batch), tags[i]] * mask_f[i]
        ends = mask.long().sum(dim=0) - 1
        return score + self.end[tags[ends, torch.arange(batch)]]

    @torch.jit.export
    def loss(self, emissions: Tensor, tags: Tensor, mask: Optional[Tensor] = None, reduction: str = "sum") -> Tensor:
        if reduction not in ["none", "sum", "mean", "token_mean"]:
            raise ValueError(f"invalid reduction: {reduction}")
        if mask is None:
            mask = torch.ones_like(tags, dtype=torch.bool)
        llh = self.numerator(emissions, tags, mask) - self.normalizer(emissions, mask)
        if reduction == "none":
            return llh
        if reduction == "sum":
            return llh.sum()
        if reduction == "mean":
            return llh.mean()
        return llh.sum() / mask.float().sum()

    @torch.jit.export
    def decode(self, emissions: Tensor, mask: Tensor) -> List[List[int]]:
        length, batch = mask.shape
        score = self.start + emissions[0]
        history: List[Tensor] = []
        for i in range(1, length):
            nxt, indices = (score.unsqueeze(2) + self.transitions + emissions[i].unsqueeze(1)).max(dim=1)
            score = torch.where(mask[i].unsqueeze(1), nxt, score)
            history.append(indices)
        score += self.end
        ends = mask.long().sum(dim=0) - 1
        paths: List[List[int]] = []
        for b in range(batch):
            _, last = score[b].max(dim=0)
            best = [int(last.item())]
            for hist in history[: int(ends[b])][::-1]:
                last = hist[b][best[-1]]
                best.append(int(last.item()))
            best.reverse()
            paths.append(best)
        return paths


class Tagger(nn.Module):
    tags: List[str]

    def __init__(self):
        super().__init__()
        self.tags = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
        self.embed = nn.Embedding(30, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 6, bidirectional=True, batch_first=True)
        self.proj = nn.Linear(12, len(self.tags))
        self.crf = CRF(len(self.tags))

    def emissions(self, ids: Tensor) -> Tensor:
        out, _ = self.lstm(self.embed(ids))
        return self.proj(out)

    @torch.jit.export
    def spans(self, path: List[int], scores: Tensor) -> List[Span]:
        found: List[Span] = []
        start, label = -1, ""
        for i, t in enumerate(path + [0]):
            tag = self.tags[t]
            kind = tag[2:] if len(tag) > 2 else ""
            inside = tag.startswith("I-") and kind == label and start >= 0
            if not inside:
                if start >= 0:
                    found.append(Span(label, start, i, round(float(scores[start:i].mean()) * 1000) / 1000))
                    start, label = -1, ""
                if tag != "O":
                    start, label = i, kind
        return found

    @torch.jit.export
    def nll(self, ids: Tensor, tags: Tensor, reduction: str) -> Tensor:
        e = self.emissions(ids).transpose(0, 1)
        return -self.crf.loss(e, tags.transpose(0, 1), (ids != 0).t(), reduction)

    def forward(self, ids: Tensor) -> Tuple[List[List[int]], List[List[Span]]]:
        mask = ids.ne(0)
        e = self.emissions(ids)
        paths = self.crf.decode(e.transpose(0, 1), mask.transpose(0, 1))
        conf = e.softmax(-1).amax(-1)
        return paths, [self.spans(p, c) for p, c in zip(paths, conf)]


IDS = torch.randint(1, 30, (3, 7), generator=torch.Generator().manual_seed(2))
IDS[1, 5:] = 0
IDS[2, 1:] = 0
SIGNATURE = ["forward:0=BxTxi64", "nll:0=BxTxi64", "nll:1=BxTxi64", "spans:1=?xf32"]
TOLERANCE = dict(atol=1e-4, rtol=1e-4)
CALLS = [
    ("forward", IDS),
    ("forward", IDS[:1, :3]),
    ("forward", IDS[:2, :1]),
    ("nll", IDS, IDS % 5, "none"),
    ("nll", IDS[:2], IDS[:2] % 5, "mean"),
    ("nll", IDS[:2], IDS[:2] % 5, "token_mean"),
    ("nll", IDS[:2], IDS[:2] % 5, "max"),
    ("spans", [1, 2, 2, 0, 3, 1, 4, 2], torch.rand(8)),
    ("spans", [], torch.rand(1)),
]
