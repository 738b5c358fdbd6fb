"""Exceptions of Wick."""

from __future__ import annotations

import builtins
import re
from typing import NamedTuple

__all__ = [
    "ArgumentError",
    "ArtifactError",
    "CancelledError",
    "CompileError",
    "Error",
    "Frame",
    "OutOfMemoryError",
    "TimeLimitError",
]


class Frame(NamedTuple):
    """A place in the user's Python: lines and columns count from 1; function and source are "" when unknown."""

    file: str
    line: int
    column: int
    function: str
    source: str


class Error(RuntimeError):
    """A model failed.

    When the program raised an exception, `class_name` is the name of its class, and if that is a class of
    Python's own, the error is an instance of it too: `except ValueError` catches a model's ValueError.
    `frames` are the calls in the model's source that led to the place where it happened, which is the last; empty
    when that is unknown. Python prints them below the message.
    """

    class_name: str = ""
    frames: tuple[Frame, ...] = ()

    @property
    def location(self) -> Frame | None:
        """Where it happened: the last frame."""
        return self.frames[-1] if self.frames else None


class ArgumentError(Error, TypeError, ValueError):
    """A call does not fit the signature; the message names the argument, what is expected and what was given."""


class OutOfMemoryError(Error, MemoryError):
    """Memory is exhausted, or the limit of a session is reached."""


class CancelledError(Error):
    """The call was cancelled."""


class TimeLimitError(Error, TimeoutError):
    """The call ran for longer than its session allows."""


class ArtifactError(Error):
    """A file is no artifact, is damaged, or of another version or machine."""


class CompileError(Error):
    """A model does not compile; the message is what the compiler says."""


# Of wick_status.
_CLASSES = {
    3: ArgumentError,
    4: OutOfMemoryError,
    5: ArtifactError,
    6: CancelledError,
    7: ArtifactError,
    8: TimeLimitError,
}
_raised: dict[str, type] = {"": Error}


def _raised_class(name: str) -> type:
    """Error, and the exception of Python that the program raised if it is one."""
    if name not in _raised:
        base = getattr(builtins, name.removeprefix("builtins."), None)
        known = isinstance(base, type) and issubclass(base, Exception) and not issubclass(Error, base)
        made = Error
        if known:
            try:
                made = type(
                    base.__name__, (Error, base), {"__module__": "wick", "__doc__": f"{name} raised by a model."}
                )
            except TypeError:  # the layouts do not fit
                pass
        _raised[name] = made
    return _raised[name]


# PyTorch names types of tensors in Python's way in all errors but those that a program raises: with a class, whose name
# is qualified then, or by an assertion.
_TYPES = re.compile("(Sparse)?(CPU|CUDA)(Byte|Char|Double|Float|Int|Long|Short|Half)Type")


def _python_type(name: re.Match[str]) -> str:
    sparse, device, dtype = name.groups()
    return f"torch.{'cuda.' * (device == 'CUDA')}{'sparse.' * bool(sparse)}{dtype}Tensor"


def make(status: int, message: str, cls: str, frames: list[tuple[str, int, int, str, str]], traceback: str) -> Error:
    """The exception for an error of the runtime."""
    error = _CLASSES.get(status, None) or _raised_class(cls)
    if "." not in cls and not message.startswith("AssertionError"):
        message = _TYPES.sub(_python_type, message)
    exception = error(message)
    exception.class_name = cls
    exception.frames = tuple(Frame(*frame) for frame in frames)
    if frames and hasattr(exception, "add_note"):
        exception.add_note(traceback)
    return exception
