"""Wick runs TorchScript models as native code.

    import wick

    model = wick.compile("model.pt", inputs=(x,))   # or wick.load("model.wick")
    y = model(x)                                    # PyTorch in, PyTorch out; NumPy in, NumPy out
    model.save("model.wick")

Importing, loading and running need neither PyTorch nor NumPy; compiling runs the `wick` program.
"""

from __future__ import annotations

import os as _os

from ._compile import JitModule, compile
from ._errors import (
    ArgumentError,
    ArtifactError,
    CancelledError,
    CompileError,
    Error,
    Frame,
    OutOfMemoryError,
    TimeLimitError,
)
from ._values import Device, Object
from ._wick import Module, Session, Tensor, check
from ._wick import load as _load
from ._wick import version as __version__

__all__ = [
    "__version__",
    "ArgumentError",
    "ArtifactError",
    "CancelledError",
    "CompileError",
    "Device",
    "Error",
    "Frame",
    "JitModule",
    "Module",
    "Object",
    "OutOfMemoryError",
    "Session",
    "Tensor",
    "TimeLimitError",
    "check",
    "compile",
    "load",
]


def load(
    source,
    *,
    threads: int = 0,
    memory_limit: int = 0,
    time_limit: float = 0,
    isa: str | None = None,
    verify: bool = False,
) -> Module:
    """Loads a compiled model.

    Args:
        source: Path of an artifact, which is mapped and must not be changed in place afterwards; or its bytes, or a
            file to read them from.
        threads: Threads that one call may use; 0 for $WICK_NUM_THREADS or else the cores of this machine.
        memory_limit: Bytes that the calls together may hold at a time; 0 for no limit.
        time_limit: Seconds that one call may run; 0 for no limit.
        isa: Instruction set to take the code of, as "x86-64-v3"; the best that this machine has when None.
        verify: Whether to check the weights' checksums too, which reads the whole file.

    Raises:
        OSError: The file cannot be read.
        ArtifactError: It is no artifact, is damaged, or is for another version or machine.
    """
    if hasattr(source, "read"):
        source = source.read()
    elif isinstance(source, (str, _os.PathLike)):
        with open(source, "rb"):
            pass  # the operating system's error when it cannot be read
    return _load(source, threads=threads, memory_limit=memory_limit, time_limit=time_limit, isa=isa, verify=verify)
