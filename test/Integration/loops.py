"""Methods that are programs rather than graphs, for './dev bench': what an interpreter spends its time on.

`PROGRAMS` names them with their arguments. `archive()` gives the path of the module with all of them, made on first use.
"""

import os
from typing import Dict, List, Tuple

import models
import torch
from torch import Tensor, nn


class Loops(nn.Module):
    hidden: Tensor

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embedding = nn.Embedding(100, 64)
        self.cell = nn.GRUCell(64, 64)
        self.scores = nn.Linear(64, 100)
        self.steps = 0
        self.register_buffer("hidden", torch.zeros(1, 8))

    @torch.jit.export
    def scalars(self, n: int) -> Tuple[int, float]:
        """Collatz sequences, and a running mean."""
        longest, mean = 0, 0.0
        for start in range(1, n):
            value, length = start, 0
            while value != 1:
                value = value // 2 if value % 2 == 0 else 3 * value + 1
                length += 1
            longest = max(longest, length)
            mean += (float(length) - mean) / float(start)
        return longest, mean

    @torch.jit.export
    def containers(self, n: int) -> Tuple[int, int]:
        """A sieve in a list, and counts in a dict."""
        sieve = [True] * n
        primes: List[int] = []
        for i in range(2, n):
            if sieve[i]:
                primes.append(i)
                for j in range(i * i, n, i):
                    sieve[j] = False
        counts: Dict[int, int] = {}
        for prime in primes:
            digit = prime % 10
            counts[digit] = counts[digit] + 1 if digit in counts else 1
        return len(primes), counts[7]

    @torch.jit.export
    def text(self, n: int) -> str:
        """Lines of numbers, split, stripped and joined."""
        lines: List[str] = []
        for i in range(n):
            lines.append(f" item {i}, {i * i} ")
        parts: List[str] = []
        for line in lines:
            words = line.strip().split(", ")
            parts.append(words[1] + ":" + words[0].upper())
        return ";".join(parts)

    @torch.jit.export
    def decode(self, hidden: Tensor, steps: int) -> Tuple[List[int], Tensor]:
        """Greedy decoding around a GRU cell, until a token ends it."""
        tokens: List[int] = []
        states: List[Tensor] = []
        token = torch.zeros([1], dtype=torch.long)
        for _ in range(steps):
            hidden = self.cell(self.embedding(token), hidden)
            token = self.scores(hidden).argmax(1)
            states.append(hidden)
            tokens.append(int(token))
            if tokens[-1] == 100:
                break
        return tokens, torch.cat(states)

    @torch.jit.export
    def stream(self, chunks: List[Tensor]) -> Tensor:
        """One step of a stream: the state takes in a list of tensors."""
        self.steps += 1
        hidden = self.hidden * 0.5
        for chunk in chunks:
            hidden = hidden + chunk
        self.hidden = hidden
        return hidden * float(self.steps)


PROGRAMS = {
    "scalars": lambda: (300,),
    "containers": lambda: (3000,),
    "text": lambda: (100,),
    "decode": lambda: (torch.zeros(1, 64), 50),
    "stream": lambda: ([torch.ones(1, 8), torch.ones(1, 8)],),
}
SIGNATURE = {
    "scalars": ["int"],
    "containers": ["int"],
    "text": ["int"],
    "decode": ["1x64xf32", "int"],
    "stream": ["[1x8xf32]"],
}


def archive():
    os.makedirs(models.CACHE, exist_ok=True)
    path = os.path.join(models.CACHE, "loops.pt")
    with torch.no_grad():
        torch.jit.script(Loops().eval()).save(path)
    return path


def signature():
    """What `wick compile` is told of all arguments."""
    return [f"{method}:{i}={text}" for method, texts in SIGNATURE.items() for i, text in enumerate(texts)]
