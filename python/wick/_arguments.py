"""What a call's arguments must be: the declaration of its method, read when a call has failed.

A declaration is PyTorch's text for a method, `forward(__torch__.M self, Tensor x, int[] sizes, str s="a") -> Tensor`.
Calls that do not fit it raise what PyTorch raises, with the same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ._errors import ArgumentError

_OPENERS, _CLOSERS = "([<{", ")]>}"


class Type(NamedTuple):
    """A type of a declaration: `name` is List, Dict, Optional, Tuple or Union where there are `parts`."""

    name: str
    parts: tuple[Type, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(map(str, self.parts))}]" if self.parts else self.name


class Argument(NamedTuple):
    """An argument that a method declares."""

    name: str
    type: Type
    default: str | None  # as the declaration writes it


def _split(text: str) -> list[str]:
    """Splits at the commas that stand in no brackets and no string."""
    parts, depth, begin, i = [], 0, 0, 0
    while i < len(text):
        if text[i] in "\"'":
            quoted = re.compile(r"""(["'])(?:\\.|(?!\1).)*\1""", re.DOTALL).match(text, i)
            i = quoted.end() if quoted else len(text)
            continue
        depth += (text[i] in _OPENERS) - (text[i] in _CLOSERS)
        if text[i] == "," and depth == 0:
            parts.append(text[begin:i].strip())
            begin = i + 1
        i += 1
    last = text[begin:].strip()
    return [*parts, last] if last else parts


def _type_of(text: str) -> Type:
    if text.endswith("?"):
        return Type("Optional", (_type_of(text[:-1]),))
    if text.endswith("[]"):
        return Type("List", (_type_of(text[:-2]),))
    if text.endswith(")"):
        name, _, inner = text[:-1].partition("(")
        return Type(name or "Tuple", tuple(map(_type_of, _split(inner))))
    return Type(text)


def _arguments_of(declaration: str) -> list[Argument]:
    """The arguments after self."""
    inner = declaration[declaration.index("(") + 1 :]
    end, depth = 0, 1
    for part in re.finditer(r"""(["'])(?:\\.|(?!\1).)*\1|[([<{]|->|[)\]>}]""", inner, re.DOTALL):
        depth += (part.group() in _OPENERS) - (part.group() in _CLOSERS)
        if depth == 0:
            end = part.start()
            break
    arguments = []
    for text in _split(inner[:end])[1:]:
        match = re.match(r"(?s)(.*?[^\s,]) (\w+)(=.*)?$", text)
        if match:
            arguments.append(Argument(match[2], _type_of(match[1]), match[3] and match[3][1:]))
    return arguments


# --- whether a value is of a type, as PyTorch sees it; in doubt it is ----------------------------------------------


def _is_tensor(value: Any) -> bool:
    if hasattr(value, "__dlpack__") or hasattr(value, "__array_interface__"):
        return True
    try:
        return memoryview(value) is not None  # of any array
    except TypeError:
        return False


def _is_number(value: Any, method: str) -> bool:
    return not isinstance(value, (str, bytes)) and (_is_tensor(value) or hasattr(value, method))


def _is_int(value: Any) -> bool:
    return not isinstance(value, float) and (_is_number(value, "__index__") or type(value).__name__ == "dtype")


def _is_sequence(value: Any) -> bool:
    named = isinstance(value, (str, bytes, dict, set))
    return not named and (_is_tensor(value) or (hasattr(value, "__len__") and hasattr(value, "__getitem__")))


_CHECKS = {
    "Tensor": lambda value: value is None or _is_tensor(value),
    "int": _is_int,
    "float": lambda value: _is_int(value) or _is_number(value, "__float__"),
    "complex": lambda value: _is_int(value) or _is_number(value, "__float__") or _is_number(value, "__complex__"),
    "bool": lambda value: value is None or isinstance(value, (bool, int, float)) or _is_tensor(value),
    "str": lambda value: isinstance(value, (str, bytes)),
    "NoneType": lambda value: value is None,
    "Device": lambda value: isinstance(value, str) or type(value).__name__ == "device",
    "Generator": lambda value: type(value).__name__ == "Generator",
}


# The names of the attributes of classes, by the name of the class.
Classes = Mapping[str, Sequence[str]]


def _missing(value: Any, type: Type, classes: Classes) -> str | None:
    """The attribute that an object lacks to be one of a class."""
    return next((name for name in classes.get(type.name, ()) if not hasattr(value, name)), None)


def _fits(value: Any, type: Type, classes: Classes) -> bool:
    if type.name == "Optional":
        return value is None or _fits(value, type.parts[0], classes)
    if type.name == "Union":
        return any(_fits(value, part, classes) for part in type.parts)
    if type.name.startswith("Enum<"):
        return hasattr(value, "name") and hasattr(value, "value")
    if type.name in classes:
        return _missing(value, type, classes) is None
    if type.name == "List":
        if _is_tensor(value):
            return type.parts[0].name == "Optional"
        return _is_sequence(value) and all(_fits(item, type.parts[0], classes) for item in value)
    if type.name == "Tuple":
        if not _is_sequence(value) or _is_tensor(value):
            return False
        return len(value) == len(type.parts) and all(
            _fits(item, part, classes) for item, part in zip(value, type.parts)
        )
    if type.name == "Dict":
        if not hasattr(value, "items"):
            return False
        key_type, item_type = type.parts
        return all(_fits(key, key_type, classes) and _fits(item, item_type, classes) for key, item in value.items())
    check = _CHECKS.get(type.name)
    return check is None or check(value)


def _kind_of(value: Any) -> str:
    name = type(value).__name__
    fields = getattr(type(value), "_fields", None)
    return f"{name} (aka NamedTuple({', '.join(fields)}))" if isinstance(value, tuple) and fields else name


def check(declaration: str, args: Sequence[Any], kwargs: dict[str, Any], classes: Classes) -> None:
    """Raises what PyTorch raises for arguments that do not fit a declaration; returns when they fit."""
    method = declaration.partition("(")[0]
    declared = _arguments_of(declaration)
    end = f"Declaration: {declaration}"
    count = len(args) + len(kwargs)
    if count > len(declared):
        raise ArgumentError(
            f"{method}() expected at most {len(declared) + 1} argument(s) but received {count + 1} argument(s). {end}"
        )
    unknown = dict(kwargs)
    for position, argument in enumerate(declared):
        if position < len(args):
            value = args[position]
        elif argument.name in unknown:
            value = unknown.pop(argument.name)
        elif argument.default is not None:
            continue
        else:
            raise ArgumentError(f"{method}() is missing value for argument '{argument.name}'. {end}")
        if not _fits(value, argument.type, classes):
            missing = _missing(value, argument.type, classes)
            cast = f"Cast error details: Tried to cast object to type {argument.type} but object was missing attribute"
            raise ArgumentError(
                f"{method}() Expected a value of type '{argument.type}' for argument '{argument.name}' but instead "
                f"found type '{_kind_of(value)}'.\nPosition: {position + 1}\nValue: {value!r}\n{end}"
                + (f"\n{cast} {missing}" if missing else "")
            )
    for name in unknown:
        if any(argument.name == name for argument in declared):
            raise ArgumentError(
                f"Argument '{name}' specified both as positional and keyword argument. Schema: {declaration}"
            )
        raise ArgumentError(f"Unknown keyword argument '{name}' for operator '{method}'. Schema: {declaration}")


def left_out(declaration: str, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, str]:
    """The numbers and Nones that a call's other arguments are by default, by name, as the compiler takes them."""
    others = [argument for argument in _arguments_of(declaration)[len(args) :] if argument.name not in kwargs]
    named = {"None": "none", "True": "true", "False": "false"}
    values = {argument.name: named.get(argument.default, argument.default) for argument in others if argument.default}
    number = re.compile(r"none|true|false|-?\d+(\.\d*)?")
    return {name: value for name, value in values.items() if number.fullmatch(value)}


def explain(manifest: str, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
    """As `check`, with the declaration that an artifact has of a method, if any."""
    described = json.loads(manifest)
    classes = {
        known["name"]: [attribute["name"] for attribute in known["attributes"]]
        for known in described.get("classes", ())
        if "attributes" in known
    }
    for known in described["methods"]:
        if known["name"] == method and "declaration" in known:
            check(known["declaration"], args, kwargs, classes)
