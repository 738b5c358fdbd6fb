"""Programs on strings: methods, formatting, and conversions."""

from typing import Dict, List, Optional, Tuple

import torch


class Strings(torch.nn.Module):
    @torch.jit.export
    def tokens(self, text: str) -> List[str]:
        words: List[str] = []
        for word in text.lower().split():
            stripped = word.strip(".,;!?")
            if len(stripped) > 0:
                words.append(stripped)
        return words

    @torch.jit.export
    def pieces(self, text: str, separator: str) -> Tuple[List[str], List[str], Tuple[str, str, str], List[str]]:
        return text.split(separator), text.rsplit(separator, 1), text.partition(separator), text.splitlines(True)

    @torch.jit.export
    def widths(self, text: str) -> List[List[int]]:
        """Of words and lines in bytes, of which characters may be split."""
        parts = [text.split(), text.split(None, 1), text.rsplit(), text.splitlines()]
        return [[len(part) for part in some] for some in parts]

    @torch.jit.export
    def cases(self, text: str) -> List[str]:
        return [text.upper(), text.lower(), text.title(), text.capitalize(), text.swapcase()]

    @torch.jit.export
    def tests(self, text: str) -> List[bool]:
        return [text.isupper(), text.islower(), text.isdigit(), text.isalpha(), text.isalnum(), text.isspace(),
                text.istitle(), text.isidentifier(), text.isprintable(), text.startswith("a"), text.endswith("b")]  # fmt: skip

    @torch.jit.export
    def find(self, text: str, part: str) -> List[int]:
        return [text.find(part), text.rfind(part), text.count(part), text.find(part, 1), text.find(part, 0, 3)]

    @torch.jit.export
    def pads(self, text: str, width: int) -> List[str]:
        return [
            text.center(width),
            text.ljust(width, "*"),
            text.rjust(width, "."),
            text.zfill(width),
            text.expandtabs(width),
        ]

    @torch.jit.export
    def slices(self, text: str) -> List[str]:
        return [text[1:], text[:-1], text[::2], text[5:], text[-2:100]]

    @torch.jit.export
    def join(self, parts: List[str], separator: str) -> str:
        return separator.join(parts) + "!"

    @torch.jit.export
    def replace(self, text: str) -> str:
        return text.replace("a", "bb").replace("b", "c", 2)

    @torch.jit.export
    def form(self, name: str, n: int, x: float, flag: bool, values: List[float], other: Optional[int]) -> List[str]:
        return [
            "{} is {}".format(name, n),
            f"{x} {flag} {values}",
            "%s %d %f" % (name, n, x),
            str(x),
            str(values),
            f"{other}",
        ]

    @torch.jit.export
    def numbers(self, text: str) -> Tuple[int, float]:
        return int(text), float(text)

    @torch.jit.export
    def letters(self, text: str) -> Tuple[List[int], str]:
        codes = [ord(c) for c in text]
        out = ""
        for code in codes:
            out += chr((code + 1) % 128)
        return codes, out

    @torch.jit.export
    def item(self, text: str, index: int) -> str:
        return text[index]

    @torch.jit.export
    def caesar(self, text: str, shift: int) -> str:
        out: List[str] = []
        for letter in text:
            if letter.isalpha() and letter.islower():
                out.append(chr((ord(letter) - 97 + shift) % 26 + 97))
            else:
                out.append(letter)
        return "".join(out)

    @torch.jit.export
    def compare(self, a: str, b: str) -> List[bool]:
        return [a == b, a != b, a < b, a >= b, a in [b, "x"]]

    @torch.jit.export
    def count(self, words: List[str]) -> Dict[str, int]:
        counts: Dict[str, int] = {}
        for word in words:
            if word in counts:
                counts[word] += 1
            else:
                counts[word] = 1
        return counts

    @torch.jit.export
    def fail(self, n: int) -> int:
        if n > 3:
            raise ValueError(f"{n} is more than {3}")
        assert n >= 0, "negative: {}".format(n)
        return n


CASES = {
    "tokens": [("The quick, brown fox. Jumps!",), ("",), (" ; ",)],
    "pieces": [("a=b=c\r\nd", "="), ("abc", "="), ("", "x"), ("a", "")],
    "widths": [(" a b  c ",), ("caf\u00e9 \u00e0 la\u2028cr\u00e8me\x85\tet\x1fal",), ("",), ("\u2029\n",)],
    "cases": [("hello World 2x",), ("",), ("h\u00e9",)],
    "tests": [("abc",), ("ABC",), ("Ab1",), ("12",), ("  ",), ("",), ("a_1",), ("Hello World",), ("ab\n",)],
    "find": [("hello", "l"), ("hello", "z"), ("aaa", "aa")],
    "pads": [("ab", 7), ("abc", 2), ("-5", 5), ("+12", 6), ("a\tb\n\tc", 4)],
    "slices": [("hello",), ("",), ("a",)],
    "join": [(["a", "b", "c"], ", "), ([], "x"), (["one"], "-")],
    "replace": [("banana",), ("",)],
    "form": [("x", 3, 0.1, True, [1.0, 2.5], None), ("", -1, 1e20, False, [], 7)],
    "numbers": [("12",), ("12x",), ("",), ("-7",)],
    "letters": [("abc",), ("",)],
    "item": [("abc", 0), ("abc", -1), ("abc", 5), ("", 0)],
    "caesar": [("hello, world", 3), ("xyz", 30)],
    "compare": [("a", "b"), ("x", "x"), ("b", "abc")],
    "count": [(["a", "b", "a", "c", "b", "a"],), ([],)],
    "fail": [(1,), (7,), (-2,)],
}
