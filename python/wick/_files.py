"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile


def write(path, data) -> None:
    """Writes bytes to a file, which appears when they are all there; other processes see the old one until then."""
    path = os.fspath(path)
    directory = os.path.dirname(path) or "."
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".wick-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
