"""What the attributes of a model's objects hold, as far as compiled methods tell.

Methods are compiled one by one, when they are called, but what one stores in an attribute another finds there. The
manifest of a module says of what types its code relies on: those are told to the compiler of every later module, which
adds what its own methods store.
"""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = ("int", "float", "bool", "str", "complex", "Device", "Generator")


def _spec(described: dict[str, Any]) -> str:
    """The structure of values of a manifest's type, as the compiler takes it; `_` stands for what is not known."""
    kind = described["kind"]
    if kind == "Tensor":
        if "alternatives" in described:
            return "|".join(map(_spec, described["alternatives"]))
        if not _tells_tensors(described):
            return "_"
        sizes = [str(size) if isinstance(size, int) else "?" for size in described["dims"]]
        return "x".join([*sizes, described["dtype"]])
    inner = ", ".join(map(_spec, described.get("elements", ())))
    if "entries" in described and all('"' not in entry.get("key", "") for entry in described["entries"]):
        key = _spec(described["elements"][0])
        entries = (f"{_key(entry)}={_spec(entry['type'])}" for entry in described["entries"])
        return "{" + f"{key}: {', '.join(entries)}" + "}"
    return {
        "Optional": inner,
        "Tuple": f"({inner})",
        "List": f"[{inner}]",
        "Dict": "{" + inner.replace(", ", ": ", 1) + "}",
    }.get(kind, kind if kind in _PLAIN else "_")


def _key(entry: dict[str, Any]) -> str:
    return f'"{entry["key"]}"' if "key" in entry else "*"


def _unknown(spec: str) -> int:
    """How much of a structure is not known."""
    return re.sub(r'"[^"]*"', "", spec).count("_")


def _tells_tensors(described: dict[str, Any]) -> bool:
    """Whether a type is that of a tensor which is known, or holds one."""
    if described["kind"] == "Tensor":
        return "alternatives" in described or {"dtype", "dims"} <= described.keys()
    entries = (entry["type"] for entry in described.get("entries", ()))
    return any(map(_tells_tensors, (*described.get("elements", ()), *entries)))


def _classes_in(described: dict[str, Any]) -> set[str]:
    found = {described["class"]} if described["kind"] == "Object" else set()
    return found.union(*map(_classes_in, described.get("elements", ())))


def _slots(classes: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """What attributes with tensors hold, by class and name."""
    found = {}
    for cls in classes:
        for attribute in cls.get("attributes", ()):
            described = attribute.get("type")
            if described and _tells_tensors(described):
                found[cls["name"], attribute["name"]] = _spec(described)
    return found


class Held:
    """The types that attributes have in all modules so far."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def specs(self) -> list[str]:
        """What the compiler is told."""
        classes: dict[str, list[str]] = {}
        for (cls, name), spec in self._known.items():
            classes.setdefault(cls, []).append(f"{name}={spec}")
        return [f"@{cls}({', '.join(attributes)})" for cls, attributes in sorted(classes.items())]

    def add(self, manifest: str) -> bool:
        """Takes over what a module says that was told all that is known. True when some attribute holds more now."""
        described, before = json.loads(manifest), dict(self._known)
        if "state" in described:  # else objects live in one call
            for slot, spec in _slots(described.get("classes", ())).items():
                # What one module does not know of a slot another does, and so it stays.
                if _unknown(spec) <= _unknown(before.get(slot, spec)):
                    self._known[slot] = spec
        return self._known != before

    def fits(self, manifest: str) -> bool:
        """Whether a module's code takes all that the attributes it uses are known to hold."""
        described = json.loads(manifest)
        attributes = described.get("state", {}).get("attributes", ())
        used = {attribute["name"].rpartition(".")[2] for attribute in attributes}
        objects: set[str] = set()
        open_types = [attribute["type"] for attribute in attributes]
        by_name = {cls["name"]: cls for cls in described.get("classes", ())}
        while open_types:
            for name in _classes_in(open_types.pop()) - objects:
                objects.add(name)
                open_types += [a["type"] for a in by_name[name].get("attributes", ()) if "type" in a]
        own = _slots(described.get("classes", ()))
        return all(own.get(slot) == spec for slot, spec in self._known.items() if slot[0] in objects or slot[1] in used)
