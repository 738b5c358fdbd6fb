"""Containers of constants: long ones, nested ones, ones that change, or reach the caller."""

from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor


class Vocabularies(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.words: Dict[str, int] = {f"w{i}": i for i in range(2000)}
        self.names: List[str] = [f"näme {i}" for i in range(300)]
        self.spelled: Dict[str, List[str]] = {f"w{i}": [f"{i}", "x" * (i % 3)] for i in range(40)}
        self.table: List[List[float]] = [[i / 4, float("inf"), -0.0] for i in range(20)]
        self.rules: List[Tuple[str, float, Optional[int]]] = [
            (f"r{i}", i * 0.5, None if i % 2 else i) for i in range(20)
        ]
        self.seen: Dict[str, int] = {f"w{i}": 0 for i in range(30)}
        self.groups: Dict[str, List[int]] = {f"w{i}": [i] for i in range(30)}
        self.flags: Dict[int, bool] = {i: i % 3 == 0 for i in range(-5, 20)}

    def forward(self, text: List[str]) -> List[int]:
        return [self.words.get(word.lower(), -1) for word in text]

    @torch.jit.export
    def named(self, i: int) -> Tuple[str, List[str], int]:
        return self.names[i], self.names[i : i + 2], len(self.names)

    @torch.jit.export
    def all_names(self) -> List[str]:
        return self.names

    @torch.jit.export
    def spell(self, word: str) -> str:
        return "-".join(self.spelled[word])

    @torch.jit.export
    def cell(self, i: int, j: int) -> Tuple[float, Tensor]:
        return self.table[i][j], torch.tensor(self.table)[i]

    @torch.jit.export
    def rule(self, i: int) -> Tuple[str, float, Optional[int]]:
        total = 0.0
        for rule in self.rules:
            total += rule[1]
        return self.rules[i][0], total, self.rules[i][2]

    @torch.jit.export
    def count(self, word: str) -> Tuple[int, int, List[int]]:
        self.seen[word] += 1
        self.groups[word].append(self.seen[word])
        return self.seen[word], len(self.seen), self.groups[word]

    @torch.jit.export
    def flag(self, i: int) -> Tuple[bool, int]:
        return self.flags[i], len(self.flags)

    @torch.jit.export
    def fresh(self, i: int) -> List[int]:
        long = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
        other = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
        long[i] = -1
        other.append(long[i] + other[i])
        return long if i % 2 == 0 else other

    @torch.jit.export
    def twice(self, key: str) -> int:
        inner = [1, 2]
        shared = {"a": inner, "b": inner}
        shared["a"].append(3)
        return len(shared[key])

    @torch.jit.export
    def repeated_keys(self, key: str) -> int:
        return {"a": 1, "b": 2, "a": 3}[key]  # noqa: F601

    @torch.jit.export
    def of_any(self, i: int) -> str:
        values: List[Any] = [1, 2.5, "three", None, (4, 5)]
        value = values[i]
        return "str" if isinstance(value, str) else "int" if isinstance(value, int) else "other"


WORDS = ["W1", "w1999", "w2000", "", "w0"]
CASES = {
    "forward": [(WORDS,), ([],)],
    "named": [(0,), (299,), (-1,), (300,)],
    "all_names": [(), ()],
    "spell": [("w5",), ("w39",), ("w40",)],
    "cell": [(0, 0), (19, 1), (3, 2), (3, 3)],
    "rule": [(0,), (19,)],
    "count": [("w1",), ("w1",), ("w29",), ("w30",), ("w1",)],
    "flag": [(-5,), (0,), (19,)],
    "fresh": [(0,), (1,), (0,), (17,)],
    "twice": [("a",), ("b",)],
    "repeated_keys": [("a",), ("b",)],
    "of_any": [(i,) for i in range(5)],
}
