"""A retrieval index that grows: add, remove, cosine top-k, in a buffer that doubles, with filters and metadata."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Hit(NamedTuple):
    id: str
    score: float
    meta: Dict[str, str]


class Retrieval(nn.Module):
    ids: List[str]
    index: Dict[str, int]
    meta: Dict[str, Dict[str, str]]

    def __init__(self, dim: int = 4):
        super().__init__()
        self.proj = nn.Linear(dim, dim)
        self.dim = dim
        self.register_buffer("vectors", torch.zeros(2, dim))
        self.register_buffer("norms", torch.zeros(2))
        self.ids = []
        self.index = {}
        self.meta = {}

    def grow(self):
        n = self.vectors.size(0)
        vectors = torch.zeros(2 * n, self.dim)
        vectors[:n] = self.vectors
        self.vectors = vectors
        self.norms = torch.cat([self.norms, torch.zeros(n)])

    @torch.jit.export
    def add(self, id: str, x: Tensor, meta: Optional[Dict[str, str]] = None) -> int:
        if x.shape != [self.dim]:
            raise ValueError(f"expected a vector of {self.dim}, got {x.shape}")
        if id in self.index:
            row = self.index[id]
        else:
            row = len(self.ids)
            if row == self.vectors.size(0):
                self.grow()
            self.ids.append(id)
            self.index[id] = row
        v = self.proj(x)
        self.vectors[row] = v
        self.norms[row] = v.norm()
        if meta is None:
            meta = torch.jit.annotate(Dict[str, str], {})
        self.meta[id] = meta
        return row

    @torch.jit.export
    def remove(self, id: str) -> bool:
        if id not in self.index:
            return False
        row = self.index.pop(id)
        last = len(self.ids) - 1
        if row != last:
            moved = self.ids[last]
            self.ids[row] = moved
            self.index[moved] = row
            self.vectors[row].copy_(self.vectors[last])
            self.norms[row] = self.norms[last]
        self.ids.pop()
        self.vectors[last].zero_()
        self.norms[last] = 0.0
        del self.meta[id]
        return True

    def matches(self, id: str, where: Optional[Dict[str, str]]) -> bool:
        if where is None:
            return True
        meta = self.meta[id]
        for k, v in where.items():
            if meta.get(k, "") != v:
                return False
        return True

    def forward(
        self, queries: Tensor, k: int, where: Optional[Dict[str, str]] = None, threshold: float = -1.0
    ) -> List[List[Hit]]:
        n = len(self.ids)
        out: List[List[Hit]] = []
        if n == 0:
            return out
        q = F.normalize(self.proj(queries), p=2.0, dim=1)
        sims = q @ self.vectors[:n].t() / self.norms[:n].clamp(min=1e-6)
        if where is not None:
            keep = torch.tensor([self.matches(id, where) for id in self.ids])
            sims = sims.masked_fill(~keep, float("-inf"))
        scores, rows = sims.topk(min(k, n), dim=1)
        for i in range(scores.size(0)):
            hits: List[Hit] = []
            valid = scores[i] > threshold
            for s, r in zip(scores[i][valid], rows[i][valid]):
                id = self.ids[int(r)]
                hits.append(Hit(id, float(s), self.meta[id]))
            out.append(hits)
        return out

    @torch.jit.export
    def stats(self) -> Tuple[int, int, List[str], Tensor]:
        n = len(self.ids)
        return n, self.vectors.shape[0], sorted(self.index.keys()), self.norms[:n]


torch.manual_seed(5)
V = torch.randn(8, 4)
TOLERANCE = dict(atol=1e-5, rtol=1e-5)
SIGNATURE = ["forward:0=Qx4xf32", "add:1=4xf32"]
CALLS = [
    ("forward", V[:2], 3, None, -1.0),
    ("stats",),
    ("add", "a", V[0], None),
    ("add", "b", V[1], {"lang": "en"}),
    ("forward", V[:2], 3, None, -1.0),
    ("add", "c", V[2], {"lang": "de"}),
    ("add", "d", V[3], {"lang": "en", "k": "1"}),
    ("add", "e", V[4], {"lang": "en", "k": "2"}),
    ("stats",),
    ("forward", V, 2, {"lang": "en"}, -1.0),
    ("forward", V[:1], 9, {"lang": "en", "k": "1"}, 0.0),
    ("remove", "b"),
    ("remove", "zz"),
    ("add", "a", V[5], {"lang": "fr"}),
    ("stats",),
    ("forward", V[2:5], 4, None, 0.1),
    ("remove", "e"),
    ("remove", "d"),
    ("stats",),
    ("add", "f", V[0], None),
]
