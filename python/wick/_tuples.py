"""Classes of the named tuples that models return."""

from __future__ import annotations

import collections
import functools


@functools.lru_cache(maxsize=None)
def named_tuple(name: str, fields: tuple[str, ...]) -> type:
    """The class for a name and fields: the same one each time."""
    return collections.namedtuple(name, fields, rename=True)
