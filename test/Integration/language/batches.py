"""Batching: sorting by length, padding, masks, packed LSTMs, restoring order, buckets of token counts."""

from typing import List, Tuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence


class Batches(nn.Module):
    def __init__(self, vocab: int = 20, dim: int = 6, pad: int = 0):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim, padding_idx=pad)
        self.lstm = nn.LSTM(dim, dim, batch_first=True, bidirectional=True)
        self.score = nn.Linear(2 * dim, 1)
        self.pad = pad

    @torch.jit.export
    def collate(self, rows: List[List[int]]) -> Tuple[Tensor, Tensor, Tensor]:
        lengths = torch.tensor([len(r) for r in rows], dtype=torch.long)
        width = int(lengths.max())
        batch = torch.full((len(rows), width), self.pad, dtype=torch.long)
        for i, r in enumerate(rows):
            batch[i, : len(r)] = torch.tensor(r, dtype=torch.long)
        mask = torch.arange(width)[None, :] < lengths[:, None]
        return batch, lengths, mask

    @torch.jit.export
    def buckets(self, lengths: List[int], max_tokens: int) -> List[List[int]]:
        order = sorted([(n, i) for i, n in enumerate(lengths)])
        out: List[List[int]] = []
        current: List[int] = []
        longest = 0
        for n, i in order:
            if n > max_tokens:
                raise ValueError(f"sentence {i} of {n} tokens exceeds max_tokens={max_tokens}")
            if len(current) > 0 and max(longest, n) * (len(current) + 1) > max_tokens:
                out.append(current)
                current, longest = [], 0
            current.append(i)
            longest = max(longest, n)
        if current:
            out.append(current)
        return out

    @torch.jit.export
    def pool(self, batch: Tensor, lengths: Tensor, mask: Tensor) -> Tensor:
        ordered, index = lengths.sort(descending=True)
        packed = pack_padded_sequence(self.embed(batch[index]), ordered, batch_first=True)
        out, _ = self.lstm(packed)
        hidden, _ = pad_packed_sequence(out, batch_first=True, padding_value=0.0)
        hidden = hidden[index.argsort()]
        weights = self.score(hidden).squeeze(-1).masked_fill(~mask, float("-inf")).softmax(1)
        return torch.bmm(weights.unsqueeze(1), hidden).squeeze(1)

    @torch.jit.export
    def pad_all(self, sequences: List[Tensor], value: float = 0.0) -> Tuple[Tensor, Tensor]:
        padded = pad_sequence(sequences, batch_first=True, padding_value=value)
        mask = padded.new_zeros([padded.size(0), padded.size(1)], dtype=torch.bool)
        for i, s in enumerate(sequences):
            mask[i, s.size(0) :] = True
        return padded, mask

    @torch.jit.export
    def unpad(self, padded: Tensor, lengths: Tensor) -> List[Tensor]:
        out: List[Tensor] = []
        for row, n in zip(padded, lengths):
            out.append(row[: int(n)])
        return out

    def forward(self, rows: List[List[int]], max_tokens: int = 12) -> Tensor:
        result = torch.zeros(len(rows), 12)
        for group in self.buckets([len(r) for r in rows], max_tokens):
            batch, lengths, mask = self.collate([rows[i] for i in group])
            result[torch.tensor(group)] = self.pool(batch, lengths, mask)
        return result


SIGNATURE = [
    "collate:rows=[[int]]",
    "pad_all:sequences=[?x2xf32]",
    "unpad:padded=BxTx2xf32",
    "unpad:lengths=Bxi64",
    "forward:rows=[[int]]",
]
CALLS = [
    ("collate", [[1, 2, 3], [4], [5, 6]]),
    ("collate", [[7]]),
    ("buckets", [3, 1, 5, 2, 2], 6),
    ("buckets", [3, 9], 6),
    ("buckets", [], 6),
    ("pad_all", [torch.randn(3, 2), torch.randn(1, 2)], 1.5),
    ("pad_all", [torch.randn(2, 2)], 0.0),
    ("unpad", torch.randn(3, 4, 2), torch.tensor([4, 1, 2])),
    ("forward", [[1, 2, 3], [4], [5, 6], [7, 8, 9, 10]], 8),
    ("forward", [[1, 2], [4, 4]], 8),
    ("forward", [[1]], 1),
]
