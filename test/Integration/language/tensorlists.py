"""Programs on lists and dicts of tensors, whose lengths and elements are known only when they run."""

from typing import Dict, List, Tuple

import torch


class TensorLists(torch.nn.Module):
    cache: List[torch.Tensor]

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embed = torch.nn.Embedding(20, 8)
        self.cell = torch.nn.GRUCell(8, 8)
        self.out = torch.nn.Linear(8, 20)
        self.cache = []

    @torch.jit.export
    def decode(self, h: torch.Tensor, steps: int, stop: int) -> Tuple[torch.Tensor, torch.Tensor]:
        token = torch.zeros(h.size(0), dtype=torch.long)
        tokens: List[torch.Tensor] = []
        scores: List[torch.Tensor] = []
        for _ in range(steps):
            h = self.cell(self.embed(token), h)
            logits = self.out(h)
            token = logits.argmax(1)
            tokens.append(token)
            scores.append(logits)
            if int(token[0]) == stop:
                break
        return torch.stack(tokens, 1), torch.cat(scores, 0)

    @torch.jit.export
    def grow(self, x: torch.Tensor, n: int) -> Tuple[torch.Tensor, torch.Tensor, List[torch.Tensor]]:
        out: List[torch.Tensor] = []
        for i in range(n):
            out.append(x[: i + 1])
        joined = torch.cat(out)
        last = out[-1] + 1
        out.pop(0)
        return joined, last, out

    @torch.jit.export
    def lengthen(self, n: int, width: int) -> torch.Tensor:
        row = torch.ones(2)
        for i in range(n):
            row = torch.cat([row, torch.full([width], float(i))])
        return row

    @torch.jit.export
    def shorten(self, x: torch.Tensor) -> Tuple[torch.Tensor, int]:
        rounds = 0
        while x.size(0) > 2:
            x = x[1:] + x[:-1]
            rounds += 1
        return x, rounds

    @torch.jit.export
    def push(self, x: torch.Tensor) -> torch.Tensor:
        self.cache.append(x * 2)
        if len(self.cache) > 3:
            self.cache = self.cache[1:]
        return torch.stack(self.cache)

    @torch.jit.export
    def beams(self, x: torch.Tensor, n: int) -> Tuple[torch.Tensor, float, int]:
        beams: List[Tuple[torch.Tensor, float]] = [(x, 0.0)]
        for i in range(n):
            longer: List[Tuple[torch.Tensor, float]] = []
            for state, score in beams:
                longer.append((state + i, score + float(state.sum())))
                longer.append((state * 2, score - 1.0))
            beams = longer[:4]
        best = beams[0]
        for beam in beams:
            if beam[1] > best[1]:
                best = beam
        return best[0], best[1], len(beams)

    @torch.jit.export
    def groups(self, keys: List[str], x: torch.Tensor) -> Dict[str, torch.Tensor]:
        held: Dict[str, List[torch.Tensor]] = {}
        for i, key in enumerate(keys):
            if key not in held:
                held[key] = []
            held[key].append(x * i)
        sums: Dict[str, torch.Tensor] = {}
        for key in held.keys():
            sums[key] = torch.stack(held[key]).sum(0)
        return sums

    @torch.jit.export
    def compare(self, xs: List[torch.Tensor], x: torch.Tensor) -> Tuple[int, int, List[torch.Tensor], bool]:
        return xs.index(x), xs.count(x), sorted(xs), xs == sorted(xs)

    @torch.jit.export
    def replaced(self, x: torch.Tensor, k: int) -> Tuple[torch.Tensor, List[torch.Tensor], torch.Tensor]:
        xs = [x, x + 1, x]
        before = torch.stack(xs)
        xs[k % 3] = xs[k % 3] + 100
        return before, xs, torch.cat(xs)

    @torch.jit.export
    def total(self, xs: List[torch.Tensor]) -> torch.Tensor:
        total = xs[0]
        for x in xs:
            total = total + x
        return total

    @torch.jit.export
    def nested(self, x: torch.Tensor) -> Tuple[List[List[torch.Tensor]], Dict[str, List[torch.Tensor]], Dict[str, int]]:
        empty: Dict[str, int] = {}
        return [[x, x + 1], [x]], {"a": [x], "b": [x, x * 2]}, empty


def make(*shape):
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape) / 8 - 1


JUST_IN_TIME = True
SCALARS = [torch.tensor(3.0), torch.tensor(1.0), torch.tensor(2.0), torch.tensor(1.0)]
CASES = {
    "decode": [(make(3, 8), 6, 30), (make(3, 8), 1, 30), (make(2, 8), 9, 30), (make(3, 8), 0, 1)],
    "grow": [(make(4, 3), 3), (make(4, 3), 1), (make(4, 3), 0)],
    "lengthen": [(3, 4), (0, 4), (2, 0)],
    "shorten": [(make(6, 2),), (make(1, 2),)],
    "push": [(make(2, 3),)] * 5,
    "beams": [(make(2, 2), 0), (make(2, 2), 4)],
    "groups": [(["a", "b", "a"], make(3)), ([], make(3))],
    "compare": [(SCALARS, torch.tensor(1.0)), (SCALARS, torch.tensor([4.5])), ([make(2), make(2)], make(2))],
    "replaced": [(make(3), 1), (make(2), 5)],
    "total": [([make(2, 3), make(2, 3)],), ([make(4)],)],
    "nested": [(make(3),)],
}
