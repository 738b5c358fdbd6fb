"""Tensors that are made of lists of numbers which only run time knows."""

from typing import Dict, List, Tuple

import torch


class TensorsOfLists(torch.nn.Module):
    vocabulary: Dict[str, int]
    seen: List[int]

    def __init__(self):
        super().__init__()
        self.vocabulary = {"a": 1, "b": 2}
        self.seen = []

    @torch.jit.export
    def encode(self, text: str):
        ids: List[int] = []
        for word in text.split():
            ids.append(self.vocabulary.get(word, 0))
            self.seen.append(ids[-1])
        encoded = torch.tensor(ids)
        encoded[encoded == 0] = 7
        return encoded, torch.as_tensor(self.seen, dtype=torch.int32)

    @torch.jit.export
    def kinds(self, ints: List[int], floats: List[float], bools: List[bool]):
        # Floats are of the default dtype before they are of another.
        wide = torch.tensor(floats, dtype=torch.float64)
        narrow = torch.tensor(floats, dtype=torch.uint8)
        number = torch.tensor(0.1 + len(ints), dtype=torch.float64)
        pair = torch.tensor([0.1 + len(ints), 0.3], dtype=torch.float64)
        return (
            torch.tensor(ints, dtype=torch.float16),
            torch.as_tensor(floats),
            torch.tensor(bools),
            wide,
            narrow,
            number,
            pair,
        )

    @torch.jit.export
    def rows(self, rows: List[List[int]]) -> torch.Tensor:
        padded: List[List[float]] = []
        longest = max([len(row) for row in rows])
        for row in rows:
            padded.append([float(i) for i in row] + [-1.0] * (longest - len(row)))
        return torch.tensor(padded) @ torch.ones(longest, 2)

    @torch.jit.export
    def boxes(self, rows: List[List[float]]) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        # Of no rows there is one dim.
        table = torch.tensor(rows)
        return table, table.reshape(-1, 2), torch.tensor(rows, dtype=torch.float64).view(-1, 2).sum(1)

    @torch.jit.export
    def table(self, rows: List[List[int]]) -> Tuple[torch.Tensor, int]:
        table = torch.tensor(rows)
        rows.append([1])
        table[0] += 1
        kept: List[torch.Tensor] = [table]
        table[:, 0] = 9
        return kept[0], len(rows)


CASES: Dict[str, List[Tuple[object, ...]]] = {
    "encode": [("a b c a",), ("",), ("b " * 40,)],
    "kinds": [([1, 70000], [0.1, 300.7, -1.5], [True, False]), ([], [], []), ([-3], [float("inf")], [True])],
    "rows": [([[1], [2, 3], []],), ([[], []],), ([[4, 5, 6]],)],
    "boxes": [([[1.0, 2.0], [3.0, 4.0]],), ([],), ([[1.0]],), ([[], []],)],
    "table": [([[1, 2], [3, 4]],), ([[1], [2, 3]],), ([[1, 2], [3]],), ([[5]],)],
}
