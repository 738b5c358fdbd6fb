"""A trie in lists with wildcard search, completion by weight, Aho-Corasick matching, and edit distance for suggestions."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import nn


@torch.jit.script
class TrieNode(object):
    def __init__(self, depth: int):
        self.children: Dict[str, int] = {}
        self.depth = depth
        self.fail = 0
        self.word = torch.jit.annotate(Optional[str], None)
        self.weight = 0.0


@torch.jit.script
class Trie(object):
    def __init__(self):
        self.nodes: List[TrieNode] = [TrieNode(0)]
        self.ready = False

    def insert(self, word: str, weight: float):
        at = 0
        for c in word:
            node = self.nodes[at]
            if c not in node.children:
                node.children[c] = len(self.nodes)
                self.nodes.append(TrieNode(node.depth + 1))
            at = node.children[c]
        self.nodes[at].word = word
        self.nodes[at].weight += weight
        self.ready = False

    def find(self, prefix: str) -> Optional[int]:
        at = 0
        for c in prefix:
            if c not in self.nodes[at].children:
                return None
            at = self.nodes[at].children[c]
        return at

    def link(self):
        queue: List[int] = []
        for i in self.nodes[0].children.values():
            queue.append(i)
        while len(queue) > 0:
            at = queue.pop(0)
            for c, child in self.nodes[at].children.items():
                queue.append(child)
                fail = self.nodes[at].fail
                while fail != 0 and c not in self.nodes[fail].children:
                    fail = self.nodes[fail].fail
                if c in self.nodes[fail].children and self.nodes[fail].children[c] != child:
                    self.nodes[child].fail = self.nodes[fail].children[c]
        self.ready = True


def edit_distance(a: str, b: str) -> int:
    table = torch.zeros(len(a) + 1, len(b) + 1, dtype=torch.int64)
    table[:, 0] = torch.arange(len(a) + 1)
    table[0] = torch.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost = 0 if a[i - 1] == b[j - 1] else 1
            table[i, j] = min(int(table[i - 1, j]) + 1, int(table[i, j - 1]) + 1, int(table[i - 1, j - 1]) + cost)
    return int(table[-1, -1])


def similarity(a: str, b: str) -> float:
    previous = [j for j in range(len(b) + 1)]
    for i, x in enumerate(a):
        current = [i + 1]
        for j, y in enumerate(b):
            current.append(min([previous[j + 1] + 1, current[j] + 1, previous[j] + int(x != y)]))
        previous = current
    longest = max(len(a), len(b))
    return 1.0 - previous[-1] / longest if longest > 0 else 1.0


class Match(NamedTuple):
    start: int
    end: int
    word: str


class Tries(nn.Module):
    trie: Trie
    words: Dict[str, float]

    def __init__(self):
        super().__init__()
        self.trie = Trie()
        self.words: Dict[str, float] = {}

    @torch.jit.export
    def add(self, words: List[str], weights: Optional[List[float]] = None) -> int:
        if weights is not None and len(words) != len(weights):
            raise ValueError(f"{len(words)} words but {len(weights)} weights")
        for i, word in enumerate(words):
            w = 1.0 if weights is None else weights[i]
            self.trie.insert(word, w)
            self.words[word] = self.words.get(word, 0.0) + w
        return len(self.trie.nodes)

    @torch.jit.export
    def complete(self, prefix: str, k: int) -> List[str]:
        at = self.trie.find(prefix)
        if at is None:
            return []
        found: List[Tuple[float, str]] = []
        stack = [at]
        while len(stack):
            node = self.trie.nodes[stack.pop()]
            word = node.word
            if word is not None:
                found.append((-node.weight, word))
            stack.extend(list(node.children.values()))
        return [w for _, w in sorted(found)][:k]

    @torch.jit.export
    def wildcard(self, pattern: str) -> List[str]:
        level = [0]
        for c in pattern:
            following: List[int] = []
            for at in level:
                for key, child in self.trie.nodes[at].children.items():
                    if c == "?" or c == key:
                        following.append(child)
            level = following
        out: List[str] = []
        for at in level:
            word = self.trie.nodes[at].word
            if word is not None:
                out.append(word)
        out.sort()
        return out

    def forward(self, text: str) -> List[Match]:
        if not self.trie.ready:
            self.trie.link()
        nodes = self.trie.nodes
        matches: List[Match] = []
        at = 0
        for i, c in enumerate(text):
            while at != 0 and c not in nodes[at].children:
                at = nodes[at].fail
            at = nodes[at].children.get(c, 0)
            out = at
            while out != 0:
                word = nodes[out].word
                if word is not None:
                    matches.append(Match(i + 1 - nodes[out].depth, i + 1, word))
                out = nodes[out].fail
        return matches

    @torch.jit.export
    def suggest(self, word: str, limit: int) -> Dict[str, Tuple[int, float]]:
        out: Dict[str, Tuple[int, float]] = {}
        for candidate in self.words:
            d = edit_distance(word, candidate)
            if d <= limit:
                out[candidate] = (d, similarity(word, candidate))
        return out


JUST_IN_TIME = True
CALLS = [
    ("forward", "abc"),
    ("complete", "", 3),
    ("add", ["he", "she", "his", "hers"], None),
    ("forward", "ushers and his"),
    ("add", ["her", "hex"], [2.5, 0.5]),
    ("add", ["her"], [2.5, 0.5]),
    ("complete", "he", 3),
    ("complete", "q", 3),
    ("wildcard", "h??"),
    ("forward", "usherhex"),
    ("suggest", "hers", 2),
    ("suggest", "", 2),
]
