"""A decoder with a KV cache in a list of tuples, greedy and sampled, with a stop list and n-gram blocking."""

import math
from typing import List, Optional, Tuple

import torch
from torch import Tensor, nn

KV = Tuple[Tensor, Tensor]


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads, self.head_dim = heads, dim // heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor, past: Optional[Tuple[Tensor, Tensor]]) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        b, t, c = x.shape
        q, k, v = self.qkv(x).split(c, dim=2)
        q = q.view(b, t, self.heads, self.head_dim).transpose(1, 2)
        k = k.view(b, t, self.heads, self.head_dim).transpose(1, 2)
        v = v.view(b, t, self.heads, self.head_dim).transpose(1, 2)
        if past is not None:
            k = torch.cat([past[0], k], dim=2)
            v = torch.cat([past[1], v], dim=2)
        att = (q @ k.transpose(-2, -1)) / math.sqrt(self.head_dim)
        s = k.size(2)
        mask = torch.ones(t, s, dtype=torch.bool, device=x.device).tril(s - t)
        att = att.masked_fill(~mask, float("-inf")).softmax(-1)
        y = (att @ v).transpose(1, 2).reshape(b, t, c)
        return self.proj(y), (k, v)


class Block(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = Attention(dim, heads)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))

    def forward(self, x: Tensor, past: Optional[Tuple[Tensor, Tensor]] = None) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        a, present = self.attn(self.ln1(x), past)
        x = x + a
        return x + self.mlp(self.ln2(x)), present


class Generation(nn.Module):
    def __init__(self, vocab: int = 17, dim: int = 16, heads: int = 2, layers: int = 2, context: int = 32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(vocab, dim), nn.Embedding(context, dim)
        self.blocks = nn.ModuleList([Block(dim, heads) for _ in range(layers)])
        self.ln = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, vocab, bias=False)
        self.context = context

    @torch.jit.export
    def step(self, ids: Tensor, cache: List[Tuple[Tensor, Tensor]]) -> Tuple[Tensor, List[Tuple[Tensor, Tensor]]]:
        start = 0
        if len(cache) > 0:
            start = cache[0][0].size(2)
        positions = torch.arange(start, start + ids.size(1), device=ids.device)
        x = self.tok(ids) + self.pos(positions)
        presents: List[Tuple[Tensor, Tensor]] = []
        for i, block in enumerate(self.blocks):
            past: Optional[Tuple[Tensor, Tensor]] = None
            if len(cache) > 0:
                past = cache[i]
            x, present = block(x, past)
            presents.append(present)
        return self.head(self.ln(x))[:, -1], presents

    def block_repeats(self, logits: Tensor, history: List[int], n: int) -> Tensor:
        if n <= 0 or len(history) < n:
            return logits
        banned: List[int] = []
        suffix = history[len(history) - n + 1 :]
        for i in range(len(history) - n + 1):
            if history[i : i + n - 1] == suffix:
                banned.append(history[i + n - 1])
        for token in banned:
            logits[0, token] = float("-inf")
        return logits

    @torch.jit.export
    def generate(self, prompt: Tensor, steps: int, no_repeat: int = 0, stop: Optional[List[int]] = None) -> List[int]:
        assert prompt.dim() == 2 and prompt.size(0) == 1, f"expected one prompt, got shape {prompt.shape}"
        stops: List[int] = []
        if stop is not None:
            stops = stop
        history: List[int] = prompt[0].tolist()
        cache: List[Tuple[Tensor, Tensor]] = []
        ids = prompt
        for _ in range(steps):
            if len(history) >= self.context:
                break
            logits, cache = self.step(ids, cache)
            logits = self.block_repeats(logits, history, no_repeat)
            token = int(logits.argmax(-1)[0])
            history.append(token)
            if token in stops:
                break
            ids = torch.tensor([[token]])
        return history

    def forward(self, prompt: Tensor) -> Tensor:
        logits, _ = self.step(prompt, [])
        return logits


torch.manual_seed(1)
SIGNATURE = [
    "generate:prompt=BxTxi64",
    "step:ids=2x?xi64",
    "step:cache=[(2x2x?x8xf32, 2x2x?x8xf32)]",
    "forward:prompt=3x5xi64",
]
CALLS = [
    ("generate", torch.tensor([[1, 2, 3]]), 6, 0, None),
    ("generate", torch.tensor([[1, 2, 3, 1, 2]]), 8, 2, None),
    ("generate", torch.tensor([[5]]), 40, 3, [4]),
    ("generate", torch.tensor([[5], [6]]), 4, 0, None),
    ("generate", torch.tensor([[5, 7]]), 0, 0, None),
    ("forward", torch.randint(0, 17, (3, 5))),
    ("step", torch.randint(0, 17, (2, 3)), []),
    ("step", torch.randint(0, 17, (2, 1)), [(torch.randn(2, 2, 4, 8), torch.randn(2, 2, 4, 8))] * 2),
]
