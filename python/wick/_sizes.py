"""For which sizes of arguments code is made.

The first call of a method gets code for its sizes. Where one comes that differs in nothing else, what differs becomes a
size that code takes any number for: dims that were equal in both have one name, and so equal ones are known to be equal.
"""

from __future__ import annotations

import itertools
import re

# The dims of a tensor in a specification: numbers, names that `generalize` gives, and '?' in containers.
_DIMS = re.compile(
    r"(?<![\w?])((?:(?:\d+|s\d+|\?)x)+)(?=(?:f64|f32|f16|bf16|i64|i32|i16|i8|u8|i1|bool|c64|c128)(?!\w))"
)


def generalize(known: str, other: str) -> str | None:
    """Specifications for the sizes of both; None where they differ in more, or in nothing."""
    if _DIMS.sub("#", known) != _DIMS.sub("#", other):  # a tensor without dims has none here
        return None
    dims, others = _DIMS.findall(known), _DIMS.findall(other)
    names: dict[tuple[str, str], str] = {}

    def join(pair: tuple[str, str]) -> str:
        if "?" in pair:
            return "?"
        if pair[0] == pair[1] and not pair[0].startswith("s"):
            return pair[0]
        return names.setdefault(pair, f"s{len(names)}")

    joined = []
    for a, b in zip(dims, others):
        sizes, other_sizes = a.split("x")[:-1], b.split("x")[:-1]
        if len(sizes) != len(other_sizes):
            return None
        joined.append("".join(join(pair) + "x" for pair in zip(sizes, other_sizes)))
    parts = iter(joined)
    general = _DIMS.sub(lambda _: next(parts), known)
    return general if general != known else None


def widen(specs: str) -> str:
    """Specifications for sizes of which 0 and 1 are not known: what a program does for larger ones only may be where its
    types come from."""
    names = (f"s{i}" for i in itertools.count())

    def open_dims(match: re.Match[str]) -> str:
        return "".join((next(names) if size in ("0", "1") else size) + "x" for size in match[1].split("x")[:-1])

    return _DIMS.sub(open_dims, specs)


def matcher(specs: str) -> re.Pattern[str]:
    """What the specifications of calls look like that code for some others takes."""
    seen: set[str] = set()

    def dim(text: str) -> str:
        if text == "?":
            return r"(?:\d+|\?)"
        if not text.startswith("s"):
            return text
        if text in seen:
            return f"(?P={text})"
        seen.add(text)
        return rf"(?P<{text}>\d+)"

    pattern, end = "", 0
    for match in _DIMS.finditer(specs):
        pattern += re.escape(specs[end : match.start()])
        pattern += "".join(dim(size) + "x" for size in match[1].split("x")[:-1])
        end = match.end()
    return re.compile(pattern + re.escape(specs[end:]))
