"""Arguments that a call leaves out: defaults of each type that TorchScript lets a method declare."""

import enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor


class Side(enum.Enum):
    LEFT = 1
    RIGHT = 2


class Spot(NamedTuple):
    row: int
    weight: float


CPU = torch.device("cpu")
SPOT = Spot(1, 2.0)
COUNTS = torch.arange(3)


class Defaults(torch.nn.Module):
    @torch.jit.export
    def numbers(
        self,
        n: int = 3,
        f: float = float("-inf"),
        whole: float = 2,
        flag: bool = True,
        z: complex = 1 + 2j,
        text: str = 'a "b"\n',
    ) -> Tuple[int, float, float, bool, complex, str]:
        return n, f, whole, flag, z, text

    @torch.jit.export
    def after(self, rows: Optional[List[str]], at: Tuple[int, int] = (4, 5)) -> Tuple[int, int]:
        return at

    @torch.jit.export
    def tuples(
        self,
        nested: Tuple[int, Tuple[str, Tuple[float, complex]]] = (1, ("a", (2.0, 1j))),
        members: Tuple[Side, torch.device, Optional[str]] = (Side.RIGHT, CPU, None),
        spot: Spot = SPOT,
        one: Tuple[bool] = (True,),
    ) -> Tuple[Tuple[int, Tuple[str, Tuple[float, complex]]], Tuple[Side, torch.device, Optional[str]], Spot, bool]:
        return nested, members, spot, one[0]

    @torch.jit.export
    def optionals(
        self,
        pair: Optional[Tuple[int, Optional[Spot]]] = (1, SPOT),
        number: Optional[float] = 1.5,
        whole: Optional[float] = 2,
        sides: Optional[List[Side]] = None,
        table: Optional[Dict[str, Tensor]] = None,
        side: Optional[Side] = Side.LEFT,
        dtype: Optional[int] = torch.float64,
    ) -> Tuple[
        Optional[Tuple[int, Optional[Spot]]], Optional[float], Optional[float], bool, Optional[Side], Optional[int]
    ]:
        return pair, number, whole, sides is None and table is None, side, dtype

    @torch.jit.export
    def unions(
        self,
        first: Union[float, int, str] = 1,
        second: Union[int, float] = 2.0,
        third: Union[int, str] = "3",
        anything: Any = (1, 2.0, ("x", None, True)),
        number: Any = 2.0,
        absent: Optional[Union[str, List[int]]] = None,
    ) -> Tuple[Union[float, int, str], Union[int, float], Union[int, str], Any, Any, bool]:
        return first, second, third, anything, number, absent is None

    @torch.jit.export
    def others(self, device: torch.device = CPU, side: Side = Side.RIGHT) -> Tuple[torch.device, int]:
        return device, side.value

    @torch.jit.export
    def members(self, side: Any = Side.RIGHT, sides: Any = (Side.LEFT, 1)) -> Tuple[Any, Any, int]:
        return side, sides, side.value if isinstance(side, Side) else 0

    @torch.jit.export
    def tensor(self, x: Tensor = COUNTS) -> Tensor:
        return x + 1


METHODS = ("numbers", "tuples", "optionals", "unions", "others", "members", "tensor")
JUST_IN_TIME = True
CASES = {name: [()] for name in METHODS} | {
    "after": [(None,), (["a"], (1, 2))],
    "members": [(), (1.5,), (2, "a")],
    "unions": [(), ("a", 3, 4, "b", 1j, [1]), (2.0, 1.5, "c", None, None, "d")],
}
