"""A streaming keyword spotter over text embeddings: ring buffers, Dict[str, List[Tensor]], hooks of sessions by id."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor, nn


@torch.jit.script
class Session(object):
    def __init__(self, dim: int):
        self.hidden = torch.zeros(1, dim)
        self.frames: List[Tensor] = []
        self.count = 0
        self.alerts: Dict[str, int] = {}

    def push(self, x: Tensor, limit: int):
        self.frames.append(x)
        if len(self.frames) > limit:
            self.frames = self.frames[1:]
        self.count += 1

    def window(self) -> Tensor:
        return torch.stack(self.frames, 0)


class Spotter(nn.Module):
    sessions: Dict[str, Session]
    history: Dict[str, List[Tensor]]

    def __init__(self, dim: int = 6):
        super().__init__()
        self.cell = nn.GRUCell(4, dim)
        self.score = nn.Linear(dim, 3)
        self.sessions = {}
        self.history = {}
        self.names = ["yes", "no", "stop"]
        self.register_buffer("mean", torch.zeros(4))
        self.register_buffer("steps", torch.tensor(0))

    def normalize(self, x: Tensor) -> Tensor:
        self.steps += 1
        self.mean.mul_(0.9).add_(x.mean(0), alpha=0.1)
        return x - self.mean

    def forward(self, id: str, chunk: Tensor) -> Tuple[List[str], Tensor, int]:
        if chunk.dim() != 2 or chunk.size(1) != 4:
            raise ValueError(f"expected frames of 4, got {chunk.size()}")
        if id not in self.sessions:
            self.sessions[id] = Session(6)
        session = self.sessions[id]
        x = self.normalize(chunk)
        found: List[str] = []
        for t in range(x.size(0)):
            session.hidden = self.cell(x[t : t + 1], session.hidden)
            session.push(session.hidden[0], 3)
            probs = self.score(session.window().mean(0)).softmax(0)
            best, index = probs.max(0)
            name = self.names[int(index)]
            if float(best) > 0.35:
                found.append(name)
                session.alerts[name] = session.alerts.get(name, 0) + 1
        if id in self.history:
            self.history[id].append(session.hidden)
        else:
            self.history[id] = [session.hidden]
        return found, session.hidden, session.count

    @torch.jit.export
    def report(self, id: str) -> Dict[str, int]:
        if id in self.sessions:
            return self.sessions[id].alerts
        return {}

    @torch.jit.export
    def track(self, id: str) -> Tensor:
        return torch.cat(self.history[id], 0)

    @torch.jit.export
    def close(self, id: str) -> int:
        n = self.sessions[id].count
        del self.sessions[id]
        self.history.pop(id)
        return n + len(self.sessions)


torch.manual_seed(0)
X = torch.randn(9, 4)
TOLERANCE = dict(atol=1e-5, rtol=1e-5)
SIGNATURE = ["forward:chunk=?x4xf32"]
CALLS = [
    ("report", "a"),
    ("forward", "a", X[:4]),
    ("forward", "b", X[4:5]),
    ("forward", "a", X[5:]),
    ("track", "a"),
    ("report", "a"),
    ("report", "b"),
    ("close", "a"),
    ("close", "a"),
    ("forward", "a", X[:2]),
    ("track", "a"),
]
