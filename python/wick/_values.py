"""Values that models return and Python has no class for."""

from __future__ import annotations

import collections
import functools


@functools.lru_cache(maxsize=None)
def named_tuple(name: str, fields: tuple[str, ...]) -> type:
    """The class for a name and fields: the same one each time."""
    return collections.namedtuple(name, fields, rename=True)


class Device(str):
    """A device, which equals the string that names it; where PyTorch is imported models return torch.device instead."""

    __slots__ = ()

    @property
    def type(self) -> str:
        """The kind of device, as "cpu"."""
        return self.partition(":")[0]

    @property
    def index(self) -> int | None:
        """Which one of its kind."""
        index = self.partition(":")[2]
        return int(index) if index else None

    def __repr__(self) -> str:
        return f"wick.Device({str(self)!r})"
