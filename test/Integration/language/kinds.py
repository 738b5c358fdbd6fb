"""Containers among values of any kind and of unions, which say at run time of what they are."""

from typing import Any, Dict, List, Tuple, Union

import torch


class Kinds(torch.nn.Module):
    held: Dict[str, Any]

    def __init__(self):
        super().__init__()
        self.held = {}

    @torch.jit.export
    def put(self, k: str, n: int):
        if n == 0:
            self.held[k] = [1, 2]
        elif n == 1:
            self.held[k] = [1.5]
        elif n == 2:
            self.held[k] = ["a", "b"]
        elif n == 3:
            self.held[k] = {"a": 1}
        elif n == 4:
            self.held[k] = {"a": 1.5}
        elif n == 5:
            empty: List[float] = []
            self.held[k] = empty
        elif n == 6:
            self.held[k] = ([1], 2)
        elif n == 7:
            self.held[k] = n
        elif n == 8:
            self.held[k] = [[1], [2]]
        elif n == 9:
            self.held[k] = (1, "a")
        elif n == 10:
            self.held[k] = torch.ones(2)
        return len(self.held)

    @torch.jit.export
    def kind(self, k: str) -> str:
        v = self.held[k]
        return self.what(v)

    def what(self, v: Any) -> str:
        if isinstance(v, int):
            return f"int {v}"
        if torch.jit.isinstance(v, List[int]):
            return f"ints {sum(v)}"
        if torch.jit.isinstance(v, List[float]):
            return f"floats {len(v)}"
        if torch.jit.isinstance(v, List[str]):
            return "strs " + " ".join(v)
        if torch.jit.isinstance(v, Dict[str, int]):
            return f"dict of ints {v['a']}"
        if torch.jit.isinstance(v, Dict[str, float]):
            return f"dict of floats {v['a']}"
        if torch.jit.isinstance(v, Tuple[List[int], int]):
            return f"tuple {v[0]}"
        if torch.jit.isinstance(v, List[List[int]]):
            return f"lists {v[0]}"
        if torch.jit.isinstance(v, Tuple[int, str]):
            return f"pair {v[0]} {v[1]}"
        return "other"

    @torch.jit.export
    def union(self, n: int) -> str:
        u: Union[List[int], List[str], int] = n
        if n == 1:
            u = [n]
        elif n == 2:
            u = ["x"]
        if isinstance(u, int):
            return "int"
        elif torch.jit.isinstance(u, List[int]):
            return f"ints {u[0]}"
        else:
            return f"strs {u[0]}"

    @torch.jit.export
    def given(self, d: Dict[str, Any]) -> List[str]:
        out: List[str] = []
        for k, v in d.items():
            out.append(k + self.what(v))
        return out

    @torch.jit.export
    def nested(self, n: int) -> List[str]:
        d: Dict[str, Any] = {"x": [str(n)]}
        d["y"] = [n]
        d["z"] = {"a": n}
        w: List[Any] = []
        w.append([n])
        w.append(["s"])
        w.append((n, "t"))
        return [k + self.what(v) for k, v in d.items()] + [self.what(v) for v in w]


CALLS = []
for n in range(11):
    CALLS += [("put", "k", n), ("kind", "k")]
CALLS += [("union", n) for n in range(3)] + [("nested", 3)]
CALLS.append(("given", {"a": [1, 2], "b": [1.5], "c": ["x"], "d": {"a": 2}, "e": ([1], 2)}))
