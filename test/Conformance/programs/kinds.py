"""Types of values in generated programs. Scalars are the strings 'int', 'float', 'bool' and 'str'."""

from dataclasses import dataclass
from typing import Any

SCALARS = ("int", "float", "bool", "str")
DTYPES = {"f32": "torch.float32", "i64": "torch.int64", "bool": "torch.bool", "f64": "torch.float64"}


@dataclass(frozen=True)
class Tensor:
    """Sizes are integers, or names of sizes that differ from call to call."""

    dtype: str
    shape: tuple

    @property
    def fixed(self):
        return all(isinstance(size, int) for size in self.shape)


@dataclass(frozen=True)
class List:
    element: Any


@dataclass(frozen=True)
class Dict:
    key: str
    value: Any


@dataclass(frozen=True)
class Tuple:
    elements: tuple


@dataclass(frozen=True)
class Optional:
    of: Any


def annotation(kind):
    """As Python writes it."""
    if isinstance(kind, str):
        return kind
    if isinstance(kind, Tensor):
        return "Tensor"
    if isinstance(kind, List):
        return f"List[{annotation(kind.element)}]"
    if isinstance(kind, Dict):
        return f"Dict[{kind.key}, {annotation(kind.value)}]"
    if isinstance(kind, Tuple):
        return f"Tuple[{', '.join(map(annotation, kind.elements))}]"
    return f"Optional[{annotation(kind.of)}]"


def specification(kind):
    """As `wick compile --input` takes it."""
    if isinstance(kind, str):
        return kind
    if isinstance(kind, Tensor):
        return "x".join([*map(str, kind.shape), kind.dtype])
    if isinstance(kind, List):
        return f"[{specification(kind.element)}]"
    if isinstance(kind, Dict):
        return f"{{{kind.key}: {specification(kind.value)}}}"
    if isinstance(kind, Tuple):
        return f"({', '.join(map(specification, kind.elements))})"
    raise TypeError(f"no specification of {kind}")


def symbols(kind):
    """Names of sizes."""
    if isinstance(kind, Tensor):
        return {size for size in kind.shape if isinstance(size, str)}
    parts = {List: lambda: [kind.element], Dict: lambda: [kind.value], Tuple: lambda: kind.elements}
    parts[Optional] = lambda: [kind.of]
    return set() if isinstance(kind, str) else {name for part in parts[type(kind)]() for name in symbols(part)}
