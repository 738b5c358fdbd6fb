"""Lists and records that hold tensors of several ranks and dtypes, compiled ahead of time."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn


class Mixtures(nn.Module):
    kept: Dict[str, Tensor]

    def __init__(self):
        super().__init__()
        self.kept = {}

    @torch.jit.export
    def run(self, program: str, x: Tensor) -> List[Tensor]:
        stack: List[Tensor] = []
        for word in program.split():
            if word == "x":
                stack.append(x)
            elif word == "sum":
                stack.append(stack.pop().sum(0))
            elif word == "count":
                stack.append(torch.tensor(stack.pop().numel()))
            elif word == "+":
                b = stack.pop()
                stack.append(stack.pop() + b)
            elif word == "swap":
                stack[-1], stack[-2] = stack[-2], stack[-1]
            elif word.startswith(">"):
                self.kept[word[1:]] = stack[-1]
            else:
                stack.append(self.kept[word])
        return stack

    @torch.jit.export
    def beams(self, x: Tensor, width: int) -> Tuple[List[List[int]], Tensor]:
        beams = [{"x": x, "ids": torch.ones(1, dtype=torch.long), "score": torch.zeros(1)}]
        done: List[Dict[str, Tensor]] = []
        for step in range(3):
            more: List[Dict[str, Tensor]] = []
            for beam in beams:
                values, indices = torch.topk(beam["x"].sum(0), width)
                for k in range(width):
                    ids = torch.cat([beam["ids"], indices[k : k + 1]])
                    more.append({"x": beam["x"].roll(k, 1), "ids": ids, "score": beam["score"] + values[k]})
            order: List[int] = torch.cat([m["score"] for m in more]).argsort(descending=True, stable=True).tolist()
            beams = torch.jit.annotate(List[Dict[str, Tensor]], [])
            for i in order:
                if int(more[i]["ids"][-1]) == 2:
                    done.append(more[i])
                elif len(beams) < width:
                    beams.append(more[i])
            if len(beams) == 0:
                break
        if len(done) == 0:
            done = beams
        ids: List[List[int]] = []
        for d in done:
            own: List[int] = d["ids"].tolist()
            ids.append(own)
        return ids, torch.cat([d["score"] for d in done])

    @torch.jit.export
    def sizes(self) -> Dict[str, int]:
        return {name: tensor.numel() * tensor.element_size() for name, tensor in self.kept.items()}

    @torch.jit.export
    def carried(self, x: Tensor, n: int) -> Tuple[Tensor, Tensor, Tensor]:
        rows = torch.zeros(0)
        best = torch.tensor(-1.0)
        last: Optional[Tensor] = None
        for i in range(n):
            row = x[i % x.size(0)] * i
            rows = torch.cat([rows, row.unsqueeze(0)])
            if bool(row.sum() > best.sum()):
                best = row + 1
            if last is None:
                last = row.sum()
            else:
                last = torch.stack([last.flatten()[0], row[0]])
        assert last is not None
        return rows, best * 2, last


X = torch.arange(12.0).reshape(3, 4)
SIGNATURE = ["run:x=?x4xf32", "beams:x=?x4xf32", "carried:x=?x4xf32"]
CASES = {
    "run": [("x sum >s x s +", X), ("x count x sum", X[:2]), ("x sum sum x + swap", X), ("s count", X), ("y", X)],
    "beams": [(X, 2), (X.sin(), 3), (X[:1], 5)],
    "carried": [(X, 0), (X, 1), (X, 5), (-X, 2)],
    "sizes": [()],
}
