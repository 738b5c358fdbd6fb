"""Values of any kind in dicts and lists: nested sections, tensors and lists, told apart where they are taken out."""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor


class Span(NamedTuple):
    begin: int
    end: int


class Settings(torch.nn.Module):
    def build(self, words: List[str], x: Tensor) -> Dict[str, Any]:
        root: Dict[str, Any] = {}
        stack: List[Dict[str, Any]] = []
        current = root
        for i, word in enumerate(words):
            if word == "{":
                child: Dict[str, Any] = {}
                current["section" + str(i)] = child
                stack.append(current)
                current = child
            elif word == "}":
                current = stack.pop()
            elif word.isdigit():
                current[word] = int(word)
            elif word == "tensor":
                current[word] = x * i
            elif word == "list":
                names = [word, str(i)]
                current[word] = names
            elif word == "ids":
                current[word] = torch.arange(i)
            elif word == "none":
                current[word] = None
            elif word == "span":
                current[word] = Span(i, len(word))
            else:
                current[word] = len(word) / 4
        return root

    @torch.jit.export
    def describe(self, words: List[str], x: Tensor) -> List[str]:
        lines: List[str] = []
        pending: List[Tuple[str, Dict[str, Any]]] = [("", self.build(words, x))]
        while len(pending) > 0:
            prefix, node = pending.pop(0)
            for key, value in node.items():
                path = prefix + key
                if isinstance(value, Dict[str, Any]):
                    pending.append((path + ".", value))
                elif isinstance(value, Tensor):
                    lines.append(path + " tensor " + str(int(value.sum().item())))
                elif isinstance(value, List[str]):
                    lines.append(path + " " + "|".join(value))
                elif isinstance(value, List[int]):
                    lines.append(path + " ints " + str(len(value)))
                elif isinstance(value, Span):
                    lines.append(path + " span " + str(value.begin))
                elif isinstance(value, (int, bool)):
                    lines.append(path + " int " + str(value))
                elif isinstance(value, float):
                    lines.append(path + " float " + str(value))
                else:
                    lines.append(path + " other")
        return lines

    @torch.jit.export
    def tensor(self, words: List[str], x: Tensor, key: str, default: Optional[float] = None) -> Tensor:
        node = self.build(words, x)
        if key not in node:
            if default is not None:
                return torch.full([2], default)
            raise KeyError(key)
        value = node[key]
        assert isinstance(value, Tensor), "not a tensor"
        return value * 2 + x

    @torch.jit.export
    def mixed(self, x: Tensor, n: int) -> Tuple[Tensor, int]:
        found: List[Any] = []
        for i in range(n):
            if i % 3 == 0:
                found.append(x + i)
            elif i % 3 == 1:
                found.append([x, x * i])
            else:
                found.append(i)
        total = torch.zeros(2)
        others = 0
        for value in found:
            if isinstance(value, Tensor):
                total += value
            elif isinstance(value, List[Tensor]):
                for part in value:
                    total += part * 10.0
            else:
                others += 1
        return total, others


X = torch.tensor([0.5, 2.0])
WORDS = "name 12 { tensor list { 7 none } span } ids tensor list none".split()
CASES = {
    "describe": [(WORDS, X), ([], X), ("a { b { c { 1 } } }".split(), X), (["}"], X)],
    "tensor": [
        (WORDS, X, "tensor"),
        (WORDS, X, "lost"),
        (WORDS, X, "lost", 1.5),
        (WORDS, X, "name"),
        (["1", "2", "ids"], X, "ids"),
    ],
    "mixed": [(X, 0), (X, 1), (X, 7)],
}
JUST_IN_TIME = True
