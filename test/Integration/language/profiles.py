"""Named tuples in objects in a dict, parts of which different methods fill, compiled as they are called."""

from typing import Dict, List, NamedTuple, Tuple

import torch
from torch import Tensor


class Event(NamedTuple):
    time: int
    value: Tensor


class Profile(NamedTuple):
    vec: Tensor
    tags: Dict[str, int]
    events: List[Event]


class Slot:
    def __init__(self, profile: Profile, expires: int):
        self.profile = profile
        self.expires = expires


class Cache:
    def __init__(self, n: int):
        self.n = n
        self.slots: Dict[str, Slot] = {}


class Profiles(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.cache = Cache(3)

    @torch.jit.export
    def put(self, key: str, vec: Tensor) -> int:
        events: List[Event] = []
        tags: Dict[str, int] = {}
        self.cache.slots[key] = Slot(Profile(vec, tags, events), 3)
        return len(self.cache.slots)

    @torch.jit.export
    def log(self, key: str, t: int, v: Tensor) -> int:
        p = self.cache.slots[key].profile
        p.events.append(Event(t, v))
        return len(p.events)

    @torch.jit.export
    def features(self, key: str) -> Tensor:
        p = self.cache.slots[key].profile
        return torch.stack([e.value for e in p.events]).sum(0)

    @torch.jit.export
    def fwd(self, keys: List[str]) -> Tuple[Tensor, List[str]]:
        vecs: List[Tensor] = []
        miss: List[str] = []
        for k in keys:
            if k in self.cache.slots:
                vecs.append(self.cache.slots[k].profile.vec)
            else:
                miss.append(k)
        if len(vecs) == 0:
            return torch.zeros(0), miss
        return torch.stack(vecs).sum(1), miss


V = torch.ones(3)
JUST_IN_TIME = True
CALLS = [
    ("fwd", ["a"]),
    ("put", "a", V),
    ("log", "a", 1, V),
    ("log", "a", 1, V * 2),
    ("features", "a"),
    ("fwd", ["a", "b"]),
    ("put", "b", V * 3),
    ("fwd", ["b", "a"]),
]
