"""Programs on lists of numbers, whose lengths and elements are known only when they run."""

from typing import List, Tuple

import torch


class Lists(torch.nn.Module):
    @torch.jit.export
    def squares(self, n: int) -> int:
        values: List[int] = []
        for i in range(n):
            values.append(i * i)
        total = 0
        for value in values:
            total += value
        return total

    @torch.jit.export
    def sieve(self, n: int) -> List[int]:
        composite = [False] * (n + 1)
        primes: List[int] = []
        for i in range(2, n + 1):
            if not composite[i]:
                primes.append(i)
                for k in range(i * i, n + 1, i):
                    composite[k] = True
        return primes

    @torch.jit.export
    def collatz(self, n: int) -> List[int]:
        steps = [n]
        while steps[-1] != 1:
            last = steps[-1]
            steps.append(last // 2 if last % 2 == 0 else 3 * last + 1)
        return steps

    @torch.jit.export
    def stack_machine(self, program: List[int]) -> float:
        stack: List[float] = []
        for code in program:
            if code == -1:
                stack.append(stack.pop() + stack.pop())
            elif code == -2:
                stack.append(stack.pop() * stack.pop())
            else:
                stack.append(float(code))
        return stack[-1]

    @torch.jit.export
    def edits(self, n: int) -> Tuple[List[int], List[int], int, int, bool, bool]:
        values = [i * 7 % 5 for i in range(n)]
        values.sort()
        values.insert(1, 100)
        values.insert(-1, 200)
        values.insert(50, 300)
        copy = values.copy()
        values.reverse()
        values.extend([1, 2, 3])
        copy += values
        values.remove(100)
        del values[0]
        return values, copy, values.index(200), copy.count(1), 200 in values, 100 in values

    @torch.jit.export
    def slices(self, n: int) -> Tuple[List[int], List[int], List[int], List[int], List[int]]:
        values = [i for i in range(n)]
        return values[1:], values[:-2], values[::2], values[-3:100], values[5:2]

    @torch.jit.export
    def reductions(self, n: int) -> Tuple[int, int, float, bool, bool, List[float]]:
        whole = [(i * 37) % 11 - 5 for i in range(n)]
        real = [float(value) / 4.0 for value in whole]
        return max(whole), min(whole), sum(real), any(whole), all(whole), sorted(real)

    @torch.jit.export
    def aliases(self, n: int) -> Tuple[List[int], List[int], List[List[int]]]:
        a = [0] * n
        b = a
        b += [1]
        c = a + [2]
        rows = [[0] * 2] * n
        rows[0][1] = 5
        for value in a:
            a.append(value)
        return a, c, rows

    @torch.jit.export
    def matrix(self, n: int) -> float:
        a: List[List[float]] = []
        for i in range(n):
            row: List[float] = []
            for k in range(n):
                row.append(float(i * k % 7))
            a.append(row)
        trace = 0.0
        for i in range(n):
            for k in range(n):
                trace += a[i][k] * a[k][i]
        return trace

    @torch.jit.export
    def compare(self, n: int) -> Tuple[bool, bool, bool]:
        a = [i for i in range(n)]
        b = [i for i in range(3)]
        return a == b, a != b, a == a.copy()

    @torch.jit.export
    def search(self, values: List[float], wanted: float) -> int:
        low, high = 0, len(values)
        while low < high:
            middle = (low + high) // 2
            if values[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    @torch.jit.export
    def get(self, values: List[int], index: int) -> int:
        return values[index]

    @torch.jit.export
    def set(self, values: List[int], index: int) -> List[int]:
        values[index] = 7
        return values

    @torch.jit.export
    def pop(self, values: List[int]) -> int:
        return values.pop()

    @torch.jit.export
    def unpack(self, values: List[int]) -> int:
        a, b = values
        return a - b

    @torch.jit.export
    def position(self, values: List[int], value: int) -> int:
        return values.index(value)

    @torch.jit.export
    def largest(self, values: List[int]) -> int:
        return max(values)

    @torch.jit.export
    def stepped(self, low: int, high: int, step: int) -> List[int]:
        return [i for i in range(low, high, step)]

    @torch.jit.export
    def zipped(self, a: List[int], b: List[float]) -> List[float]:
        return [float(i) + x * y for i, (x, y) in enumerate(zip(b, b[1:]))] + [float(x) for x in a]


CASES = {
    "squares": [(0,), (1,), (1000,)],
    "sieve": [(2,), (50,)],
    "collatz": [(1,), (27,)],
    "stack_machine": [([2, 3, -1, 4, -2],), ([1],)],
    "edits": [(4,), (12,)],
    "slices": [(0,), (3,), (10,)],
    "reductions": [(1,), (30,)],
    "aliases": [(1,), (4,)],
    "matrix": [(1,), (9,)],
    "compare": [(3,), (4,)],
    "search": [([], 1.0), ([0.5, 1.5, 2.5, 9.0], 2.0)],
    "get": [([1, 2, 3], -1), ([1, 2, 3], 0), ([1, 2, 3], 3), ([], 0), ([1], -2)],
    "set": [([1, 2, 3], -1), ([1, 2, 3], 5)],
    "pop": [([4, 5],), ([],)],
    "unpack": [([5, 3],), ([1, 2, 3],)],
    "position": [([5, 3], 3), ([1, 2, 3], 9)],
    "largest": [([5, 13, 2],), ([],)],
    "stepped": [(0, 10, 3), (10, 0, -4), (5, 5, 1), (0, 3, 0)],
    "zipped": [([1, 2], [0.5, 1.5, 2.5]), ([], [])],
}
