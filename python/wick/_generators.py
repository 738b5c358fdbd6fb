"""torch.Generator, whose state programs take and leave. Wick itself knows generators by the words of their engine."""

from __future__ import annotations

import struct
import sys
from typing import Any

_WORDS = 624
# wick_random: words, how many of them are used, seed, the second of a pair of normal numbers and whether there is one.
_RANDOM = struct.Struct(f"={_WORDS}II4xQdi4x")
# The state of LibTorch's generator for the CPU: seed, words left, whether it is seeded, words used, words, three normal
# numbers of which the second is the one that waits, whether it does, and the same of float32.
_STATE = struct.Struct(f"=Qii Q{_WORDS}Q 3d i4x f?3x")


def pack(generator: Any) -> bytes:
    """The state of a torch.Generator for the CPU as a wick_random."""
    state = generator.get_state().numpy().tobytes() if generator.device.type == "cpu" else b""
    if len(state) != _STATE.size:
        raise TypeError(f"cannot read the state of a generator for device '{generator.device}'")
    seed, left, _, _, *words, _, waiting, _, has_waiting, _, _ = _STATE.unpack(state)
    return _RANDOM.pack(*words, _WORDS + 1 - left, seed, waiting, has_waiting)


def unpack(generator: Any | None, packed: bytes) -> Any:
    """Brings a torch.Generator, or a new one, to the state of a wick_random."""
    torch = sys.modules.get("torch")
    if torch is None:
        raise TypeError("the method returned a generator, which is given as torch.Generator: import torch first")
    *words, used, seed, waiting, has_waiting = _RANDOM.unpack(packed)
    state = _STATE.pack(seed, _WORDS + 1 - used, 1, used, *words, 0.0, waiting, 0.0, has_waiting, 0.0, False)
    generator = torch.Generator() if generator is None else generator
    generator.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
    return generator
