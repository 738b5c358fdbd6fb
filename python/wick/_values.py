"""Values that models return and Python has no class for, and the classes that it has."""

from __future__ import annotations

import collections
import enum
import functools
import sys
import types
from typing import Any


@functools.lru_cache(maxsize=None)
def named_tuple(name: str, fields: tuple[str, ...]) -> type:
    """The class for a name and fields: the same one each time."""
    return collections.namedtuple(name, fields, rename=True)


@functools.lru_cache(maxsize=None)
def _place_of(qualified: str) -> tuple[str, str]:
    """Module and name of the class that TorchScript knows by a qualified name."""
    parts = [part for part in qualified.split(".") if not part.startswith("___torch_mangle_")]
    if parts[0] == "__torch__":
        del parts[0]
    return ".".join(parts[:-1]) or "__main__", parts[-1]


def corresponds(cls: type, qualified: str) -> bool:
    """Whether a class of Python's is the one that TorchScript knows by a qualified name."""
    return (cls.__module__, cls.__name__) == _place_of(qualified) or getattr(cls, "_wick_name", None) == qualified


def _find_class(qualified: str) -> type | None:
    """The class of Python's, among those that PyTorch compiled and in modules that are imported."""
    torch = sys.modules.get("torch")
    state = getattr(getattr(torch, "jit", None), "_state", None)
    found = state._get_python_class(qualified) if hasattr(state, "_get_python_class") else None
    if found is None:
        module, name = _place_of(qualified)
        found = getattr(sys.modules.get(module), name, None)
        if getattr(found, "__module__", None) != module:  # which only uses it under that name
            found = None
    return found if isinstance(found, type) else None


def class_name(value: Any) -> str:
    """The name of an object's class, without its module."""
    script = getattr(value, "_c", value)
    return script._type().name() if type(script).__name__ == "ScriptObject" else type(value).__name__


def _is_held(name: str, own: Any) -> bool:
    """Whether what a class holds under a name is an attribute of its objects rather than of the class."""
    if isinstance(own, types.MemberDescriptorType):
        return True
    return not name.startswith("__") and not callable(own) and not hasattr(own, "__get__")


def attributes_of(value: Any) -> list[str] | None:
    """The names of an object's attributes, as far as its class has the program know them; None where it is no object."""
    script = getattr(value, "_c", value)
    if type(script).__name__ != "ScriptObject":
        if not hasattr(value, "__dict__") and not hasattr(value, "__slots__"):
            return None
        held = {name for cls in type(value).__mro__ for name, own in vars(cls).items() if _is_held(name, own)}
        names = [*getattr(value, "__dict__", ()), *sorted(held)]
        return [name for name in dict.fromkeys(names) if name.isidentifier() and hasattr(value, name)]
    # Classes of TorchScript have the attributes that their constructors store.
    nodes = script._get_method("__init__").graph.findAllNodes("prim::SetAttr")
    return list(dict.fromkeys(node.s("name") for node in nodes))


class Object:
    """An object of a class that this process has not: its attributes, and equal to itself alone.

    Each class has a subclass of its own, whose name it bears.
    """

    _wick_name = ""

    def __repr__(self) -> str:
        attributes = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({attributes})"

    def __reduce__(self) -> tuple:
        return new_object, (self._wick_name, True), vars(self)


@functools.lru_cache(maxsize=None)
def _object_class(qualified: str) -> type:
    module, name = _place_of(qualified)
    return type(name, (Object,), {"_wick_name": qualified, "__module__": module})


def new_object(qualified: str, made: bool = False) -> Any:
    """An object without attributes of the class with a name; `made`: of a subclass of Object whatever there is."""
    found = None if made else _find_class(qualified)
    # Modules of PyTorch's are more than their attributes.
    if found is None or hasattr(found, "named_parameters"):
        found = _object_class(qualified)
    return found.__new__(found)


@functools.lru_cache(maxsize=None)
def _enum_class(qualified: str, members: tuple[tuple[str, Any], ...]) -> type:
    module, name = _place_of(qualified)
    cls = enum.Enum(name, members, module=module)
    cls._wick_name = qualified
    return cls


def enum_member(qualified: str, name: str, members: tuple[tuple[str, Any], ...]) -> Any:
    """The member with a name, of the class of Python's when it has these members, else of one that is made."""
    found = _find_class(qualified)
    if found is None or not issubclass(found, enum.Enum):
        return _enum_class(qualified, members)[name]
    known = found.__members__
    fits = len(known) == len(members) and all(key in known and known[key].value == value for key, value in members)
    return (found if fits else _enum_class(qualified, members))[name]


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
