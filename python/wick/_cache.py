"""The cache of compiled models on disk.

It is the directory `$WICK_CACHE`, or `wick` in `$XDG_CACHE_HOME` or `~/.cache`; `WICK_CACHE=off` turns it off. A file
`<key>.wick` is an artifact. The key is a hash of the archive's bytes, the signature, the compiler and the features of
the processor, so a file never becomes wrong, only unused. When all files together exceed `$WICK_CACHE_SIZE` bytes
(default: 4 GiB), those unused for longest are deleted. Any number of processes may use one cache: files appear whole,
and a lock for each key makes others wait for one compilation instead of repeating it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

DEFAULT_LIMIT = 4 << 30


def directory() -> Path | None:
    """Where the cache is; None when it is turned off. Exists on return."""
    chosen = os.environ.get("WICK_CACHE")
    if chosen is not None and chosen.lower() in ("", "0", "off", "none"):
        return None
    if chosen:
        path = Path(chosen)
    else:
        path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wick"
    path.mkdir(parents=True, exist_ok=True)
    return path


def limit() -> int:
    """Bytes that the cache may hold."""
    text = os.environ.get("WICK_CACHE_SIZE", "")
    return int(text) if text.isdigit() else DEFAULT_LIMIT


def key(*parts: object) -> str:
    """A file name for what depends on the parts, which are bytes or have an exact repr."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, (bytes, memoryview)) else repr(part).encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()[:40]


@contextlib.contextmanager
def locked(cache: Path, name: str) -> Iterator[None]:
    """Holds the lock of a key among all processes."""
    path = cache / f"{name}.lock"
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Another process may have deleted the file while this one waited; then the lock is on nothing.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.stat(path)):
                    break
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        os.close(handle)


def touch(path: Path) -> None:
    """Notes that a file was used."""
    with contextlib.suppress(OSError):
        os.utime(path)


def trim(cache: Path, keep: Path) -> None:
    """Deletes the files unused for longest until the limit holds, but never `keep`."""
    files = []
    for path in cache.glob("*.wick"):
        with contextlib.suppress(FileNotFoundError):
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    excess = sum(size for _, size, _ in files) - limit()
    for _, size, path in sorted(files):
        if excess <= 0:
            break
        if path != keep:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()  # who has it mapped keeps it
            excess -= size
